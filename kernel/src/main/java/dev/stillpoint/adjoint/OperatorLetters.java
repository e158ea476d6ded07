package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The letters of an operator: the matrices of numbers that it is made of, which training changes, apart from the
/// structure that it keeps.
///
/// | operator | letters, in this order |
/// | --- | --- |
/// | dense | the matrix |
/// | sparse | the values of the stored entries, `(1, entries)` |
/// | diagonal | the diagonal, `(1, n)` |
/// | low rank `LR'` | `L`, then `R` |
/// | convolution | the weights |
/// | product, sum | those of `F_1`, of `F_2`, and so on |
/// | blocks, block triangular | those of the blocks that are present, row after row |
/// |
///
/// An operator that occurs twice has its letters twice: what ties the two together is up to the caller.
///
/// Letters are immutable and shared with the operator; nothing is computed.
public final class OperatorLetters {
    private OperatorLetters() {}

    /// The letters of an operator, in the precision that each is stored in.
    public static List<Matrix> of(LinearOperator operator) {
        List<Matrix> letters = new ArrayList<>();
        collect(operator, letters);
        return List.copyOf(letters);
    }

    private static void collect(LinearOperator operator, List<Matrix> letters) {
        switch (operator) {
            case DenseOperator(Matrix matrix) -> letters.add(matrix);
            case SparseOperator sparse -> letters.add(sparse.values());
            case DiagonalOperator(Matrix diagonal) -> letters.add(diagonal);
            case LowRankOperator(Matrix left, Matrix right) -> {
                letters.add(left);
                letters.add(right);
            }
            case ConvolutionOperator convolution -> letters.add(convolution.weights());
            case ProductOperator(var factors) -> factors.forEach(factor -> collect(factor, letters));
            case SumOperator(var terms) -> terms.forEach(term -> collect(term, letters));
            case BlockTriangularOperator triangle -> collect(triangle.toBlocks(), letters);
            case BlockOperator blocks -> {
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        LinearOperator block = blocks.block(i, j);
                        if (block != null) {
                            collect(block, letters);
                        }
                    }
                }
            }
        }
    }

    /// An operator of the same structure with other letters: the same kinds, shapes, and pattern of stored entries.
    ///
    /// @param letters as many as [#of] returns, each of the same shape, in either precision; each is kept as it is
    ///     when immutable, else copied
    /// @throws ShapeException when their number or a shape differs
    /// @throws IllegalArgumentException when a value is not finite
    public static LinearOperator replace(LinearOperator operator, List<Matrix> letters) {
        List<Matrix> before = of(operator);
        if (letters.size() != before.size()) {
            throw new ShapeException("%d letters, expected the %d of %s"
                    .formatted(
                            letters.size(), before.size(), operator.getClass().getSimpleName()));
        }
        for (int l = 0; l < before.size(); l++) {
            ShapeException.check(
                    "letter " + l,
                    letters.get(l),
                    before.get(l).rows(),
                    before.get(l).columns());
        }
        return rebuilt(operator, letters.iterator());
    }

    private static LinearOperator rebuilt(LinearOperator operator, Iterator<Matrix> letters) {
        return switch (operator) {
            case DenseOperator _ -> LinearOperator.dense(letters.next());
            case SparseOperator sparse ->
                LinearOperator.sparse(
                        sparse.rows(), sparse.columns(), sparse.rowStarts(), sparse.columnIndices(), letters.next());
            case DiagonalOperator _ -> LinearOperator.diagonal(letters.next());
            case LowRankOperator _ -> {
                Matrix left = letters.next();
                yield LinearOperator.lowRank(left, letters.next());
            }
            case ConvolutionOperator convolution ->
                LinearOperator.convolution(
                        convolution.input(),
                        letters.next(),
                        convolution.kernelHeight(),
                        convolution.kernelWidth(),
                        convolution.stride(),
                        convolution.padding(),
                        convolution.groups());
            case ProductOperator(var factors) -> new ProductOperator(rebuilt(factors, letters));
            case SumOperator(var terms) -> new SumOperator(rebuilt(terms, letters));
            case BlockTriangularOperator triangle ->
                LinearOperator.blockTriangular(triangle.sizes(), grid(triangle.toBlocks(), letters));
            case BlockOperator blocks -> {
                int[] rowSizes = new int[blocks.blockRows()];
                int[] columnSizes = new int[blocks.blockColumns()];
                for (int i = 0; i < rowSizes.length; i++) {
                    rowSizes[i] = blocks.rowSize(i);
                }
                for (int j = 0; j < columnSizes.length; j++) {
                    columnSizes[j] = blocks.columnSize(j);
                }
                yield LinearOperator.blocks(rowSizes, columnSizes, grid(blocks, letters));
            }
        };
    }

    private static List<LinearOperator> rebuilt(List<LinearOperator> operators, Iterator<Matrix> letters) {
        List<LinearOperator> others = new ArrayList<>();
        for (LinearOperator operator : operators) {
            others.add(rebuilt(operator, letters));
        }
        return others;
    }

    private static @Nullable LinearOperator[][] grid(BlockOperator blocks, Iterator<Matrix> letters) {
        @Nullable LinearOperator[][] grid = new @Nullable LinearOperator[blocks.blockRows()][blocks.blockColumns()];
        for (int i = 0; i < blocks.blockRows(); i++) {
            @Nullable LinearOperator[] row = grid[i];
            for (int j = 0; j < blocks.blockColumns(); j++) {
                LinearOperator block = blocks.block(i, j);
                row[j] = block == null ? null : rebuilt(block, letters);
            }
        }
        return grid;
    }
}
