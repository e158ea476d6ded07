package dev.stillpoint.activation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.ShapeException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Derivatives of proximal maps against differences of them.
final class ProxDerivativeTest {
    private static final int N = 12;

    private static double[] uniform(double scale, SplittableRandom random) {
        return random.doubles(N, -scale, scale).toArray();
    }

    private static double[] moved(double[] v, double[] w, double by) {
        double[] moved = v.clone();
        for (int i = 0; i < N; i++) {
            moved[i] += by * w[i];
        }
        return moved;
    }

    /// Central differences with step `h` are off by `h^2/6 = 2^-36.6` times a third derivative, and by the error
    /// of the proximal map, at most 32 units, over `h`.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "relu",
                "leaky-relu:0.1",
                "tanh",
                "sigmoid",
                "identity",
                "softmax:3",
                "softmax:12",
                "blocks:relu@2/sigmoid@3/softmax:3@6/leaky-relu:0.3@1"
            })
    void derivativesAreThoseOfDifferences(String label) {
        Activation phi = Activation.parse(label);
        SplittableRandom random = new SplittableRandom(51);
        double h = 0x1p-17;
        for (double alpha : new double[] {0.05, 0.6, 1, 1.7, 20}) {
            for (int trial = 0; trial < 20; trial++) {
                double[] v = uniform(3, random);
                double[] w = uniform(1, random);
                double[] above = phi.prox(alpha, moved(v, w, h));
                double[] below = phi.prox(alpha, moved(v, w, -h));
                double[] actual = phi.proxDerivativeTimes(alpha, v, w);
                for (int i = 0; i < N; i++) {
                    if (Math.abs(v[i]) > h) {
                        double bound = 0x1p-30 + 32 * 0x1p-53 / h;
                        String where = "%s, alpha %s, seed 51, component %d".formatted(label, alpha, i);
                        assertEquals((above[i] - below[i]) / (2 * h), actual[i], bound, where);
                    }
                }
            }
        }
    }

    /// With step 1 the proximal map is the activation.
    @Test
    void stepOneIsTheActivation() {
        SplittableRandom random = new SplittableRandom(52);
        for (String label : new String[] {"relu", "leaky-relu:0.1", "tanh", "sigmoid", "identity", "softmax:3"}) {
            Activation phi = Activation.parse(label);
            double[] v = uniform(3, random);
            double[] w = uniform(1, random);
            assertArrayEquals(phi.derivativeTimes(v, w), phi.proxDerivativeTimes(1, v, w), label);
        }
    }

    /// The side of the derivative is that of the comparison.
    @Test
    void kinksHaveASide() {
        double[] v = {0, -0.0};
        double[] w = {3, 5};
        assertArrayEquals(w, Activation.relu().proxDerivativeTimes(0.5, v, w));
        assertArrayEquals(w, Activation.leakyRelu(0.1).proxDerivativeTimes(0.5, v, w));
    }

    @Test
    void whatHasNoneIsRefused() {
        double[] two = new double[2];
        assertThrows(IllegalStateException.class, () -> Activation.maxPool(2).proxDerivativeTimes(1, two, two));
        assertThrows(ShapeException.class, () -> Activation.softmax(3).proxDerivativeTimes(1, two, two));
        assertThrows(ShapeException.class, () -> Activation.relu().proxDerivativeTimes(1, two, new double[3]));
        for (double alpha : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class, () -> Activation.relu().proxDerivativeTimes(alpha, two, two));
            assertTrue(refused.getMessage().contains("alpha is"), refused.getMessage());
        }
    }
}
