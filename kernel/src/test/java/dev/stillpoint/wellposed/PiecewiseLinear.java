package dev.stillpoint.wellposed;

/// Counts the solutions of `z = A phi(z) + b` for `phi(v) = v` above zero and `slope v` below, which are those of
/// `x = phi(Ax + b)`: one linear system an orthant. For generic data; doubles suffice.
final class PiecewiseLinear {
    private PiecewiseLinear() {}

    /// `z - A phi(z)`: the `b` that `z` solves.
    static double[] image(double[][] a, double slope, double[] z) {
        int n = z.length;
        double[] b = z.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                b[i] -= a[i][j] * (z[j] < 0 ? slope * z[j] : z[j]);
            }
        }
        return b;
    }

    static int solutions(double[][] a, double slope, double[] b) {
        int n = b.length;
        int count = 0;
        for (int orthant = 0; orthant < 1 << n; orthant++) {
            double[][] m = new double[n][n + 1];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double factor = (orthant >> j & 1) == 1 ? slope : 1;
                    m[i][j] = (i == j ? 1 : 0) - factor * a[i][j];
                }
                m[i][n] = b[i];
            }
            double[] z = solve(m);
            boolean inside = true;
            for (int j = 0; j < n; j++) {
                inside &= (orthant >> j & 1) == 1 ? z[j] < 0 : z[j] >= 0;
            }
            count += inside ? 1 : 0;
        }
        return count;
    }

    /// Solves an augmented system by elimination with partial pivoting.
    static double[] solve(double[][] m) {
        int n = m.length;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k; i < n; i++) {
                pivot = Math.abs(m[i][k]) > Math.abs(m[pivot][k]) ? i : pivot;
            }
            double[] row = m[pivot];
            m[pivot] = m[k];
            m[k] = row;
            for (int i = k + 1; i < n; i++) {
                double factor = m[i][k] / row[k];
                for (int j = k; j <= n; j++) {
                    m[i][j] -= factor * row[j];
                }
            }
        }
        double[] z = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            double sum = m[i][n];
            for (int j = i + 1; j < n; j++) {
                sum -= m[i][j] * z[j];
            }
            z[i] = sum / m[i][i];
        }
        return z;
    }
}
