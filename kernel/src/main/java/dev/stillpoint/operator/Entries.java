package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.Arrays;

/// Checks and dense forms that operators share.
final class Entries {
    /// Rows that a transposition takes at a time: whole cache lines are written, and not one value of each.
    private static final int BAND = 16;

    private Entries() {}

    /// `matrix`, immutable, once every entry was found to be finite.
    ///
    /// @param name what the message calls the matrix
    /// @throws IllegalArgumentException when an entry is not finite
    static Matrix finite(String name, Matrix matrix) {
        Matrix kept = matrix.toImmutable();
        double[] row = new double[kept.columns()];
        for (int i = 0; i < kept.rows(); i++) {
            kept.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                if (!Double.isFinite(row[j])) {
                    throw new IllegalArgumentException(
                            "entry (%d, %d) of %s is %s: every entry must be finite".formatted(i, j, name, row[j]));
                }
            }
        }
        return kept;
    }

    /// A new FP64 matrix with the values of `matrix`, on the heap.
    static Matrix copy(Matrix matrix) {
        Matrix copy = Matrix.zeros(Precision.F64, matrix.rows(), matrix.columns());
        double[] row = new double[matrix.columns()];
        for (int i = 0; i < matrix.rows(); i++) {
            matrix.getRow(i, row, 0);
            copy.setRow(i, row, 0);
        }
        return copy;
    }

    /// `matrix'`, immutable, the same entries in the same precision.
    static Matrix transposed(Matrix matrix) {
        int rows = matrix.rows();
        int columns = matrix.columns();
        Matrix transposed = Matrix.zeros(matrix.precision(), columns, rows);
        double[][] band = new double[Math.min(BAND, rows)][columns];
        double[] piece = new double[band.length];
        for (int first = 0; first < rows; first += BAND) {
            int count = Math.min(BAND, rows - first);
            for (int i = 0; i < count; i++) {
                matrix.getRow(first + i, band[i], 0);
            }
            Matrix target = transposed.slice(0, first, columns, count);
            for (int j = 0; j < columns; j++) {
                for (int i = 0; i < count; i++) {
                    piece[i] = band[i][j];
                }
                target.setRow(j, piece, 0);
            }
        }
        return transposed.frozen();
    }

    /// `left right`, immutable, in FP64: each entry a chain of fused multiply-adds from 0 in increasing inner
    /// index.
    static Matrix product(Matrix left, Matrix right) {
        Matrix product = Matrix.zeros(Precision.F64, left.rows(), right.columns());
        double[] leftRow = new double[left.columns()];
        double[] rightRow = new double[right.columns()];
        double[] row = new double[right.columns()];
        for (int i = 0; i < left.rows(); i++) {
            left.getRow(i, leftRow, 0);
            Arrays.fill(row, 0);
            for (int k = 0; k < leftRow.length; k++) {
                right.getRow(k, rightRow, 0);
                for (int j = 0; j < row.length; j++) {
                    row[j] = Math.fma(leftRow[k], rightRow[j], row[j]);
                }
            }
            product.setRow(i, row, 0);
        }
        return product.frozen();
    }
}
