package dev.stillpoint.wellposed;

/// The largest eigenvalue of a symmetric tridiagonal matrix with diagonal `alpha[0..k)` and off-diagonal
/// `beta[0..k-1)`, by bisection on the sign of the pivots of `T - theta I`, and its vector by inverse iteration.
/// Estimates, accurate to a few units of the last place of the largest entry.
final class TridiagonalEigenvalue {
    private static final int BISECTIONS = 120;

    private TridiagonalEigenvalue() {}

    static double largest(double[] alpha, double[] beta, int k) {
        double low = alpha[0];
        double high = alpha[0];
        for (int i = 0; i < k; i++) {
            double radius = (i > 0 ? beta[i - 1] : 0) + (i < k - 1 ? beta[i] : 0);
            low = Math.max(low, alpha[i]);
            high = Math.max(high, alpha[i] + radius);
        }
        for (int step = 0; step < BISECTIONS; step++) {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) {
                break;
            }
            if (isAbove(alpha, beta, k, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /// Whether `theta I - T` is positive definite.
    private static boolean isAbove(double[] alpha, double[] beta, int k, double theta) {
        double pivot = theta - alpha[0];
        for (int i = 1; i < k && pivot > 0; i++) {
            pivot = theta - alpha[i] - beta[i - 1] * (beta[i - 1] / pivot);
        }
        return pivot > 0;
    }

    /// A unit vector for the eigenvalue `theta`, which no eigenvalue exceeds.
    static double[] vector(double[] alpha, double[] beta, int k, double theta) {
        double size = 0;
        for (int i = 0; i < k; i++) {
            size = Math.max(size, Math.abs(alpha[i]) + (i < k - 1 ? beta[i] : 0));
        }
        // Slightly above the eigenvalue the matrix is definite: elimination is stable without pivoting.
        double shifted = theta + size * 0x1p-50 + Double.MIN_NORMAL;
        double[] x = new double[k];
        double[] pivots = new double[k];
        for (int i = 0; i < k; i++) {
            x[i] = 1 + 0.25 * (i % 3);
            double below = i == 0 ? 0 : beta[i - 1] * (beta[i - 1] / pivots[i - 1]);
            pivots[i] = Math.max(shifted - alpha[i] - below, size * 0x1p-60 + Double.MIN_NORMAL);
        }
        for (int step = 0; step < 3; step++) {
            for (int i = 1; i < k; i++) {
                x[i] += beta[i - 1] / pivots[i - 1] * x[i - 1];
            }
            x[k - 1] /= pivots[k - 1];
            for (int i = k - 2; i >= 0; i--) {
                x[i] = (x[i] + beta[i] * x[i + 1]) / pivots[i];
            }
            double largest = 0;
            for (double value : x) {
                largest = Math.max(largest, Math.abs(value));
            }
            double norm = 0;
            for (int i = 0; i < k; i++) {
                x[i] /= largest;
                norm += x[i] * x[i];
            }
            for (int i = 0; i < k; i++) {
                x[i] /= Math.sqrt(norm);
            }
        }
        return x;
    }
}
