package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ExactSum;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.internal.reference.RowKernel;

/// The projection of one row onto an l1 ball, `argmin_x |x - a|_2 : |x|_1 <= r`.
///
///     x_i = sign(a_i) max(|a_i| - tau, 0)   with   sum_i max(|a_i| - tau, 0) = r     where |a|_1 > r
///
/// **Inside or outside** is decided exactly: by the sum and the bound of its rounding; where that does not tell, by
/// the sum with its rounding errors; and in the last resort by [ExactSum].
///
/// **The threshold.** `g(tau) = sum_i max(|a_i| - tau, 0) - r` is convex, decreasing and piecewise linear, so
/// Newton's method, `tau + g/k` with `k` values above `tau`, rises to the root and ends there once the values
/// above it stay the same. It begins with the larger of the bounds `max_i |a_i| - r` and `(|a|_1 - r)/n`. What a
/// step leaves of `g` and what it leaves of `k` add up to 1 at most, so their product falls to a quarter or less,
/// from `n^2 r` at most: some 40 steps for `n = 4096` in the worst case, 3 to 7 as a rule.
///
/// **The last digits.** The root so found lacks the rounding errors of `n/16` additions, and a `double` holds it
/// to its own last digit only, which is too little where `r` is much smaller than the entries. So `tau = shift +
/// rest`, the values `(|a_i| - shift) - rest` are summed with the errors of the sum, and Newton's method on
/// `rest` goes on until the sum lies in `[(1 - 2^-48) r, r]`: it aims for `(1 - 2^-49) r`. One such step is
/// usual. The upper end is verified: with the sum `s` of at most `2^31` non-negative terms, errors included, the
/// exact sum is at most `(1 + 2^-51) s`. Hence
///
///     |x|_1 <= r exactly,     |x_i - exact x_i| <= 2^-47 r/k + 2^-52 |x_i|
///
/// for a result of `k` values, save for underflow: a value may differ by some of the smallest subnormal number.
///
/// Work arrays belong to the object, which is used by one thread; nothing is allocated for a row, save for
/// [ExactSum]. Source: IDL-21 §6.2 and (6.7), whose bisection this replaces; Newton's method for it is known from
/// C. Michelot, A finite algorithm for finding the projection of a point onto the canonical simplex of R^n, JOTA 50
/// (1986).
final class RowBall {
    /// The largest radius: no sum of what exceeds the threshold overflows then.
    static final double LARGEST_RADIUS = 0x1p900;

    private static final double SLACK = 0x1p-49;
    private static final double TOLERANCE = 0x1p-48;
    private static final double SUM_UP = 1 + 0x1p-51;
    private static final double SUM_DOWN = 1 - 0x1p-51;

    /// Attempts that aim for the tolerance; later ones, of which none is known to be needed, aim lower and lower.
    private static final int TIGHT = 8;

    private final RowKernel kernel;
    private final int n;
    private final int size;
    private final double[] a;
    private final double[] x;
    private final double[] lanes = new double[2 * RowKernel.LANES];

    /// The sum and the largest of the absolute values of the row.
    private double sum;

    private double largest;

    /// @param n values of a row
    RowBall(RowKernel kernel, int n) {
        this.kernel = kernel;
        this.n = n;
        size = RowKernel.size(n);
        a = new double[size];
        x = new double[size];
    }

    /// The row, `n` values and then zeros, for the caller to fill.
    double[] row() {
        return a;
    }

    /// The projection that the last call of [#project] made, `n` values and then zeros.
    double[] projection() {
        return x;
    }

    /// Measures the row, before anything else is done with it.
    ///
    /// @return whether all its values are finite
    boolean measure() {
        kernel.measure(a, size, lanes);
        largest = RowKernel.largest(lanes);
        sum = RowKernel.sum(lanes);
        return Double.isFinite(sum) || firstNotFinite(a, n) < 0;
    }

    /// The first value that is not finite, or -1.
    static int firstNotFinite(double[] values, int n) {
        for (int i = 0; i < n; i++) {
            if (!Double.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }

    /// Whether `|a|_1 <= r`, exactly.
    boolean isInside(double r) {
        int additions = RowKernel.additions(size);
        if (Rounding.multiplyUp(sum, Math.nextUp(1 + Rounding.gamma(additions))) <= r) {
            return true;
        }
        if (Rounding.multiplyDown(sum, Math.nextDown(1 - additions * Rounding.UNIT)) > r) {
            return false;
        }
        shrink(0, 0);
        double finer = lanes[0] + lanes[RowKernel.LANES];
        if (Rounding.multiplyUp(finer, SUM_UP) <= r) {
            return true;
        }
        return Rounding.multiplyDown(finer, SUM_DOWN) <= r && ExactSum.compareAbsolute(a, n, r) <= 0;
    }

    /// Projects a row that is not inside: see [#projection].
    void project(double r) {
        double shift = threshold(r);
        double rest = 0;
        for (int attempt = 0; ; attempt++) {
            int count = shrink(shift, rest);
            double remaining = lanes[0] + lanes[RowKernel.LANES];
            boolean below = remaining == 0 || Rounding.multiplyUp(remaining, SUM_UP) <= r;
            double lacking = r - remaining;
            if (below && (attempt >= TIGHT || lacking <= TOLERANCE * r + count * Double.MIN_VALUE)) {
                return;
            }
            double target = r * (1 - Math.scalb(SLACK, Math.max(0, attempt - TIGHT)));
            if (count == 0) {
                rest = (largest - shift) - target;
            } else {
                double step = ((lanes[0] - target) + lanes[RowKernel.LANES]) / count;
                rest += below ? step : Math.max(step, Double.MIN_VALUE);
            }
            // With a threshold below zero the zeros behind the row would count.
            rest = Math.max(rest, -shift);
            double joined = shift + rest;
            double back = joined - shift;
            rest = (shift - (joined - back)) + (rest - back);
            shift = joined;
        }
    }

    /// The threshold by Newton's method, up to rounding.
    private double threshold(double r) {
        double even = Double.isFinite(sum) ? (sum - r) / n : 0;
        double shift = Math.max(even, Math.max(0, Math.nextDown(largest - r)));
        int before = 0;
        while (true) {
            int count = kernel.excess(a, size, shift, lanes);
            if (count == 0) {
                return largest;
            }
            double next = shift + (RowKernel.sum(lanes) - r) / count;
            if (!(next > shift) || count == before) {
                return Math.max(next, 0);
            }
            shift = next;
            before = count;
        }
    }

    private int shrink(double shift, double rest) {
        int count = kernel.shrink(a, size, shift, rest, x, lanes);
        RowKernel.sumWithErrors(lanes);
        return count;
    }

    /// The derivative of the projection that was made last in a direction: on the support of the projection
    /// `w_i - s_i (s'w)/k` with the signs `s`, and 0 elsewhere.
    ///
    /// @param w `n` finite values and then zeros, overwritten by the result
    void derivative(double[] w) {
        int count = kernel.agreement(x, w, size, lanes);
        double mean = count == 0 ? 0 : RowKernel.sum(lanes) / count;
        kernel.tangent(x, w, size, mean, w);
    }
}
