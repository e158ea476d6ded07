package dev.stillpoint.validation.reference;

import org.jspecify.annotations.Nullable;

/// Gaussian elimination with partial pivoting: `PM = LU`. Source: Golub and Van Loan, *Matrix Computations*, §3.4.
final class DenseLu {
    private final double[][] factors;
    private final int[] rowOf;

    private DenseLu(double[][] factors, int[] rowOf) {
        this.factors = factors;
        this.rowOf = rowOf;
    }

    /// Factorises `matrix`, which is overwritten; null where a pivot is 0 or not finite.
    static @Nullable DenseLu factorise(double[][] matrix) {
        int n = matrix.length;
        int[] rowOf = new int[n];
        for (int i = 0; i < n; i++) {
            rowOf[i] = i;
        }
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                if (Math.abs(matrix[i][k]) > Math.abs(matrix[pivot][k])) {
                    pivot = i;
                }
            }
            double[] row = matrix[pivot];
            matrix[pivot] = matrix[k];
            matrix[k] = row;
            int original = rowOf[pivot];
            rowOf[pivot] = rowOf[k];
            rowOf[k] = original;
            if (row[k] == 0 || !Double.isFinite(row[k])) {
                return null;
            }
            for (int i = k + 1; i < n; i++) {
                double[] lower = matrix[i];
                double factor = lower[k] / row[k];
                lower[k] = factor;
                if (factor != 0) {
                    for (int j = k + 1; j < n; j++) {
                        lower[j] -= factor * row[j];
                    }
                }
            }
        }
        return new DenseLu(matrix, rowOf);
    }

    /// The solution of `Mx = b`; `b` is not modified.
    double[] solve(double[] b) {
        int n = factors.length;
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = b[rowOf[i]];
            for (int j = 0; j < i; j++) {
                sum -= factors[i][j] * x[j];
            }
            x[i] = sum;
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = x[i];
            for (int j = i + 1; j < n; j++) {
                sum -= factors[i][j] * x[j];
            }
            x[i] = sum / factors[i][i];
        }
        return x;
    }
}
