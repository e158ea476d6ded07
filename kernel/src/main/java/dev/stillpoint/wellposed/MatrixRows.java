package dev.stillpoint.wellposed;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;

/// Rows of matrices of either precision as rows of doubles. Values of FP32 pass through a row of floats, which
/// belongs to the object, so that memory is copied by the row.
final class MatrixRows {
    private final int n;
    private float[] singles = {};

    /// @param n values of a row
    MatrixRows(int n) {
        this.n = n;
    }

    /// Reads row `i`.
    void read(Matrix matrix, int i, double[] row) {
        if (matrix.precision() == Precision.F64) {
            matrix.getRow(i, row, 0);
            return;
        }
        float[] values = singles();
        matrix.getRow(i, values, 0);
        for (int j = 0; j < n; j++) {
            row[j] = values[j];
        }
    }

    /// Writes row `i`, each value rounded to nearest.
    void write(double[] row, Matrix matrix, int i) {
        if (matrix.precision() == Precision.F64) {
            matrix.setRow(i, row, 0);
            return;
        }
        float[] values = singles();
        for (int j = 0; j < n; j++) {
            values[j] = (float) row[j];
        }
        matrix.setRow(i, values, 0);
    }

    /// Writes row `i`, each value rounded towards zero.
    void writeTowardsZero(double[] row, Matrix matrix, int i) {
        if (matrix.precision() == Precision.F64) {
            matrix.setRow(i, row, 0);
            return;
        }
        float[] values = singles();
        for (int j = 0; j < n; j++) {
            float nearest = (float) row[j];
            boolean beyond = Math.abs((double) nearest) > Math.abs(row[j]);
            values[j] = Float.intBitsToFloat(Float.floatToRawIntBits(nearest) - (beyond ? 1 : 0));
        }
        matrix.setRow(i, values, 0);
    }

    private float[] singles() {
        if (singles.length < n) {
            singles = new float[n];
        }
        return singles;
    }
}
