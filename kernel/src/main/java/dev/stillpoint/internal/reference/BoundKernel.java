package dev.stillpoint.internal.reference;

/// The passes over panels `[row][lane]` that the bound of an error is made of, a sample in each lane, in FP64.
///
/// Everything that is bounded from above is not negative, and each result is multiplied by [#ROOM] or by a factor
/// of the caller's that covers its roundings. In the order of a lane's rows, from 0 on, a sum of squares is one
/// chain of fused multiply-adds, and a largest value is `v > m ? v : m`, so that a not-a-number is passed over
/// there; it is not in the sum of squares of the same values.
///
/// A lane's results depend on that lane alone. The methods allocate nothing and check nothing. The scalar twin is
/// [ScalarBoundKernel], which is the specification; every other implementation has its bits.
public interface BoundKernel {
    /// Room for the roundings of a few dozen operations.
    double ROOM = 1 + 0x1p-40;

    /// What the errors of values are bounded with, a value for each row of a panel: with the largest magnitudes `X`
    /// of a state and `U` of an input,
    ///
    ///     e_i = own_i |f_i| + (state_i X + (input_i U + absolute_i)).
    ///
    /// @param own for the value itself
    /// @param state for the state
    /// @param input for the input
    /// @param absolute beside these
    @SuppressWarnings("ArrayRecordComponent") // handed to kernels, never compared
    record Coefficients(double[] own, double[] state, double[] input, double[] absolute) {
        /// Rows.
        public int count() {
            return own.length;
        }
    }

    /// Width of the vectors in bits, 0 for the scalar twin.
    int bits();

    /// Lanes of a strip, that of the engine's FP64 panels.
    int width();

    /// `max_i |v_i|` of each lane of a strip; where a value is not a number, not a number. Compared are the bits of
    /// magnitudes, which are ordered as the magnitudes are, those of not-a-numbers above all.
    ///
    /// @param v `[row][width]`, from `o` on
    /// @param largest that of the first lane at `lane`, overwritten
    void largest(double[] v, int o, int rows, double[] largest, int lane);

    /// Bounds of residuals of a strip, rounding included:
    ///
    ///     d_i = |x_i + share f_i|,   r_i = (d_i + e_i) ROOM,   e_i of the coefficients.
    ///
    /// @param f `[row][width]`, from `fo` on: the values whose errors are bounded
    /// @param x likewise, from `xo` on, what they are compared with, or the distances themselves
    /// @param share -1, or 0 where `x` holds distances
    /// @param largestX the largest magnitudes of the states, those of the strip from `lane` on
    /// @param largestU likewise, of the inputs
    /// @param r `[row][lanes]`, the strip's from `to` on; overwritten
    /// @param squares sums of the squares of `d`, from `lane` on; overwritten
    /// @param errors sums of the squares of `e`, likewise
    void residual(
            Coefficients rows,
            double[] f,
            int fo,
            double[] x,
            int xo,
            double share,
            double[] largestX,
            double[] largestU,
            int lane,
            double[] r,
            int to,
            int lanes,
            double[] squares,
            double[] errors);

    /// `sum_i r_i^2` and `max_i r_i w_i` of each lane of a panel.
    ///
    /// @param r `[row][lanes]`, from `o` on; `lanes` is a multiple of those of a strip
    /// @param w a factor for each row
    /// @param lane where the results of the first lane are
    void measure(double[] r, int o, int lanes, double[] w, double[] squares, double[] largest, int lane);

    /// The smaller of two bounds, `p = (e_i + tiny) relative` and `q = w_i factor`,
    ///
    ///     e_i = p < q ? p : q,
    ///
    /// and `sum_i e_i^2` and `max_i e_i`. Where `p` is not a number, it is no bound.
    ///
    /// @param e `[row][lanes]`, from `o` on; overwritten
    /// @param w a weight for each row
    /// @param factor one for each lane, from `lane` on
    /// @param lane where the results of the first lane are
    void contract(
            double[] e,
            int o,
            int lanes,
            double tiny,
            double relative,
            double[] w,
            double[] factor,
            double[] squares,
            double[] largest,
            int lane);
}
