package dev.stillpoint.internal.analysis;

/// The inverse of a square matrix, by Gauss-Jordan elimination with row pivoting in double precision.
///
/// The order of operations is fixed, since stored results depend on the bits: for `k = 0, 1, ...` the first row
/// of `k, k + 1, ...` whose entry of column `k` is largest is swapped into place and divided by that entry, and
/// `f` times it is subtracted from every other row, `f` being that row's entry of column `k`: a multiplication
/// and a subtraction an entry, each rounded. Accuracy: about `n` units of rounding times the condition number.
/// Cost: `2 n^3` operations, `n^2` values beside the matrix.
public final class Inverse {
    private Inverse() {}

    /// Inverts a matrix in place.
    ///
    /// @param a `n` rows of `n` finite values, overwritten by the inverse
    /// @throws ArithmeticException when a pivot is zero or not finite
    public static void invert(double[][] a) {
        int n = a.length;
        int[] from = new int[n];
        for (int k = 0; k < n; k++) {
            from[k] = pivot(a, k);
            double[] row = a[from[k]];
            a[from[k]] = a[k];
            a[k] = row;
            double pivot = row[k];
            if (!(Math.abs(pivot) > 0 && Math.abs(pivot) < Double.POSITIVE_INFINITY)) {
                throw new ArithmeticException("the matrix is singular: pivot " + k + " is " + pivot);
            }
            row[k] = 1;
            for (int j = 0; j < n; j++) {
                row[j] /= pivot;
            }
            for (int i = 0; i < n; i++) {
                if (i != k) {
                    double factor = a[i][k];
                    a[i][k] = 0;
                    subtract(factor, row, a[i]);
                }
            }
        }
        for (int k = n - 1; k >= 0; k--) {
            swapColumns(a, k, from[k]);
        }
    }

    private static int pivot(double[][] a, int k) {
        int best = k;
        for (int i = k + 1; i < a.length; i++) {
            if (Math.abs(a[i][k]) > Math.abs(a[best][k])) {
                best = i;
            }
        }
        return best;
    }

    private static void subtract(double factor, double[] row, double[] from) {
        for (int j = 0; j < row.length; j++) {
            from[j] -= factor * row[j];
        }
    }

    private static void swapColumns(double[][] a, int j, int k) {
        for (double[] row : a) {
            double value = row[j];
            row[j] = row[k];
            row[k] = value;
        }
    }
}
