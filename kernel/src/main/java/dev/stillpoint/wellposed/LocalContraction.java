package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;

/// Bounds of errors, lowered by the slopes of `phi` near a state.
///
/// Where `|x - x*| <= e` block by block, the true argument is within `d = |A| e` of that of the state, so that
///
///     |x_l - x*_l| <= r_l + gamma_l(d_l) d_l,   d_l = sum_h |A_lh| e_h,
///
/// with the Lipschitz constant of `phi` on that ball, [LocalSlopes]: where a ReLU is off, 0. Each such bound may
/// take the place of `e_l` at once, which narrows the others. The blocks are taken forwards and backwards in
/// turn, so that a triangular matrix takes one pass, until a pass lowers the bound by less than a fiftieth.
///
/// Immutable, but for what is handed over. Cost: two operations for an entry of `N` and pass, at most [#PASSES].
final class LocalContraction {
    private static final int PASSES = 64;
    private static final double ROOM = ResidualBound.ROOM;

    private final NonNegativeMatrix norms;
    private final ActivationBlocks blocks;
    private final LocalSlopes slopes;
    private final double expansion;

    /// Of a problem.
    ///
    /// @param norms `N(A, gamma)`
    LocalContraction(NonNegativeMatrix norms, ActivationBlocks blocks) {
        this.norms = norms;
        this.blocks = blocks;
        slopes = new LocalSlopes(blocks);
        double[] columns = new double[norms.size()];
        double row = 0;
        double column = 0;
        for (int l = 0; l < norms.size(); l++) {
            double sum = 0;
            for (int p = norms.start()[l]; p < norms.start()[l + 1]; p++) {
                sum += norms.upper()[p];
                columns[norms.column()[p]] += norms.upper()[p];
            }
            row = Math.max(row, sum);
        }
        for (double sum : columns) {
            column = Math.max(column, sum);
        }
        expansion = (1 + Math.sqrt(row * column)) * ROOM;
    }

    /// `1 + |N|_2` at most, of which `|f(x) - x|_2` is at most a multiple of `|x - x*|_2`.
    double expansion() {
        return expansion;
    }

    /// Lowers bounds of the errors of a state.
    ///
    /// @param e bounds of all blocks, all finite; lowered
    /// @param r bounds of the residuals
    /// @param accurate that has the argument of the state
    /// @param x the largest magnitude of the state
    /// @param u the largest magnitude of the input
    void lower(double[] e, double[] r, AccurateResidual accurate, double x, double u) {
        double[] argument = accurate.argument();
        double before = Double.POSITIVE_INFINITY;
        double after = sumSquares(e);
        for (int pass = 0; pass < PASSES && after < 0.96 * before; pass++) {
            for (int k = 0; k < e.length; k++) {
                int l = pass % 2 == 0 ? k : e.length - 1 - k;
                double moved = 0;
                for (int p = norms.start()[l]; p < norms.start()[l + 1]; p++) {
                    moved = Math.fma(norms.upper()[p], e[norms.column()[p]], moved);
                }
                // N has gamma in it.
                double gamma = blocks.gamma(l);
                moved = (moved * ROOM + Double.MIN_NORMAL) / gamma;
                double slope = slopes.bound(l, argument, moved * ROOM + accurate.uncertainty(l, x, u));
                double bound = Math.fma(slope, moved * ROOM, r[l]) * ROOM;
                // A not-a-number must not take the place of a bound.
                e[l] = bound < e[l] ? bound : e[l];
            }
            before = after;
            after = sumSquares(e);
        }
    }

    private static double sumSquares(double[] e) {
        double sum = 0;
        for (double value : e) {
            sum = Math.fma(value, value, sum);
        }
        return sum;
    }
}
