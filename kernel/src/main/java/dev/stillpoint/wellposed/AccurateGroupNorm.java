package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.Twofold;

/// Group norm of a block in twice the precision: `p = z/sqrt(|z|^2/b + eps)` with `z = t - mean(t)`, for `t =
/// high + low`, as `p = value + change`.
///
/// Each step loses a few `b u^2` of its magnitude, the mean `b^2 u^2` of the largest argument; [#error] bounds
/// all of it with a factor to spare. Cost: some hundred operations a value. Source: as [Twofold].
final class AccurateGroupNorm {
    private static final double UNIT = 0x1p-53;

    private AccurateGroupNorm() {}

    /// Evaluates a block. Where something overflows, it is not-a-number.
    ///
    /// @param value takes `p` where the block is, rounded
    /// @param change takes what the rounding lost
    static void evaluate(
            double[] high, double[] low, int begin, int size, double eps, double[] value, double[] change) {
        Twofold sum = new Twofold(0, 0);
        for (int i = begin; i < begin + size; i++) {
            sum = sum.plus(Twofold.sum(high[i], low[i]));
        }
        Twofold mean = sum.over(size);
        Twofold[] z = new Twofold[size];
        Twofold squares = new Twofold(0, 0);
        for (int k = 0; k < size; k++) {
            z[k] = Twofold.sum(high[begin + k], low[begin + k]).minus(mean);
            squares = squares.plus(z[k].times(z[k]));
        }
        Twofold s = squares.over(size).plus(new Twofold(eps, 0)).root();
        for (int k = 0; k < size; k++) {
            Twofold p = z[k].over(s);
            value[begin + k] = p.high();
            change[begin + k] = p.low();
        }
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
