package dev.stillpoint.internal.reference;

/// The passes over a row that the projection onto an l1 ball is made of, and the order of their sums.
///
/// A row is `size` values from index 0 on, `size` a multiple of [#LANES]; what fills it up is zero. With `tau`
/// split into `shift + rest`, so that it is known to more digits than a `double` has, the value that remains of
/// `a_i` is
///
///     y_i = (|a_i| - shift) - rest   where that is positive,   else 0,
///
/// each subtraction rounded.
///
/// **Canonical order.** Every sum has [#LANES] chains, whatever the vectors of the machine: chain `l` takes the
/// values `l, l + 16, l + 32, ...` in this order, from `+0` on. The chains are joined by the tree of [#sum]: chain
/// `l` and `l + 8`, then `l` and `l + 4`, `l + 2`, `l + 1`. There are no fused multiply-adds. A term of a row of
/// `size` values thus takes part in at most `size/16 + 4` additions ([#additions]).
///
/// A method leaves the chains in `lanes` and allocates nothing. The scalar twin is [ScalarRowKernel]; every other
/// implementation has its bits.
public interface RowKernel {
    /// Chains of a sum.
    int LANES = 16;

    /// Width of the vectors in bits, 0 for the scalar twin.
    int bits();

    /// `sum_i |a_i|` and `max_i |a_i|`.
    ///
    /// @param lanes the chains of the sum, then as many partial maxima, in which a not-a-number is passed over
    void measure(double[] a, int size, double[] lanes);

    /// `sum_i max(|a_i| - shift, 0)`.
    ///
    /// @param lanes the chains of the sum
    /// @return the number of positive terms
    int excess(double[] a, int size, double shift, double[] lanes);

    /// Sets `x_i` to `y_i` with the sign of `a_i`, or to `+0` where `y_i` is 0, and sums the `y_i` with the
    /// rounding errors of the sum: `s' = s + y_i`, `e = e + (the error of s')`, the error being that of Knuth's
    /// two-sum.
    ///
    /// @param shift not negative
    /// @param rest at least `-shift`
    /// @param x overwritten
    /// @param lanes the chains `s`, then the chains `e`
    /// @return the number of positive `y_i`
    int shrink(double[] a, int size, double shift, double rest, double[] x, double[] lanes);

    /// `sum_i sign(x_i) w_i` over the values with `x_i` not 0.
    ///
    /// @param lanes the chains of the sum
    /// @return the number of these values
    int agreement(double[] x, double[] w, int size, double[] lanes);

    /// `out_i = w_i - sign(x_i) mean` where `x_i` is not 0, else `+0`.
    ///
    /// @param out overwritten; may be `w`
    void tangent(double[] x, double[] w, int size, double mean, double[] out);

    /// The number of values that a row of `n` is filled up to.
    static int size(int n) {
        return Math.multiplyExact((int) (((long) n + LANES - 1) / LANES), LANES);
    }

    /// Additions that a term of a row takes part in, at most.
    static int additions(int size) {
        return size / LANES + 4;
    }

    /// Joins the chains.
    ///
    /// @param lanes its first [#LANES] values are overwritten
    static double sum(double[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }

    /// Joins the chains of [#shrink]: the sum is `lanes[0] + lanes[LANES]`, unrounded, afterwards.
    ///
    /// @param lanes overwritten
    static void sumWithErrors(double[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                double s = lanes[l];
                double t = lanes[l + half];
                double sum = s + t;
                double back = sum - s;
                double error = (s - (sum - back)) + (t - back);
                lanes[l] = sum;
                lanes[LANES + l] = (lanes[LANES + l] + lanes[LANES + l + half]) + error;
            }
        }
    }

    /// The largest of the partial maxima of [#measure].
    static double largest(double[] lanes) {
        double largest = 0;
        for (int l = LANES; l < 2 * LANES; l++) {
            largest = Math.max(largest, lanes[l]);
        }
        return largest;
    }
}
