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

    /// What the rounding of `f = phi(Ax + Bu + bias)` is bounded with, a value for each row of a panel.
    ///
    /// @param a row sums of `|A|`
    /// @param b row sums of `|B|`
    /// @param bias magnitudes of the bias
    /// @param carried error of `f` for an argument of magnitude 1
    /// @param relative error of `phi` for a value of magnitude 1
    /// @param absolute error beside these
    @SuppressWarnings("ArrayRecordComponent") // handed to kernels, never compared
    record Coefficients(double[] a, double[] b, double[] bias, double[] carried, double[] relative, double[] absolute) {
        /// `T = (a X + (b U + bias)) ROOM`.
        public double argument(int i, double x, double u) {
            return Math.fma(a[i], x, Math.fma(b[i], u, bias[i])) * ROOM;
        }

        /// `e = (carried T + relative |f| + absolute) ROOM`.
        public double error(int i, double argument, double f) {
            return (Math.fma(carried[i], argument, relative[i] * Math.abs(f)) + absolute[i]) * ROOM;
        }

        /// Rows.
        public int count() {
            return a.length;
        }
    }

    /// Width of the vectors in bits, 0 for the scalar twin.
    int bits();

    /// From the differences `d` of a strip and its values `f` to bounds of residuals, rounding included:
    ///
    ///     r_i = (d_i + e_i) ROOM,   e_i of the coefficients.
    ///
    /// @param d `[row][width]`, not negative, from `from` on
    /// @param f likewise, the values whose rounding is bounded
    /// @param width lanes of the strip
    /// @param x the largest magnitudes of the states, those of the strip from `lane` on
    /// @param u likewise, of the inputs
    /// @param r `[row][lanes]`, the strip's from `to` on; overwritten
    /// @param squares sums of the squares of `d`, from `lane` on; overwritten
    /// @param errors sums of the squares of `e`, likewise
    void residual(
            Coefficients rows,
            double[] d,
            double[] f,
            int from,
            int width,
            double[] x,
            double[] u,
            int lane,
            double[] r,
            int to,
            int lanes,
            double[] squares,
            double[] errors);

    /// `sum_i r_i^2` and `max_i r_i w_i` of each lane of a panel.
    ///
    /// @param r `[row][lanes]`, from `o` on
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
