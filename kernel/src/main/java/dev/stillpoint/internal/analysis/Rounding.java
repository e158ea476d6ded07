package dev.stillpoint.internal.analysis;

/// Bounds of rounding errors, in the standard model of IEEE double arithmetic, round to nearest.
///
/// One operation: the exact result lies between the neighbours of the rounded one, so `nextUp` and `nextDown` of it
/// bound it. A sum of `k` non-negative products, or `k` non-negative terms, in any order, with or without fused
/// multiply-adds: `s (1 - k u) - k eta <= exact <= s (1 + gamma_k) + k eta` with `u = 2^-53`,
/// `gamma_k = k u / (1 - k u)` and `eta` the smallest subnormal number, because each term takes part in at most `k`
/// roundings and underflow adds at most `eta/2` a product.
public final class Rounding {
    /// The unit roundoff `u`.
    public static final double UNIT = 0x1p-53;

    private Rounding() {}

    /// An upper bound of `gamma_k`; infinite where `k u >= 1/2`.
    public static double gamma(long k) {
        double t = k * UNIT;
        return t < 0.5 ? Math.nextUp(t / Math.nextDown(1 - t)) : Double.POSITIVE_INFINITY;
    }

    /// An upper bound of `a + b`.
    public static double addUp(double a, double b) {
        return Math.nextUp(a + b);
    }

    /// A lower bound of `a - b`.
    public static double subtractDown(double a, double b) {
        return Math.nextDown(a - b);
    }

    /// An upper bound of `a b`.
    public static double multiplyUp(double a, double b) {
        return Math.nextUp(a * b);
    }

    /// A lower bound of `a b`.
    public static double multiplyDown(double a, double b) {
        return Math.nextDown(a * b);
    }

    /// An upper bound of `a / b`.
    public static double divideUp(double a, double b) {
        return Math.nextUp(a / b);
    }

    /// A lower bound of `a / b`.
    public static double divideDown(double a, double b) {
        return Math.nextDown(a / b);
    }

    /// An upper bound of the square root of `a >= 0`, exact where the root is.
    public static double sqrtUp(double a) {
        double root = Math.sqrt(a);
        return Math.fma(root, root, -a) == 0 && a > 0x1p-900 ? root : Math.nextUp(root);
    }

    /// A lower bound, at least 0, of the square root of `a`; exact where the root is.
    public static double sqrtDown(double a) {
        if (!(a > 0)) {
            return 0;
        }
        double root = Math.sqrt(a);
        return Math.fma(root, root, -a) == 0 && a > 0x1p-900 ? root : Math.nextDown(root);
    }

    /// An upper bound of the exact sum of `terms` non-negative terms or products whose computed sum is `sum`.
    public static double sumUp(double sum, int terms) {
        if (terms == 0) {
            return 0;
        }
        double scaled = Math.nextUp(sum * Math.nextUp(1 + gamma(terms)));
        return Math.nextUp(scaled + terms * Double.MIN_VALUE);
    }

    /// A lower bound, at least 0, of the exact sum of `terms` non-negative terms or products.
    public static double sumDown(double sum, int terms) {
        double scaled = Math.nextDown(sum * Math.nextDown(1 - terms * UNIT));
        return Math.max(0, Math.nextDown(scaled - terms * Double.MIN_VALUE));
    }
}
