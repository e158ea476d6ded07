package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Activations and proximal maps of every vector engine give the bits of the scalar twin on arguments of every kind,
/// at any size, in panels and in single samples; a lane's result is its own.
final class VectorActivationTest {
    private static final double[] STEPS = {1e-3, 0.3, 0.999999, 1, 1.000001, 1.7, 50};

    private static Stream<Arguments> maps() {
        return VectorPanels.available().stream()
                .flatMap(panels -> Stream.of(
                                "relu",
                                "leaky-relu:0.1",
                                "leaky-relu:-0.5",
                                "identity",
                                "tanh",
                                "sigmoid",
                                "softmax:1",
                                "softmax:3",
                                "softmax:8",
                                "softmax:29",
                                "softmax:137",
                                "group-norm:1",
                                "group-norm:8:0.5",
                                "group-norm:29:1e-30",
                                "group-norm:137",
                                "max-pool:1",
                                "max-pool:3",
                                "max-pool:29")
                        .map(label -> Arguments.of(panels, Activation.parse(label))));
    }

    /// Rows that fill no vector and no tile, as far as blocks allow.
    private static List<Integer> rows(Activation phi) {
        int block = phi.blockSize();
        return block == 1 ? List.of(1, 7, 8, 39) : block > 100 ? List.of(block) : List.of(block, 3 * block);
    }

    private static List<Integer> lanes(VectorPanels panels) {
        return List.of(1, panels.length(), 2 * panels.length());
    }

    /// Random values over all exponents of the precision, over the moderate ones, and special ones.
    private static double value(SplittableRandom random, Precision precision, int kind) {
        int least = precision == Precision.F32 ? -149 : -1074;
        int most = precision == Precision.F32 ? 127 : 1023;
        double sign = random.nextBoolean() ? 1 : -1;
        double[] special = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            0,
            Math.scalb(1.0, least),
            Math.scalb(1.0, most),
            Math.scalb(1.0, least + 30),
            1,
            0.625,
            20,
            9.25,
            0.5
        };
        double x = switch (kind) {
            case 0 -> random.nextDouble(8);
            case 1 -> random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(-12, 8));
            case 2 -> random.nextDouble(1, 2) * Math.scalb(1.0, random.nextInt(least, most));
            default -> special[random.nextInt(special.length)];
        };
        return panelValue(precision, sign * x);
    }

    private static double panelValue(Precision precision, double x) {
        return precision == Precision.F32 ? (float) x : x;
    }

    /// Each lane has values of one kind, among which a special one appears at times: blocks of one kind, and blocks
    /// with a single intruder.
    private static double[] panel(SplittableRandom random, Precision precision, int rows, int lanes) {
        double[] v = new double[rows * lanes];
        for (int l = 0; l < lanes; l++) {
            int kind = random.nextInt(4);
            boolean pure = random.nextBoolean();
            for (int i = 0; i < rows; i++) {
                v[i * lanes + l] = value(random, precision, pure || random.nextInt(20) > 0 ? kind : 3);
            }
        }
        return v;
    }

    private static void assertBits(double[] expected, double[] actual, String what) {
        assertArrayEquals(bits(expected), bits(actual), what);
    }

    private static long[] bits(double[] x) {
        return Arrays.stream(x).mapToLong(Double::doubleToLongBits).toArray();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void values(VectorPanels panels, Activation phi) {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 6; round++) {
            for (int rows : rows(phi)) {
                for (int lanes : lanes(panels)) {
                    double[] v = panel(random, panels.precision(), rows, lanes);
                    double[] twin = panels.twinValue(phi, v, rows, lanes);
                    for (boolean inPlace : new boolean[] {false, true}) {
                        String what = "seed 7, round %d, %d rows, %d lanes, in place %s"
                                .formatted(round, rows, lanes, inPlace);
                        assertBits(twin, panels.value(phi, v, rows, lanes, inPlace), what);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("maps")
    void proximalMaps(VectorPanels panels, Activation phi) {
        if (!phi.isProximal()) {
            return;
        }
        SplittableRandom random = new SplittableRandom(9);
        for (double alpha : STEPS) {
            for (int rows : rows(phi)) {
                for (int lanes : lanes(panels)) {
                    double[] v = panel(random, panels.precision(), rows, lanes);
                    assertBits(
                            panels.twinProx(phi, alpha, v, rows, lanes),
                            panels.prox(phi, alpha, v, rows, lanes),
                            "seed 9, alpha %s, %d rows, %d lanes".formatted(alpha, rows, lanes));
                }
            }
        }
    }

    /// Every exponent, both signs: the roots of the iterations lie everywhere.
    @ParameterizedTest
    @MethodSource("maps")
    void everyMagnitude(VectorPanels panels, Activation phi) {
        int least = panels.precision() == Precision.F32 ? -149 : -1074;
        int most = panels.precision() == Precision.F32 ? 128 : 1024;
        int lanes = 2 * panels.length();
        int used = 2 * (most - least);
        int block = phi.blockSize() * lanes;
        double[] v = new double[(used + block - 1) / block * block];
        for (int i = 0; i < v.length; i++) {
            int e = least + i % used / 2;
            v[i] = panelValue(panels.precision(), Math.scalb(i % 2 == 0 ? 1.37 : -1.37, e));
        }
        int rows = v.length / lanes;
        assertBits(panels.twinValue(phi, v, rows, lanes), panels.value(phi, v, rows, lanes, true), "value");
        if (phi.isProximal()) {
            for (double alpha : STEPS) {
                assertBits(
                        panels.twinProx(phi, alpha, v, rows, lanes),
                        panels.prox(phi, alpha, v, rows, lanes),
                        "alpha " + alpha);
            }
        }
    }

    /// The neighbours of a lane decide how long it waits, not what it gets.
    @ParameterizedTest
    @MethodSource("maps")
    void aLanesResultIsItsOwn(VectorPanels panels, Activation phi) {
        SplittableRandom random = new SplittableRandom(21);
        int lanes = 2 * panels.length();
        int rows = 2 * phi.blockSize();
        double[] v = panel(random, panels.precision(), rows, lanes);
        double[] w = panel(random, panels.precision(), rows, lanes);
        int lane = random.nextInt(lanes);
        for (int i = 0; i < rows; i++) {
            double x = random.nextDouble(-3, 3);
            v[i * lanes + lane] = panelValue(panels.precision(), x);
            w[i * lanes + lane] = panelValue(panels.precision(), x);
        }
        List<double[]> results = new ArrayList<>();
        for (double[] panel : List.of(v, w)) {
            double[] result = phi.isProximal()
                    ? panels.prox(phi, 0.3, panel, rows, lanes)
                    : panels.value(phi, panel, rows, lanes, true);
            double[] own = new double[rows];
            for (int i = 0; i < rows; i++) {
                own[i] = result[i * lanes + lane];
            }
            results.add(own);
        }
        assertBits(results.get(0), results.get(1), "seed 21, lane " + lane);
    }

    /// What lies before and behind a panel stays as it is, beyond the vectors that single samples may reach over by.
    @ParameterizedTest
    @MethodSource("maps")
    void othersAreLeftAlone(VectorPanels panels, Activation phi) {
        int lanes = 2 * panels.length();
        int rows = phi.blockSize();
        double[] v = new double[rows * lanes];
        assertEquals(0, panels.strayed(phi, v, rows, lanes), phi.label());
    }
}
