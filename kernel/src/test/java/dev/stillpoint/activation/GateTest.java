package dev.stillpoint.activation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.ShapeException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Products of bounded functions over pairs of values.
final class GateTest {
    private static final double UNIT = 0x1p-53;

    static List<Activation> gates() {
        return List.of(
                Activation.gate(Activation.tanh(), Activation.tanh()),
                Activation.gate(Activation.sigmoid(), Activation.tanh()),
                Activation.gate(Activation.tanh(), Activation.sigmoid()),
                Activation.gate(Activation.sigmoid(), Activation.sigmoid()));
    }

    private static double at(Activation factor, double v) {
        return factor instanceof Tanh ? StrictMath.tanh(v) : 1 / (1 + StrictMath.exp(-v));
    }

    private static double slope(Activation factor, double v) {
        double t = at(factor, v);
        return factor instanceof Tanh ? 1 - t * t : t - t * t;
    }

    @ParameterizedTest
    @MethodSource("gates")
    void valuesAndDerivatives(Gate gate) {
        Random random = new Random(1);
        double[] v = random.doubles(6, -3, 3).toArray();
        double[] w = random.doubles(6, -1, 1).toArray();
        double[] value = gate.value(v);
        double[] derivative = gate.derivativeTimes(v, w);
        double[] transposed = gate.transposedDerivativeTimes(v, w);
        // Either function errs by 4 units at most, their product and the slopes by some more, of numbers of 1 at most.
        double tolerance = 32 * UNIT;
        for (int i = 0; i < 6; i += 2) {
            double t = at(gate.outer(), v[i]);
            double s = at(gate.inner(), v[i + 1]);
            assertEquals(t * s, value[i], tolerance);
            assertEquals(0, value[i + 1]);
            double byOuter = slope(gate.outer(), v[i]) * s;
            double byInner = t * slope(gate.inner(), v[i + 1]);
            assertEquals(byOuter * w[i] + byInner * w[i + 1], derivative[i], tolerance);
            assertEquals(0, derivative[i + 1]);
            assertEquals(byOuter * w[i], transposed[i], tolerance);
            assertEquals(byInner * w[i], transposed[i + 1], tolerance);
        }
    }

    @ParameterizedTest
    @MethodSource("gates")
    void theConstantHolds(Gate gate) {
        double largest = 0;
        for (double v = -6; v <= 6; v += 0.125) {
            for (double w = -6; w <= 6; w += 0.125) {
                double byOuter = slope(gate.outer(), v) * at(gate.inner(), w);
                double byInner = at(gate.outer(), v) * slope(gate.inner(), w);
                largest = Math.max(largest, Math.hypot(byOuter, byInner));
            }
        }
        double constant = gate.lipschitz().constant();
        assertTrue(largest <= constant, largest + " exceeds " + constant);
        assertTrue(largest >= 0.99 * constant, "the constant is far from " + largest);
    }

    @Test
    void aNotANumberSpoilsThePair() {
        Activation gate = Activation.gate(Activation.tanh(), Activation.sigmoid());
        double nan = Double.NaN;
        assertArrayEquals(new double[] {nan, nan, nan, nan}, gate.value(new double[] {nan, 1, 1, nan}));
    }

    @Test
    void labelsAndRefusals() {
        for (Activation gate : gates()) {
            assertEquals(gate, Activation.parse(gate.label()));
            assertEquals(2, gate.blockSize());
            assertFalse(gate.isProximal());
            assertThrows(IllegalStateException.class, () -> gate.objective(new double[2]));
            assertThrows(ShapeException.class, () -> gate.value(new double[3]));
        }
        assertThrows(IllegalArgumentException.class, () -> Activation.gate(Activation.relu(), Activation.tanh()));
        for (String wrong :
                List.of("gate", "gate:tanh", "gate:relu:tanh", "gate:tanh:softmax:2", "gate:tanh:tanh:tanh")) {
            String message = assertThrows(IllegalArgumentException.class, () -> Activation.parse(wrong), wrong)
                    .getMessage();
            assertTrue(message != null && message.contains(wrong), message);
        }
    }
}
