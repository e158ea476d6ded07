package dev.stillpoint.wellposed;

/// Group norm of a block in twice the precision: `p = z/sqrt(|z|^2/b + eps)` with `z = t - mean(t)`, for `t =
/// high + low`, as `p = value + change`.
///
/// Sums carry the errors of their additions (Knuth's two-sum) and products (a fused multiply-add); of a quotient
/// and a root one step of Newton's method adds what the first rounding lost. Each step loses a few `b u^2` of its
/// magnitude, the mean `b^2 u^2` of the largest argument; [#error] bounds all of it with a factor to spare.
///
/// Cost: some sixty operations a value. Source: T. Ogita, S. M. Rump, S. Oishi, Accurate sum and dot product,
/// SIAM J. Sci. Comput. 26 (2005); N. J. Higham, Accuracy and Stability of Numerical Algorithms, §1.
final class AccurateGroupNorm {
    private static final double UNIT = 0x1p-53;

    /// A sum, and what its roundings lost.
    private double sum;
    private double lost;

    /// Evaluates a block. What overflows is not-a-number.
    ///
    /// @param value takes `p` where the block is, rounded
    /// @param change takes what the rounding lost
    void evaluate(double[] high, double[] low, int begin, int size, double eps, double[] value, double[] change) {
        sum = 0;
        lost = 0;
        for (int i = begin; i < begin + size; i++) {
            add(high[i]);
            lost += low[i];
        }
        divide(size);
        double mean = sum;
        double meanLow = lost;
        sum = 0;
        lost = 0;
        for (int i = begin; i < begin + size; i++) {
            // z, in value and change.
            double difference = high[i] - mean;
            double shadow = high[i] - difference;
            double error = (high[i] - (difference + shadow)) + (shadow - mean);
            double z = difference + ((error + low[i]) - meanLow);
            change[i] = (difference - z) + ((error + low[i]) - meanLow);
            value[i] = z;
            double square = z * z;
            add(square);
            lost += Math.fma(z, z, -square) + 2 * z * change[i];
        }
        divide(size);
        add(eps);
        double variance = sum + lost;
        double varianceLow = (sum - variance) + lost;
        double s = Math.sqrt(variance);
        double sLow = (Math.fma(-s, s, variance) + varianceLow) / (2 * s);
        for (int i = begin; i < begin + size; i++) {
            double p = value[i] / s;
            change[i] = (Math.fma(-p, s, value[i]) + Math.fma(-p, sLow, change[i])) / s;
            value[i] = p;
        }
    }

    private void add(double term) {
        double next = sum + term;
        double shadow = next - sum;
        lost += (sum - (next - shadow)) + (term - shadow);
        sum = next;
    }

    private void divide(int size) {
        double whole = sum + lost;
        double rest = (sum - whole) + lost;
        sum = whole / size;
        lost = (Math.fma(-sum, size, whole) + rest) / size;
    }

    /// A bound of the 2-norm of the error of a block.
    ///
    /// @param gamma `1/sqrt(eps)` at least
    /// @param largest the largest magnitude of an argument of the block
    /// @param result the 2-norm of `p`
    static double error(int size, double gamma, double largest, double result) {
        double terms = size + 8.0;
        return 32 * terms * terms * UNIT * UNIT * Math.fma(gamma * Math.sqrt(size), largest, result);
    }
}
