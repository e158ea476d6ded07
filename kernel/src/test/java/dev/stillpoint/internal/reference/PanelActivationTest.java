package dev.stillpoint.internal.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.activation.Activation;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Panels of any number of lanes, and what each activation computes in a component.
class PanelActivationTest {
    private static final long SEED = 99;
    private static final int ROWS = 60;
    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        -1,
        0.625,
        -0.625,
        1e-40,
        -1e-40,
        20,
        -20,
        -95,
        1e30,
        -1e30,
        Double.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    private static Stream<Arguments> widthsAndActivations() {
        List<String> labels = List.of(
                "relu",
                "leaky-relu:0.1",
                "leaky-relu:0",
                "leaky-relu:1",
                "tanh",
                "sigmoid",
                "identity",
                "softmax:1",
                "softmax:3",
                "softmax:10",
                "softmax:20");
        return Stream.of(Panels.values())
                .flatMap(width -> labels.stream().map(label -> Arguments.of(width, Activation.parse(label))));
    }

    private static double[] panel(Panels width, SplittableRandom random, int lanes, boolean special) {
        double[] v = new double[ROWS * lanes];
        for (int i = 0; i < v.length; i++) {
            boolean odd = special && random.nextInt(12) == 0;
            v[i] = width.round(odd ? SPECIAL[random.nextInt(SPECIAL.length)] : 3 * random.nextDouble(-1, 1));
        }
        return v;
    }

    private static double[] lane(double[] panel, int lanes, int lane) {
        double[] x = new double[panel.length / lanes];
        for (int i = 0; i < x.length; i++) {
            x[i] = panel[i * lanes + lane];
        }
        return x;
    }

    /// Bit for bit: `assertArrayEquals` tells zeros apart and takes all not-a-numbers as one.
    @ParameterizedTest
    @MethodSource("widthsAndActivations")
    void lanesAreIndependent(Panels width, Activation phi) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int lanes : new int[] {1, 3, 8, 13}) {
            double[] v = panel(width, random, lanes, true);
            double[] w = panel(width, random, lanes, true);
            double[] value = width.value(phi, v, lanes, false);
            double[] small = width.prox(phi, 0.3, v, lanes, false);
            double[] large = width.prox(phi, 7, v, lanes, false);
            double[] derivative = width.derivativeTimes(phi, v, w, lanes, false);
            for (int l = 0; l < lanes; l++) {
                String message = "lane " + l + " of " + lanes + ", seed " + SEED;
                double[] x = lane(v, lanes, l);
                assertArrayEquals(width.value(phi, x, 1, false), lane(value, lanes, l), message);
                assertArrayEquals(width.prox(phi, 0.3, x, 1, false), lane(small, lanes, l), message);
                assertArrayEquals(width.prox(phi, 7, x, 1, false), lane(large, lanes, l), message);
                assertArrayEquals(
                        width.derivativeTimes(phi, x, lane(w, lanes, l), 1, false),
                        lane(derivative, lanes, l),
                        message);
            }
            assertArrayEquals(value, width.value(phi, v, lanes, true), "value in place");
            assertArrayEquals(small, width.prox(phi, 0.3, v, lanes, true), "prox in place");
            assertArrayEquals(derivative, width.derivativeTimes(phi, v, w, lanes, true), "derivative in place");
        }
    }

    @ParameterizedTest
    @MethodSource("widthsAndActivations")
    void proxOfUnitStepIsTheValue(Panels width, Activation phi) {
        double[] v = panel(width, new SplittableRandom(SEED), 8, true);
        assertArrayEquals(width.value(phi, v, 8, false), width.prox(phi, 1, v, 8, false));
    }

    /// Every component of a componentwise map, special values included, is the function written out.
    @ParameterizedTest
    @EnumSource
    void componentwise(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        boolean single = width == Panels.F32;
        DoubleUnaryOperator tanh = x -> single ? ElementaryF32.tanh((float) x) : ElementaryF64.tanh(x);
        DoubleUnaryOperator sigmoid = x -> single ? ElementaryF32.sigmoid((float) x) : ElementaryF64.sigmoid(x);
        double slope = width.round(0.1);
        check(width, "relu", random, x -> x < 0 ? 0 : x, (x, w) -> x < 0 ? 0 : w);
        check(width, "identity", random, x -> x, (x, w) -> w);
        // A product of two floats is exact in double, so that rounding it once more gives the product in float.
        check(
                width,
                "leaky-relu:0.1",
                random,
                x -> x < 0 ? width.round(slope * x) : x,
                (x, w) -> x < 0 ? width.round(slope * w) : w);
        check(width, "leaky-relu:-2", random, x -> x < 0 ? -2 * x : x, (x, w) -> x < 0 ? -2 * w : w);
        check(width, "tanh", random, tanh, (x, w) -> {
            double t = tanh.applyAsDouble(x);
            return width.round(width.round(Math.fma(-t, t, 1)) * w);
        });
        check(width, "sigmoid", random, sigmoid, (x, w) -> {
            double s = sigmoid.applyAsDouble(x);
            return width.round(width.round(Math.fma(-s, s, s)) * w);
        });
    }

    private static void check(
            Panels width,
            String label,
            SplittableRandom random,
            DoubleUnaryOperator value,
            DoubleBinaryOperator derivative) {
        double[] v = panel(width, random, 3, true);
        double[] w = panel(width, random, 3, true);
        double[] p = width.value(Activation.parse(label), v, 3, false);
        double[] d = width.derivativeTimes(Activation.parse(label), v, w, 3, false);
        for (int i = 0; i < v.length; i++) {
            String message = label + " at " + v[i] + " along " + w[i];
            assertEquals(width.round(value.applyAsDouble(v[i])), p[i], message);
            assertEquals(width.round(derivative.applyAsDouble(v[i], w[i])), d[i], message);
        }
    }

    /// `prox` of ReLU, the identity and leaky ReLU in closed form; `s/(s + alpha (1 - s))` has four roundings, the
    /// product one more, and `s` itself one.
    @ParameterizedTest
    @EnumSource
    void proxOfPiecewiseLinearMaps(Panels width) {
        double[] v = panel(width, new SplittableRandom(SEED), 3, true);
        for (double alpha : new double[] {1e-6, 0.3, 2, 1e6}) {
            assertArrayEquals(
                    width.value(Activation.relu(), v, 3, false), width.prox(Activation.relu(), alpha, v, 3, false));
            assertArrayEquals(v, width.prox(Activation.identity(), alpha, v, 3, false));
            for (double slope : new double[] {0.1, 0.9, 1}) {
                double[] p = width.prox(Activation.leakyRelu(slope), alpha, v, 3, false);
                for (int i = 0; i < v.length; i++) {
                    double exact = v[i] < 0 ? slope / (slope + alpha * (1 - slope)) * v[i] : v[i];
                    double bound = Double.isFinite(exact) ? Math.abs(exact) * 8 * width.u + Float.MIN_VALUE : 0;
                    assertEquals(exact, p[i], bound, "slope " + slope + " alpha " + alpha + " v " + v[i]);
                }
            }
            for (double x : width.prox(Activation.leakyRelu(0), alpha, new double[] {-1, -3e5, -0.0}, 3, false)) {
                assertEquals(0, Math.abs(x));
            }
        }
    }
}
