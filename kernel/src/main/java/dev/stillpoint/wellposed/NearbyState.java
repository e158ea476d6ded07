package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import java.util.Arrays;

/// Bounds of errors, lowered by way of a better state: with `y` from `x` by Picard iteration in FP64, and a bound
/// of the error of `y` by its own residual,
///
///     |x - x*| <= |x - y| + |y - x*|,
///
/// block by block. The iteration ends once the second term is known to be a fraction of the first, or after
/// [#ITERATIONS]; then the sum is hardly more than the error itself, however far the matrix is from normal.
///
/// One thread at a time. Cost: an iteration is an evaluation of `f` in twice the precision, scalar.
final class NearbyState {
    private static final int ITERATIONS = 200;
    private static final double ROOM = ResidualBound.ROOM;

    private final Certificate certificate;
    private final double[] weights;
    private final ActivationBlocks blocks;
    private final AccurateResidual accurate;
    private final double amplification;
    private final double[] r;
    private final double[] e;

    /// Of a certificate with weights `w`, of which loose bounds are sharpened.
    NearbyState(Certificate certificate, double[] weights, AccurateResidual accurate) {
        this.certificate = certificate;
        this.weights = weights;
        this.accurate = accurate;
        blocks = certificate.blocks;
        amplification = certificate.amplification();
        r = new double[blocks.count()];
        e = new double[blocks.count()];
    }

    /// Lowers the bounds of the errors of a state.
    ///
    /// @param row `x`, then the input; not modified
    /// @param u the largest magnitude of the input
    /// @param errors bounds of all blocks, lowered
    void lower(double[] row, double u, double[] errors) {
        int n = blocks.states();
        double[] y = row.clone();
        for (int k = 0; k < ITERATIONS; k++) {
            double[] f = accurate.image(y);
            double step = 0;
            double moved = 0;
            for (int i = 0; i < n; i++) {
                step = Math.fma(f[i] - y[i], f[i] - y[i], step);
                moved = Math.fma(f[i] - row[i], f[i] - row[i], moved);
                y[i] = f[i];
            }
            if (!(16 * amplification * amplification * step > moved)) {
                break;
            }
        }
        double largest = BoundWorker.largest(y, 0, n);
        Arrays.fill(r, Double.POSITIVE_INFINITY);
        accurate.bound(y, largest, u, r);
        double scaled = 0;
        for (int l = 0; l < r.length; l++) {
            scaled = Math.max(scaled, r[l] / weights[l] * ROOM);
        }
        for (int l = 0; l < r.length; l++) {
            e[l] = weights[l] * (scaled * certificate.amplification * ROOM);
        }
        certificate.sharpening().lower(e, r, accurate, largest, u);
        for (int l = 0; l < errors.length; l++) {
            double sum = 0;
            for (int i = blocks.begin(l); i < blocks.begin(l + 1); i++) {
                sum = Math.fma(y[i] - row[i], y[i] - row[i], sum);
            }
            double bound = (BoundWorker.rootUp(sum, blocks.size(l)) + e[l]) * ROOM;
            // A not-a-number must not take the place of a bound.
            errors[l] = bound < errors[l] ? bound : errors[l];
        }
    }
}
