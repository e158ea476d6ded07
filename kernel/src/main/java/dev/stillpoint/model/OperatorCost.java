package dev.stillpoint.model;

import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.operator.SumOperator;

/// What products with an operator cost, in operations of a dense product: those run at about 95 % of the peak
/// rate of the machine, products with entries that are gathered at about a quarter of it, less the indices that
/// they read.
final class OperatorCost {
    /// The density below which stored entries are cheaper than a dense matrix; an operation on a stored entry costs
    /// its inverse.
    static final double SPARSE_DENSITY = 0.2;

    /// Iterations that a solve is taken to have, when work done once a solve is compared with work done in each.
    static final double ITERATIONS = 20;

    private OperatorCost() {}

    /// Dense `rows` by `columns`.
    static double dense(long rows, long columns) {
        return 2.0 * rows * columns;
    }

    /// So many stored entries.
    static double sparse(long entries) {
        return 2.0 * entries / SPARSE_DENSITY;
    }

    /// One product.
    static double of(LinearOperator operator) {
        return switch (operator) {
            case DenseOperator _, LowRankOperator _, ConvolutionOperator _ -> operator.flops();
            case SparseOperator sparse -> sparse(sparse.entries());
            case DiagonalOperator _ -> sparse(operator.rows());
            case ProductOperator(var factors) ->
                factors.stream().mapToDouble(OperatorCost::of).sum();
            case SumOperator(var terms) ->
                terms.stream().mapToDouble(OperatorCost::of).sum();
            case BlockTriangularOperator triangular -> of(triangular.toBlocks());
            case BlockOperator blocks -> blocks(blocks, 1);
        };
    }

    /// A solve with `A`: a block triangular one is solved block after block, with what is off the diagonal used
    /// once, and every other in whole in each iteration.
    static double ofSolve(LinearOperator a) {
        return a instanceof BlockTriangularOperator triangular
                ? blocks(triangular.toBlocks(), ITERATIONS)
                : ITERATIONS * of(a);
    }

    /// All blocks, those on the diagonal so many times.
    private static double blocks(BlockOperator operator, double iterations) {
        double cost = 0;
        for (int i = 0; i < operator.blockRows(); i++) {
            for (int j = 0; j < operator.blockColumns(); j++) {
                LinearOperator block = operator.block(i, j);
                if (block != null) {
                    cost += (i == j ? iterations : 1) * of(block);
                }
            }
        }
        return cost;
    }
}
