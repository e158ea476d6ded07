package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.DenseKernels;
import dev.stillpoint.internal.analysis.Rounding;

/// A verified lower bound of the smallest eigenvalue of a symmetric matrix.
///
/// If the floating-point Cholesky factorisation of `H` runs to completion, `H + E = R'R` with
/// `|E_ij| <= gamma_{n+1} / (1 - gamma_{n+1}) sqrt(h_ii h_jj)`, hence
///
///     lambda_min(H) >= -gamma_{n+1} / (1 - gamma_{n+1}) trace(H)
///
/// up to underflow. It is applied to `H - sI`, its diagonal rounded down, for shifts `s` a little below an estimate
/// of the eigenvalue and then, where the factorisation fails, further below. If all fail, Gershgorin's circles are
/// taken. The bound so proved lies below the exact eigenvalue by the distance of the shift that succeeded plus
/// about `n u trace(H - sI)`. Cost of an attempt: `n^3/3`.
///
/// Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, Theorem 10.3 with (10.7); S. M. Rump,
/// Verification of positive definiteness, BIT 46 (2006).
final class SymmetricBound {
    private static final double FIRST_DISTANCE = 0x1p-44;
    private static final double GROWTH = 32;
    private static final int ATTEMPTS = 10;

    private SymmetricBound() {}

    /// A lower bound, perhaps minus infinity, of the smallest eigenvalue of every symmetric matrix whose distance
    /// from `h` is at most `perturbation` in the 2-norm.
    ///
    /// @param h the upper triangle is read, nothing is written
    /// @param perturbation not negative
    /// @param estimate of the eigenvalue
    static double smallest(double[][] h, double perturbation, double estimate) {
        double gershgorin = gershgorin(h);
        double bound = isDiagonal(h) ? gershgorin : Math.max(gershgorin, byFactorisation(h, estimate));
        return Double.isNaN(bound) ? Double.NEGATIVE_INFINITY : Rounding.subtractDown(bound, perturbation);
    }

    private static double byFactorisation(double[][] h, double estimate) {
        int n = h.length;
        double scale = Math.abs(estimate);
        for (int i = 0; i < n; i++) {
            scale = Math.max(scale, Math.abs(h[i][i]));
        }
        double distance = scale * FIRST_DISTANCE;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double bound = attempt(h, estimate - distance);
            if (bound > Double.NEGATIVE_INFINITY) {
                return bound;
            }
            distance *= GROWTH;
        }
        return Double.NEGATIVE_INFINITY;
    }

    /// The bound that the factorisation of `h - shift I` proves; minus infinity where it fails.
    private static double attempt(double[][] h, double shift) {
        int n = h.length;
        double[][] shifted = new double[n][];
        double trace = 0;
        double largest = 0;
        for (int i = 0; i < n; i++) {
            shifted[i] = h[i].clone();
            double d = Math.nextDown(h[i][i] - shift);
            if (!(d > 0 && d < Double.POSITIVE_INFINITY)) {
                return Double.NEGATIVE_INFINITY;
            }
            shifted[i][i] = d;
            trace = Rounding.addUp(trace, d);
            largest = Math.max(largest, d);
        }
        if (!DenseKernels.cholesky(shifted)) {
            return Double.NEGATIVE_INFINITY;
        }
        double gamma = Rounding.gamma(n + 1);
        double error = Rounding.multiplyUp(Rounding.divideUp(gamma, Math.nextDown(1 - gamma)), trace);
        // Far above what underflow can add: a multiple of n (n + max h_ii) smallest subnormal numbers.
        double underflow = 8.0 * n * (n + 1 + largest) * Double.MIN_NORMAL;
        return Rounding.subtractDown(shift, Rounding.addUp(error, underflow));
    }

    private static boolean isDiagonal(double[][] h) {
        for (int i = 0; i < h.length; i++) {
            for (int j = i + 1; j < h.length; j++) {
                if (h[i][j] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static double gershgorin(double[][] h) {
        int n = h.length;
        double[] radius = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double size = Math.abs(h[i][j]);
                radius[i] += size;
                radius[j] += size;
            }
        }
        double bound = Double.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            double low = radius[i] == 0 ? h[i][i] : Rounding.subtractDown(h[i][i], Rounding.sumUp(radius[i], n));
            bound = Math.min(bound, low);
        }
        return bound;
    }
}
