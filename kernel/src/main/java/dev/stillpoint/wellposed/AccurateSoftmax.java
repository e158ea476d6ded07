package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.Twofold;

/// Softmax of a block in twice the precision: `p_i = exp(t_i - m)/sum_k exp(t_k - m)`, `m` the largest `high_k`,
/// for `t = high + low`, as `p = value + change`.
///
/// Cost: some five hundred operations a value. Source: as [Twofold].
final class AccurateSoftmax {
    private AccurateSoftmax() {}

    /// Evaluates a block.
    ///
    /// @param value takes `p` where the block is, rounded
    /// @param change takes what the rounding lost
    static void evaluate(double[] high, double[] low, int begin, int size, double[] value, double[] change) {
        double m = Double.NEGATIVE_INFINITY;
        for (int i = begin; i < begin + size; i++) {
            m = Math.max(m, high[i]);
        }
        Twofold[] e = new Twofold[size];
        Twofold sum = new Twofold(0, 0);
        for (int k = 0; k < size; k++) {
            e[k] = Twofold.sum(high[begin + k], -m)
                    .plus(new Twofold(low[begin + k], 0))
                    .exponential();
            sum = sum.plus(e[k]);
        }
        for (int k = 0; k < size; k++) {
            Twofold p = e[k].over(sum);
            value[begin + k] = p.high();
            change[begin + k] = p.low();
        }
    }

    /// A bound of the 2-norm of the error of a block: that of [Twofold#exponential], once for the value, where
    /// `|a| exp(a) < 1`, and once for the sum of `b`; of `b` additions and a quotient; and of what is below
    /// `exp(-600)`.
    static double error(int size) {
        return (0x1p14 + 64.0 * size) * 0x1p-106 + size * 0x1p-800;
    }
}
