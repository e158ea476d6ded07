package dev.stillpoint.model.opteq;

import java.util.function.DoubleUnaryOperator;

/// Minimisers of `F(v) + v'(I - A)v/2 - q'v` over `v`, `sigma = prox_F`, by methods that have nothing to do with
/// fixed-point iteration.
final class Minimisers {
    private Minimisers() {}

    /// For ReLU, exact but for rounding: the one set of positive components that satisfies the conditions of
    /// optimality, found by trying all.
    static double[] nonNegative(double[][] a, double[] q) {
        int h = q.length;
        double[] best = new double[h];
        double least = Double.POSITIVE_INFINITY;
        for (int set = 0; set < 1 << h; set++) {
            double[] v = restricted(a, q, set);
            double violation = 0;
            for (int i = 0; i < h; i++) {
                double slack = v[i] - q[i];
                for (int j = 0; j < h; j++) {
                    slack -= a[i][j] * v[j];
                }
                violation = Math.max(violation, (set >> i & 1) == 1 ? -v[i] : -slack);
            }
            if (violation < least) {
                least = violation;
                best = v;
            }
        }
        return best;
    }

    /// Solves `(I - A) v = q` on the components of `set` by elimination, 0 elsewhere.
    private static double[] restricted(double[][] a, double[] q, int set) {
        int h = q.length;
        double[][] m = new double[h][h + 1];
        for (int i = 0; i < h; i++) {
            boolean in = (set >> i & 1) == 1;
            for (int j = 0; j < h; j++) {
                m[i][j] = (i == j ? 1 : 0) - (in && (set >> j & 1) == 1 ? a[i][j] : 0);
            }
            m[i][h] = in ? q[i] : 0;
        }
        for (int k = 0; k < h; k++) {
            for (int i = 0; i < h; i++) {
                double factor = i == k ? 0 : m[i][k] / m[k][k];
                for (int j = k; j <= h && factor != 0; j++) {
                    m[i][j] -= factor * m[k][j];
                }
            }
        }
        double[] v = new double[h];
        for (int i = 0; i < h; i++) {
            v[i] = m[i][h] / m[i][i];
        }
        return v;
    }

    /// For an increasing componentwise `sigma`: minimises over one component after the other, each by bisection of
    /// `t - a_ii sigma(t) = r_i`, until nothing moves.
    static double[] byComponents(double[][] a, double[] q, DoubleUnaryOperator sigma) {
        int h = q.length;
        double[] v = new double[h];
        for (int sweep = 0; sweep < 400; sweep++) {
            for (int i = 0; i < h; i++) {
                double r = q[i];
                for (int j = 0; j < h; j++) {
                    r += i == j ? 0 : a[i][j] * v[j];
                }
                double low = -64;
                double high = 64;
                for (int step = 0; step < 80; step++) {
                    double t = (low + high) / 2;
                    if (t - a[i][i] * sigma.applyAsDouble(t) < r) {
                        low = t;
                    } else {
                        high = t;
                    }
                }
                v[i] = sigma.applyAsDouble((low + high) / 2);
            }
        }
        return v;
    }
}
