package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
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
import org.jspecify.annotations.Nullable;

/// The rows of an operator in double precision, one at a time: all values of a dense row, or the entries of a
/// sparse one. Belongs to one thread.
final class OperatorRows {
    /// Entries that fit an array, with room for whole tiles of rows.
    private static final long MOST_DENSE = Integer.MAX_VALUE / 2;

    private final @Nullable Matrix dense;
    private final @Nullable SparseOperator sparse;
    private final int[] starts;
    private final int[] columns;
    private final double[] all;
    private final double[] row;
    private int count;
    private int begin;

    OperatorRows(LinearOperator operator) {
        sparse = sparseForm(operator);
        dense = sparse == null ? operator.toMatrix() : null;
        starts = sparse == null ? new int[0] : sparse.rowStarts();
        columns = sparse == null ? new int[0] : sparse.columnIndices();
        all = sparse == null ? new double[0] : sparse.values().toDoubleArray();
        row = new double[operator.columns()];
    }

    /// The operator by its entries, where it is given by them and few are; null where its dense form is as good.
    static @Nullable SparseOperator sparseForm(LinearOperator operator) {
        return switch (operator) {
            case SparseOperator given -> given;
            case ConvolutionOperator convolution -> convolution.toSparse();
            case DiagonalOperator diagonal -> diagonal.toSparse();
            case DenseOperator _,
                    LowRankOperator _,
                    ProductOperator _,
                    SumOperator _,
                    BlockOperator _,
                    BlockTriangularOperator _ -> null;
        };
    }

    /// Whether the entries of `operator` are stored, so that they are known exactly; those of products, low ranks
    /// and sums are computed.
    static boolean areStored(LinearOperator operator) {
        return switch (operator) {
            case DenseOperator _, SparseOperator _, ConvolutionOperator _, DiagonalOperator _ -> true;
            case LowRankOperator _, ProductOperator _, SumOperator _ -> false;
            case BlockTriangularOperator triangular -> areStored(triangular.toBlocks());
            case BlockOperator blocks -> {
                boolean stored = true;
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        LinearOperator block = blocks.block(i, j);
                        stored &= block == null || areStored(block);
                    }
                }
                yield stored;
            }
        };
    }

    /// Reads row `i`.
    void read(int i) {
        if (dense != null) {
            dense.getRow(i, row, 0);
            begin = 0;
            count = row.length;
        } else {
            begin = starts[i];
            count = starts[i + 1] - begin;
        }
    }

    /// Entries of the row read.
    int count() {
        return count;
    }

    /// The value of its entry `k`.
    double value(int k) {
        return dense != null ? row[k] : all[begin + k];
    }

    /// The column of its entry `k`.
    int column(int k) {
        return dense != null ? k : columns[begin + k];
    }

    /// An upper bound of the sum of the magnitudes of the row read.
    double magnitude() {
        double sum = 0;
        for (int k = 0; k < count; k++) {
            sum += Math.abs(value(k));
        }
        return Rounding.sumUp(sum, count);
    }

    /// `(left right)`, of the same rows: dense where both are, so that their product is one.
    static LinearOperator beside(LinearOperator left, LinearOperator right) {
        if (right.columns() == 0) {
            return left;
        }
        boolean fits = (long) left.rows() * ((long) left.columns() + right.columns()) < MOST_DENSE;
        if (fits && left instanceof DenseOperator(Matrix a) && right instanceof DenseOperator(Matrix b)) {
            return LinearOperator.dense(beside(a, b));
        }
        return LinearOperator.blocks(
                new int[] {left.rows()},
                new int[] {left.columns(), right.columns()},
                new @Nullable LinearOperator[][] {{left, right}});
    }

    private static Matrix beside(Matrix left, Matrix right) {
        boolean single = left.precision() == Precision.F32 && right.precision() == Precision.F32;
        int columns = left.columns() + right.columns();
        Matrix both = Matrix.zeros(single ? Precision.F32 : Precision.F64, left.rows(), columns);
        double[] row = new double[columns];
        for (int i = 0; i < left.rows(); i++) {
            left.getRow(i, row, 0);
            right.getRow(i, row, left.columns());
            both.setRow(i, row, 0);
        }
        return both.frozen();
    }
}
