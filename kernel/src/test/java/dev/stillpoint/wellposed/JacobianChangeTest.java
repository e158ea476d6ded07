package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Changes of Jacobians on a ball against Jacobians in it, the norms of their differences found by power
/// iteration.
class JacobianChangeTest {
    private final Balls balls = new Balls(5);

    private static JacobianChange of(Activation phi) {
        ActivationBlocks blocks = ActivationBlocks.of(phi, phi.blockSize());
        return new JacobianChange(blocks, new LocalSlopes(blocks));
    }

    /// The second number: how many times as large as the largest change found the bound is at most somewhere.
    @ParameterizedTest
    @CsvSource({
        "relu, 1",
        "leaky-relu:-2, 1",
        "identity, 1",
        "tanh, 1.1",
        "sigmoid, 1.1",
        "softmax:3, 4",
        "softmax:7, 4",
        "group-norm:4:0.5, 7",
        "group-norm:6:0.001, 7",
        "max-pool:3, 1",
        "gate:sigmoid:tanh, 2",
        "gate:tanh:sigmoid, 2",
        "gate:tanh:tanh, 2"
    })
    void noChangeInTheBallIsLarger(String label, double factor) {
        Activation phi = Activation.parse(label);
        int n = phi.blockSize();
        JacobianChange changes = of(phi);
        double closest = Double.POSITIVE_INFINITY;
        for (int trial = 0; trial < 300; trial++) {
            double[] c = balls.center(n, Math.pow(10, balls.uniform(-1.5, 1)));
            double d = Math.pow(10, balls.uniform(-4, -0.5));
            double bound = changes.bound(0, c, d);
            double largest = 0;
            for (int k = 0; k < 12; k++) {
                double[] t = Balls.moved(c, balls.direction(n), d);
                double change = balls.norm(
                        n,
                        h -> Balls.difference(phi.derivativeTimes(t, h), phi.derivativeTimes(c, h)),
                        h -> Balls.difference(
                                phi.transposedDerivativeTimes(t, h), phi.transposedDerivativeTimes(c, h)));
                // Two Jacobians, each computed with a few roundings of numbers up to gamma.
                double rounding = 64 * Math.ulp(phi.lipschitz().constant());
                assertTrue(change <= bound + rounding, label + " trial " + trial + ": " + change + " > " + bound);
                largest = Math.max(largest, change);
            }
            closest = Math.min(closest, bound == 0 ? 0 : bound / largest);
        }
        assertTrue(closest <= factor, label + ": the bound is never nearer than by " + closest);
    }

    @Test
    void aKinkInTheBallLeavesNothingKnown() {
        double[] c = {0.5, 0.3, -1};
        assertEquals(Double.POSITIVE_INFINITY, of(Activation.relu()).bound(0, c, 0.5));
        assertEquals(0, of(Activation.relu()).bound(0, c, 0.49));
        assertEquals(
                Double.POSITIVE_INFINITY, of(Activation.parse("max-pool:3")).bound(0, c, 0.15));
        assertEquals(0, of(Activation.parse("max-pool:3")).bound(0, c, 0.13));
    }
}
