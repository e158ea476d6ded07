package dev.stillpoint.wellposed;

import org.jspecify.annotations.Nullable;

/// A step of Noda's iteration towards the Perron-Frobenius vector of an irreducible non-negative matrix `M`: with
/// `mu >= max_i (Mx)_i / x_i`, solve
///
///     (mu I - M) y = x
///
/// The matrix is a non-singular M-matrix, its inverse positive, so `y > 0`; taking for `mu` the quotient of the
/// last iterate converges quadratically, whatever the gap between the eigenvalues. Elimination needs no pivoting;
/// factors that are zero are skipped, so a long cycle costs `k^2` operations, a dense matrix `2/3 k^3`.
///
/// The result is used as a trial vector only: its quotients are verified by whoever calls. Source: the inverse
/// iteration of T. Noda, Numer. Math. 17 (1971).
final class NodaIteration {
    private final NonNegativeMatrix m;
    private double work;

    NodaIteration(NonNegativeMatrix m) {
        this.m = m;
    }

    /// Operations so far.
    double work() {
        return work;
    }

    /// `y`, or null where `mu I - M` is singular to working precision.
    double @Nullable [] step(double[] x, double mu) {
        int n = m.size();
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int p = m.start()[i]; p < m.start()[i + 1]; p++) {
                a[i][m.column()[p]] = -m.upper()[p];
            }
            a[i][i] += mu;
        }
        double[] y = x.clone();
        work += 2.0 * n * n;
        for (int k = 0; k < n; k++) {
            double pivot = a[k][k];
            if (!(pivot > 0)) {
                return null;
            }
            for (int i = k + 1; i < n; i++) {
                double factor = a[i][k] / pivot;
                if (factor != 0) {
                    eliminate(a[i], a[k], factor, k + 1);
                    y[i] -= factor * y[k];
                    work += n - k;
                }
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = y[i];
            double[] row = a[i];
            for (int j = i + 1; j < n; j++) {
                sum -= row[j] * y[j];
            }
            y[i] = sum / row[i];
        }
        return y;
    }

    private static void eliminate(double[] row, double[] pivotRow, double factor, int from) {
        for (int j = from; j < row.length; j++) {
            row[j] -= factor * pivotRow[j];
        }
    }
}
