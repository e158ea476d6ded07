package dev.stillpoint.activation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.ShapeException;
import java.util.List;
import java.util.SplittableRandom;
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
            Activation.maxPool(1),
            Activation.gate(Activation.sigmoid(), Activation.tanh()));

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
