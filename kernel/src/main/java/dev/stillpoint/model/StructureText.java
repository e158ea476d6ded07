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
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The structure of a rewritten model in words.
final class StructureText {
    /// Blocks that are described one by one.
    private static final int MOST_BLOCKS = 8;

    private StructureText() {}

    /// A number and what it counts.
    static String count(long number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }

    /// Sentences about a block triangular `A`, block by block where there are few that are not dense.
    ///
    /// @param explicit how many blocks are evaluated
    /// @param permuted whether states changed places
    static List<String> ofBlocks(BlockTriangularOperator triangular, int explicit, boolean permuted) {
        List<String> sentences = new ArrayList<>();
        int blocks = triangular.blocks();
        sentences.add(
                blocks == 1
                        ? "A is zero among the states that are needed: they are evaluated, not solved"
                        : "A is block triangular%s: %d blocks, %d of them explicit"
                                .formatted(permuted ? " under a permutation" : "", blocks, explicit));
        Map<String, Integer> off = new TreeMap<>();
        List<String> diagonal = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            LinearOperator block = triangular.block(i, i);
            if (block != null && !(block instanceof DenseOperator)) {
                diagonal.add("block %d (%s) is %s"
                        .formatted(i + 1, count(triangular.size(i), "state", "states"), form(block)));
            }
            for (int j = i + 1; j < blocks; j++) {
                LinearOperator other = triangular.block(i, j);
                if (other != null) {
                    off.merge(kind(other), 1, Integer::sum);
                }
            }
        }
        diagonal.stream().limit(MOST_BLOCKS).forEach(sentences::add);
        if (diagonal.size() > MOST_BLOCKS) {
            sentences.add(count(diagonal.size() - MOST_BLOCKS, "more block is", "more blocks are")
                    + " not stored as a dense matrix");
        }
        if (!off.isEmpty()) {
            List<String> parts = new ArrayList<>();
            off.forEach((kind, number) -> parts.add(number + " " + kind));
            sentences.add("blocks off the diagonal: " + String.join(", ", parts));
        }
        return sentences;
    }

    /// What an operator is stored as, and why.
    static String form(LinearOperator operator) {
        return switch (operator) {
            case SparseOperator sparse -> percent(sparse) + " % dense: sparse";
            case DiagonalOperator _ -> "diagonal";
            case LowRankOperator lowRank -> "of rank " + lowRank.rank() + ": two factors";
            case ProductOperator(var factors) -> "cheapest as a product of " + factors.size() + " factors";
            case SumOperator(var terms) -> "a sum of " + terms.size() + " terms";
            case DenseOperator _, ConvolutionOperator _, BlockOperator _, BlockTriangularOperator _ -> kind(operator);
        };
    }

    private static String percent(SparseOperator sparse) {
        double entries = Math.max(1, (double) sparse.rows() * sparse.columns());
        return new BigDecimal(100.0 * sparse.entries() / entries)
                .round(new MathContext(2))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String kind(LinearOperator operator) {
        return switch (operator) {
            case DenseOperator _ -> "dense";
            case SparseOperator _ -> "sparse";
            case DiagonalOperator _ -> "diagonal";
            case LowRankOperator _ -> "of low rank";
            case ProductOperator _ -> "as products";
            case SumOperator _ -> "as sums";
            case ConvolutionOperator _ -> "a convolution";
            case BlockOperator _ -> "as blocks";
            case BlockTriangularOperator _ -> "block triangular";
        };
    }
}
