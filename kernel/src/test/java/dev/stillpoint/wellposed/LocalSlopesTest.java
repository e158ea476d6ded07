package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Slopes on a ball against the Jacobians in it, of which the norms are found by power iteration.
class LocalSlopesTest {
    private final Balls balls = new Balls(3);

    /// On the way to where the slopes are largest: towards 0, and towards the mean.
    private static double[] inwards(double[] c, boolean toMean) {
        double mean = 0;
        for (double value : c) {
            mean += toMean ? value / c.length : 0;
        }
        double[] h = new double[c.length];
        for (int i = 0; i < h.length; i++) {
            h[i] = mean - c[i];
        }
        double length = Balls.norm(h);
        for (int i = 0; i < h.length; i++) {
            h[i] = length > 0 ? h[i] / length : 0;
        }
        return h;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relu",
                "leaky-relu:0.1",
                "leaky-relu:-2",
                "tanh",
                "sigmoid",
                "identity",
                "softmax:3",
                "softmax:7",
                "group-norm:4:0.5",
                "group-norm:6:0.001",
                "max-pool:3",
                "gate:sigmoid:tanh",
                "gate:tanh:sigmoid",
                "gate:tanh:tanh"
            })
    void noSlopeInTheBallIsLarger(String label) {
        Activation phi = Activation.parse(label);
        int n = phi.blockSize();
        LocalSlopes slopes = new LocalSlopes(ActivationBlocks.of(phi, n));
        double gamma = phi.lipschitz().constant();
        for (int trial = 0; trial < 400; trial++) {
            double size = Math.pow(10, 3 * balls.uniform(0, 1) - 1.5);
            double d = Math.pow(10, 4 * balls.uniform(0, 1) - 4);
            double[] c = balls.center(n, size);
            double bound = slopes.bound(0, c, d);
            assertTrue(bound <= gamma, label);
            for (int k = 0; k < 12; k++) {
                double[] h = k == 0 ? inwards(c, false) : k == 1 ? inwards(c, true) : balls.direction(n);
                double[] t = Balls.moved(c, h, k < 6 ? d : d * balls.uniform(0, 1));
                double slope = balls.jacobian(phi, t);
                // 1 - p^2 and its like are computed with a few roundings of numbers up to gamma.
                assertTrue(
                        slope <= bound + 16 * Math.ulp(gamma),
                        label + " trial " + trial + ": " + slope + " > " + bound);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "relu, 1",
        "leaky-relu:0.1, 1",
        "tanh, 1",
        "sigmoid, 1",
        "group-norm:4:0.5, 1.05",
        "group-norm:6:0.001, 1.05",
        "identity, 1",
        "softmax:4, 2",
        "gate:sigmoid:tanh, 1.42"
    })
    void aSmallBallHasTheSlopeOfItsCenter(String label, double factor) {
        Activation phi = Activation.parse(label);
        int n = phi.blockSize();
        LocalSlopes slopes = new LocalSlopes(ActivationBlocks.of(phi, n));
        for (int trial = 0; trial < 100; trial++) {
            double[] c = balls.center(n, 1);
            double slope = balls.jacobian(phi, c);
            double bound = slopes.bound(0, c, 1e-12);
            assertTrue(
                    bound
                            <= factor * slope * (1 + 1e-6)
                                    + 16 * Math.ulp(phi.lipschitz().constant()),
                    label + ": " + bound + " of " + slope);
        }
    }

    @Test
    void aReluWhoseSignIsNotCertainHasTheSlopeOne() {
        LocalSlopes slopes = new LocalSlopes(ActivationBlocks.of(Activation.relu(), 1));
        assertEquals(1, slopes.bound(0, new double[] {-1e-3}, 1e-3));
        assertTrue(slopes.bound(0, new double[] {-1e-3}, 0.99e-3) < 1e-300);
    }
}
