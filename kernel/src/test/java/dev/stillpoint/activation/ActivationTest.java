package dev.stillpoint.activation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.ShapeException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Activations as values: labels, properties, and the mathematics of their double-precision methods.
class ActivationTest {
    private static final long SEED = 1729;
    private static final double U = 0x1p-53;
    private static final List<Activation> ALL = List.of(
            Activation.relu(),
            Activation.leakyRelu(0.1),
            Activation.leakyRelu(-0.5),
            Activation.leakyRelu(3),
            Activation.tanh(),
            Activation.sigmoid(),
            Activation.identity(),
            Activation.softmax(4),
            Activation.softmax(1),
            Activation.groupNorm(4, 1),
            Activation.groupNorm(1),
            Activation.maxPool(4),
            Activation.maxPool(1));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relu",
                "leaky-relu:0.1",
                "leaky-relu:-0.5",
                "leaky-relu:0.0",
                "leaky-relu:1.0E-7",
                "tanh",
                "sigmoid",
                "identity",
                "softmax:1",
                "softmax:10",
                "group-norm:4",
                "group-norm:4:0.001",
                "max-pool:9",
                "blocks:relu@64/softmax:10@10",
                "blocks:leaky-relu:1.0E-7@3/group-norm:2:0.5@4/max-pool:4@8/tanh@1"
            })
    void labelsRoundTrip(String label) {
        Activation phi = Activation.parse(label);
        assertEquals(label, phi.label());
        assertEquals(phi, Activation.parse(phi.label()));
    }

    @Test
    void labelsOfEveryActivationRoundTrip() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (Activation phi : ALL) {
            assertEquals(phi, Activation.parse(phi.label()));
        }
        for (int i = 0; i < 1000; i++) {
            double slope = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(slope)) {
                Activation phi = Activation.leakyRelu(slope);
                assertEquals(phi, Activation.parse(phi.label()), () -> "seed " + SEED);
            }
        }
        assertEquals(new LeakyRelu(0.5), Activation.parse("leaky-relu:+.5"));
        assertEquals(new LeakyRelu(2), Activation.parse("leaky-relu:2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Relu",
                "relu:",
                "relu:1",
                "tanh:2",
                "gelu",
                "leaky-relu",
                "leaky-relu:",
                "leaky-relu:x",
                "leaky-relu:NaN",
                "leaky-relu:1e999",
                "leaky-relu:0.1f",
                "leaky-relu: 1",
                "softmax",
                "softmax:0",
                "softmax:-1",
                "softmax:1.5",
                "softmax:99999999999",
                "group-norm",
                "group-norm:0",
                "group-norm:4:",
                "group-norm:4:0",
                "group-norm:4:-1",
                "group-norm:4:1e-60",
                "max-pool",
                "max-pool:0",
                "blocks",
                "blocks:",
                "blocks:relu",
                "blocks:relu@",
                "blocks:relu@0",
                "blocks:gelu@4",
                "blocks:softmax:4@6",
                "blocks:relu@4/"
            })
    void wrongLabelsAreRefused(String label) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Activation.parse(label));
        assertTrue(refused.getMessage().contains("'" + label + "'"), refused.getMessage());
        for (String known :
                List.of("relu", "leaky-relu:SLOPE", "tanh", "sigmoid", "identity", "softmax:BLOCK", "max-pool:BLOCK")) {
            assertTrue(refused.getMessage().contains(known), refused.getMessage());
        }
    }

    @Test
    void parametersAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> Activation.leakyRelu(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Activation.leakyRelu(Double.NEGATIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> Activation.softmax(0));
        assertThrows(IllegalArgumentException.class, () -> Activation.maxPool(0));
        assertThrows(IllegalArgumentException.class, () -> Activation.groupNorm(0));
        for (double eps : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-60}) {
            assertThrows(IllegalArgumentException.class, () -> Activation.groupNorm(4, eps));
        }
        for (double alpha : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> Activation.tanh().prox(alpha, new double[1]));
        }
        Activation softmax = Activation.softmax(4);
        assertThrows(ShapeException.class, () -> softmax.value(new double[6]));
        assertThrows(ShapeException.class, () -> softmax.prox(1, new double[6]));
        assertThrows(ShapeException.class, () -> softmax.objective(new double[6]));
        assertThrows(ShapeException.class, () -> softmax.derivativeTimes(new double[8], new double[4]));
        assertThrows(ShapeException.class, () -> Activation.relu().derivativeTimes(new double[3], new double[2]));
        assertEquals(0, Activation.softmax(4).value(new double[0]).length);
    }

    @Test
    void properties() {
        assertTrue(Activation.relu().isComponentwise());
        assertFalse(Activation.softmax(4).isComponentwise());
        assertEquals(4, Activation.softmax(4).blockSize());
        assertEquals(
                new Lipschitz(0.5, Lipschitz.Norm.TWO), Activation.softmax(4).lipschitz());
        assertEquals(0.25, Activation.sigmoid().lipschitz().constant());
        assertEquals(3, Activation.leakyRelu(-3).lipschitz().constant());
        assertEquals(1, Activation.leakyRelu(-0.5).lipschitz().constant());
        for (double slope : new double[] {0, 0.3, 1}) {
            assertTrue(Activation.leakyRelu(slope).isProximal());
        }
        for (double slope : new double[] {-0.5, -1e-9, 1.5}) {
            Activation phi = Activation.leakyRelu(slope);
            assertFalse(phi.isProximal());
            assertThrows(IllegalStateException.class, () -> phi.prox(1, new double[1]));
            assertThrows(IllegalStateException.class, () -> phi.objective(new double[1]));
        }
    }

    @Test
    void blockwiseMapsThatAreNoProximalMaps() {
        for (Activation phi : List.of(Activation.groupNorm(2), Activation.maxPool(2))) {
            assertFalse(phi.isProximal());
            assertThrows(IllegalStateException.class, () -> phi.prox(1, new double[2]));
            assertThrows(IllegalStateException.class, () -> phi.objective(new double[2]));
        }
        assertEquals(new Lipschitz(1, Lipschitz.Norm.TWO), Activation.maxPool(4).lipschitz());
        assertEquals(2, Activation.groupNorm(4, 0.25).lipschitz().constant());
        for (double eps : new double[] {1e-5, 0.1, 3, 7e-30}) {
            BigDecimal constant =
                    new BigDecimal(Activation.groupNorm(4, eps).lipschitz().constant());
            BigDecimal square = constant.pow(2).multiply(new BigDecimal(eps));
            assertTrue(square.compareTo(BigDecimal.ONE) >= 0, "the constant is rounded up");
            assertEquals(1, square.doubleValue(), 8 * U);
        }
    }

    /// The mean of the result is 0 and its mean square `var/(var + eps)`, to their roundings.
    @Test
    void groupNormOfABlock() {
        double[] p = Activation.groupNorm(4, 11).value(new double[] {1, 3, 5, 7, -2, -2, -2, -2});
        // Mean 4, squares 9 + 1 + 1 + 9, variance 5, root 4: all exact.
        assertArrayEquals(new double[] {-0.75, -0.25, 0.25, 0.75, 0, 0, 0, 0}, p);
        double[] spoilt =
                Activation.groupNorm(2).value(new double[] {Double.POSITIVE_INFINITY, 0, Double.NaN, 1, 2, 2});
        for (int i = 0; i < 4; i++) {
            assertTrue(Double.isNaN(spoilt[i]));
        }
        assertEquals(0, spoilt[4]);
    }

    @Test
    void maxPoolOfABlock() {
        Activation phi = Activation.maxPool(3);
        double[] v = {1, 4, 4, -7, -9, -8, 1, Double.NaN, 2};
        double nan = Double.NaN;
        assertArrayEquals(new double[] {4, 0, 0, -7, 0, 0, nan, nan, nan}, phi.value(v));
        double[] w = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertArrayEquals(new double[] {2, 0, 0, 4, 0, 0, nan, nan, nan}, phi.derivativeTimes(v, w));
        assertArrayEquals(new double[] {0, 1, 0, 4, 0, 0, nan, nan, nan}, phi.transposedDerivativeTimes(v, w));
    }

    /// `w'(J v) = (J'w)'v` for the directions, to the roundings of products of some ten operations.
    @Test
    void transposedDerivative() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Activation> all = new ArrayList<>(ALL);
        all.add(Activation.parse("blocks:tanh@3/max-pool:2@4/group-norm:5@5"));
        for (Activation phi : all) {
            double[] v = random(random, 12, 2);
            double[] right = random(random, 12, 1);
            double[] left = random(random, 12, 1);
            double[] forth = phi.derivativeTimes(v, right);
            double[] back = phi.transposedDerivativeTimes(v, left);
            double difference = 0;
            double size = 0;
            for (int i = 0; i < 12; i++) {
                difference += left[i] * forth[i] - back[i] * right[i];
                size += Math.abs(left[i] * forth[i]) + Math.abs(back[i] * right[i]);
            }
            double constant = phi.lipschitz().constant();
            assertTrue(Math.abs(difference) <= 64 * U * (size + constant), () -> phi.label() + " seed " + SEED);
        }
    }

    @Test
    void partsActOnTheirOwnValues() {
        Activation phi = Activation.parse("blocks:relu@3/softmax:2@4/leaky-relu:0.5@1");
        double[] v = {-1, 2, -3, 0.5, 0.25, 1, -1, -2};
        double[] w = {1, 2, 3, 4, 5, 6, 7, 8};
        double[] soft = {0.5, 0.25, 1, -1};
        double[] softW = {4, 5, 6, 7};
        Activation softmax = Activation.softmax(2);
        assertArrayEquals(joined(new double[] {0, 2, 0}, softmax.value(soft), -1), phi.value(v));
        assertArrayEquals(
                joined(new double[] {0, 2, 0}, softmax.derivativeTimes(soft, softW), 4), phi.derivativeTimes(v, w));
        assertArrayEquals(
                joined(new double[] {0, 2, 0}, softmax.prox(3, soft), -2 * 0.5 / (0.5 + 3 * 0.5)), phi.prox(3, v));
        double[] x = joined(new double[] {0, 2, 0}, new double[] {0, 1, 0.5, 0.5}, -2);
        assertEquals(
                softmax.objective(new double[] {0, 1, 0.5, 0.5})
                        + Activation.leakyRelu(0.5).objective(new double[] {-2}),
                phi.objective(x));
        assertThrows(ShapeException.class, () -> phi.value(new double[16]));
        assertEquals(8, phi.blockSize());
        assertTrue(phi.isProximal() && !phi.isPositivelyHomogeneous() && !phi.isComponentwise());
        assertFalse(Activation.parse("blocks:relu@3/max-pool:2@4").isProximal());
        assertTrue(Activation.parse("blocks:relu@3/max-pool:2@4").isPositivelyHomogeneous());
        assertEquals(
                3,
                Activation.parse("blocks:leaky-relu:3@3/sigmoid@4").lipschitz().constant());
    }

    private static double[] joined(double[] first, double[] second, double last) {
        return Stream.of(first, second, new double[] {last})
                .flatMapToDouble(DoubleStream::of)
                .toArray();
    }

    @Test
    void partsAreSimplified() {
        BlockActivation inner = (BlockActivation) Activation.parse("blocks:relu@3/tanh@1");
        Activation outer = Activation.blocks(
                new BlockActivation.Part(inner, 4),
                new BlockActivation.Part(Activation.tanh(), 2),
                new BlockActivation.Part(inner, 4));
        assertEquals("blocks:relu@3/tanh@3/relu@3/tanh@1", outer.label());
        assertThrows(ShapeException.class, () -> new BlockActivation.Part(inner, 8));
        assertThrows(IllegalArgumentException.class, () -> new BlockActivation(List.of()));
    }

    /// Differences of the value never exceed the constant, and come near it.
    @Test
    void lipschitzConstants() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (Activation phi : ALL) {
            double largest = 0;
            int n = phi.blockSize();
            for (int i = 0; i < 4000; i++) {
                double spread = i % 2 == 0 ? 1e-2 : 1;
                double[] v = random(random, n, 1);
                double[] w = random(random, n, 1);
                for (int j = 0; j < n; j++) {
                    w[j] = v[j] + spread * (w[j] - v[j]);
                }
                largest = Math.max(largest, distance(phi.value(v), phi.value(w)) / distance(v, w));
            }
            double constant = phi.lipschitz().constant();
            // The values have errors of a few units, the distances are at least about 1e-6.
            assertTrue(largest <= constant + 1e7 * U, () -> phi.label() + " seed " + SEED);
            boolean isConstant = phi.equals(Activation.softmax(1)) || phi.equals(Activation.groupNorm(1));
            assertTrue(largest > 0.5 * constant || isConstant, () -> phi.label());
        }
    }

    @Test
    void positiveHomogeneity() {
        double[] v = random(new SplittableRandom(SEED), 8, 1);
        double[] scaled = v.clone();
        for (int i = 0; i < v.length; i++) {
            scaled[i] *= 4;
        }
        for (Activation phi : ALL) {
            double[] value = phi.value(v);
            for (int i = 0; i < v.length; i++) {
                value[i] *= 4;
            }
            boolean same = distance(value, phi.value(scaled)) == 0;
            assertEquals(phi.isPositivelyHomogeneous(), same, phi.label());
        }
    }

    /// Central differences of step `h`: wrong by `h^2/6` times a third derivative of at most 2, and by the errors
    /// of two values, below 10 units, over `2h`.
    @Test
    void derivativeAgainstDifferences() {
        double h = 0x1p-17;
        double bound = h * h / 3 + 10 * U / h;
        SplittableRandom random = new SplittableRandom(SEED);
        for (Activation phi : ALL) {
            double[] v = random(random, 200, 3);
            double[] w = random(random, 200, 1);
            double[] up = new double[200];
            double[] down = new double[200];
            for (int i = 0; i < 200; i++) {
                v[i] += Math.copySign(2 * h, v[i]);
                up[i] = v[i] + h * w[i];
                down[i] = v[i] - h * w[i];
            }
            double[] derivative = phi.derivativeTimes(v, w);
            double[] high = phi.value(up);
            double[] low = phi.value(down);
            for (int i = 0; i < 200; i++) {
                double size = 1 + Math.abs(v[i]) * phi.lipschitz().constant();
                assertEquals(
                        (high[i] - low[i]) / (2 * h), derivative[i], bound * size, () -> phi.label() + " seed " + SEED);
            }
        }
    }

    @Test
    void derivativeAtTheKink() {
        double[] zeros = {0.0, -0.0, -Double.MIN_VALUE};
        double[] ones = {1, 1, 1};
        assertArrayEquals(new double[] {1, 1, 0}, Activation.relu().derivativeTimes(zeros, ones));
        assertArrayEquals(new double[] {1, 1, 0.25}, Activation.leakyRelu(0.25).derivativeTimes(zeros, ones));
        // A selection, not a product: infinite directions do not become not-a-number.
        double[] infinite = {Double.POSITIVE_INFINITY};
        assertArrayEquals(new double[] {0}, Activation.relu().derivativeTimes(new double[] {-1}, infinite));
    }

    /// `prox` has a smaller value of `alpha f(x) + |x - v|^2/2` than any other point tried: a grid and its
    /// neighbours for componentwise maps, random points of the simplex for softmax.
    @Test
    void proxMinimises() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (Activation phi : ALL) {
            if (!phi.isProximal()) {
                continue;
            }
            int n = phi.blockSize();
            for (double alpha : new double[] {1e-3, 0.1, 0.5, 1, 2, 10, 1e3}) {
                for (int trial = 0; trial < 20; trial++) {
                    double[] v = random(random, n, 3);
                    double[] p = phi.prox(alpha, v);
                    double least = merit(phi, alpha, v, p);
                    // Roundings of the merit: of f, below 10 units of its terms, which are below 2, and of the square.
                    double slack = 10 * U * (2 * alpha * n + distance(p, v) * distance(p, v) + 1);
                    for (int k = 0; k <= 200; k++) {
                        double[] x = n > 1
                                ? simplex(random, p)
                                : new double[] {k < 100 ? -1.5 + 0.03 * k : p[0] + Math.scalb(k - 150.0, -10)};
                        double other = merit(phi, alpha, v, x);
                        assertTrue(
                                least <= other + slack,
                                () -> "%s alpha %s seed %d".formatted(phi.label(), alpha, SEED));
                    }
                }
            }
        }
    }

    private static double[] simplex(SplittableRandom random, double[] p) {
        double[] x = new double[p.length];
        double blend = Math.scalb(1.0, -random.nextInt(12));
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = -Math.log(random.nextDouble());
            sum += x[i];
        }
        double rest = 1;
        for (int i = 1; i < x.length; i++) {
            x[i] = blend * x[i] / sum + (1 - blend) * p[i];
            rest -= x[i];
        }
        x[0] = rest;
        return x;
    }

    private static double merit(Activation phi, double alpha, double[] v, double[] x) {
        double d = distance(x, v);
        return alpha * phi.objective(x) + d * d / 2;
    }

    @Test
    void objectiveValues() {
        double infinity = Double.POSITIVE_INFINITY;
        assertEquals(0, Activation.relu().objective(new double[] {0, 3}));
        assertEquals(infinity, Activation.relu().objective(new double[] {1, -1e-300}));
        assertEquals(infinity, Activation.leakyRelu(0).objective(new double[] {-1}));
        assertEquals(0, Activation.leakyRelu(0).objective(new double[] {2}));
        assertEquals(1.5 * 4, Activation.leakyRelu(0.25).objective(new double[] {-2, 7}));
        assertEquals(0, Activation.identity().objective(new double[] {-2, 7}));
        double end = StrictMath.log(2) - 0.5;
        assertEquals(2 * end, Activation.tanh().objective(new double[] {1, -1}), 4 * U);
        assertEquals(infinity, Activation.tanh().objective(new double[] {Math.nextUp(1.0)}));
        // 0.5 artanh 0.5 + ln(0.75)/2 - 1/8
        double half = 0.25 * StrictMath.log(3) + StrictMath.log(0.75) / 2 - 0.125;
        assertEquals(half, Activation.tanh().objective(new double[] {0.5}), 4 * U);
        assertEquals(-StrictMath.log(2) - 0.125, Activation.sigmoid().objective(new double[] {0.5}), 4 * U);
        assertEquals(-0.5, Activation.sigmoid().objective(new double[] {0, 1}));
        assertEquals(infinity, Activation.sigmoid().objective(new double[] {-1e-300}));
        assertEquals(
                -StrictMath.log(4) - 0.125, Activation.softmax(4).objective(new double[] {.25, .25, .25, .25}), 8 * U);
        assertEquals(infinity, Activation.softmax(2).objective(new double[] {0.5, 0.75}));
        assertEquals(infinity, Activation.softmax(2).objective(new double[] {-0.5, 1.5}));
        assertEquals(-0.5, Activation.softmax(2).objective(new double[] {0, 1}));
        for (Activation phi : ALL) {
            if (phi.isProximal()) {
                double[] x = new double[phi.blockSize()];
                x[0] = Double.NaN;
                assertEquals(Double.NaN, phi.objective(x), phi.label());
            }
        }
    }

    @Test
    void methodsDoNotModifyTheirArguments() {
        double[] v = random(new SplittableRandom(SEED), 8, 2);
        double[] w = random(new SplittableRandom(SEED + 1), 8, 2);
        double[] v0 = v.clone();
        double[] w0 = w.clone();
        for (Activation phi : ALL) {
            phi.value(v);
            phi.derivativeTimes(v, w);
            if (phi.isProximal()) {
                phi.prox(0.5, v);
                phi.objective(v);
            }
        }
        assertArrayEquals(v0, v);
        assertArrayEquals(w0, w);
    }

    private static double[] random(SplittableRandom random, int n, double size) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = size * random.nextDouble(-1, 1);
        }
        return x;
    }

    private static double distance(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }
}
