package dev.stillpoint.validation.reference;

/// Norms of vectors, by their definitions; the largest magnitude is divided out so that squares neither overflow
/// nor vanish.
public final class Norms {
    private Norms() {}

    /// The 2-norm.
    public static double two(double[] v) {
        return two(v, 0, v.length);
    }

    /// The 2-norm of `count` values from `offset`.
    public static double two(double[] v, int offset, int count) {
        if (count == 1) {
            return Math.abs(v[offset]);
        }
        double largest = 0;
        for (int i = offset; i < offset + count; i++) {
            if (Double.isNaN(v[i])) {
                return Double.NaN;
            }
            largest = Math.max(largest, Math.abs(v[i]));
        }
        if (largest == 0 || Double.isInfinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (int i = offset; i < offset + count; i++) {
            double scaled = v[i] / largest;
            sum += scaled * scaled;
        }
        return largest * Math.sqrt(sum);
    }

    /// The largest magnitude.
    public static double max(double[] v) {
        double largest = 0;
        for (double value : v) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
