package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.DenseKernels;
import dev.stillpoint.internal.analysis.Rounding;
import java.util.Arrays;

/// Verified bounds of the monotone margin `m = lambda_min(I - (A + A')/2)` and the Lipschitz constant
/// `L = |I - A|_2` of the operator `I - A`.
///
/// With `m > 0` the operator is strongly monotone, and `x = phi(Ax + b)` has exactly one solution for every `b`
/// when `phi` is a proximal map: `x` solves it exactly when `0` lies in `(I - A) x - b + df(x)`, and the sum of a
/// strongly monotone and a maximal monotone operator has one zero. Lower bound of `m`: [SymmetricBound]; upper
/// bound: a Rayleigh quotient. `L`: [SpectralNorm].
///
/// Source: NTK-22 §2.3.2 (Lemma 2.3.2 with the factor 1/2 restored); IDL-21 (8.1).
final class MonotoneMargin {
    private MonotoneMargin() {}

    /// Bounds of `m` for `a`, one array a row.
    static Bracket margin(double[][] a) {
        int n = a.length;
        double[][] h = new double[n][n];
        double[] rowSums = new double[n];
        for (int i = 0; i < n; i++) {
            h[i][i] = 1 - a[i][i];
            rowSums[i] += Math.abs(h[i][i]);
            for (int j = i + 1; j < n; j++) {
                // Halved first: the sum of two large entries may overflow.
                double value = -(a[i][j] / 2 + a[j][i] / 2);
                h[i][j] = value;
                h[j][i] = value;
                rowSums[i] += Math.abs(value);
                rowSums[j] += Math.abs(value);
            }
        }
        // Each entry of h is one rounding, and at most one underflow, away from the exact one.
        double norm = Rounding.sumUp(Arrays.stream(rowSums).max().orElse(0), n);
        double error = isExact(a) ? 0 : Rounding.addUp(Rounding.multiplyUp(2 * Rounding.UNIT, norm), n * 0x1p-1073);
        Lanczos.Pair pair = Lanczos.smallest(n, (x, y) -> {
            for (int i = 0; i < n; i++) {
                y[i] = DenseKernels.dot(h[i], x, n);
            }
        });
        double lower = SymmetricBound.smallest(h, error, pair.value());
        double upper = rayleigh(h, pair.vector(), norm, error);
        return Bracket.ofBounds(Double.NEGATIVE_INFINITY, lower, upper);
    }

    /// Bounds of `L` for `a`, one array a row.
    static Bracket lipschitz(double[][] a) {
        return SpectralNorm.of(complement(a), complementError(a));
    }

    /// Whether `I - A` is proved non-singular.
    static boolean isComplementNonSingular(double[][] a) {
        return SpectralNorm.isNonSingular(complement(a), complementError(a));
    }

    /// `I - A`, rounded.
    private static double[][] complement(double[][] a) {
        int n = a.length;
        double[][] difference = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                difference[i][j] = (i == j ? 1 : 0) - a[i][j];
            }
        }
        return difference;
    }

    /// A bound of the 2-norm of the rounding of `I - A`, which is diagonal.
    private static double complementError(double[][] a) {
        double error = 0;
        for (int i = 0; i < a.length; i++) {
            double d = 1 - a[i][i];
            if (!isExactComplement(a[i][i], d)) {
                error = Math.max(error, Math.ulp(d));
            }
        }
        return error;
    }

    /// Whether forming `I - (A + A')/2` rounds nothing.
    private static boolean isExact(double[][] a) {
        for (int i = 0; i < a.length; i++) {
            if (!isExactComplement(a[i][i], 1 - a[i][i])) {
                return false;
            }
            for (int j = i + 1; j < a.length; j++) {
                double s = a[i][j] + a[j][i];
                boolean large = Math.abs(a[i][j]) > 0x1p-1000 || a[i][j] == 0;
                boolean alsoLarge = Math.abs(a[j][i]) > 0x1p-1000 || a[j][i] == 0;
                if (!(large && alsoLarge && isSum(a[i][j], a[j][i], s))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isExactComplement(double value, double complement) {
        return isSum(1, -value, complement);
    }

    /// Whether `s`, the rounded sum of `a` and `b`, is their sum (the error term of a two-sum is zero).
    private static boolean isSum(double a, double b, double s) {
        double t = s - a;
        return (a - (s - t)) + (b - t) == 0;
    }

    /// An upper bound of the smallest eigenvalue: the quotient at `x`, with its rounding.
    private static double rayleigh(double[][] h, double[] x, double norm, double error) {
        int n = x.length;
        double quotient = 0;
        for (int i = 0; i < n; i++) {
            quotient = Math.fma(x[i], DenseKernels.dot(h[i], x, n), quotient);
        }
        double square = DenseKernels.dot(x, x, n);
        double underflow = 4.0 * n * n * Double.MIN_NORMAL;
        double rounding = Rounding.addUp(Rounding.multiplyUp(Rounding.gamma(4L * n + 8), norm), underflow);
        return Rounding.addUp(Rounding.addUp(quotient / square, rounding), error);
    }
}
