package dev.stillpoint.internal.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Softmax, its derivative and proximal map against exact arithmetic and the conditions that define them.
class PanelSoftmaxTest {
    private static final long SEED = 8128;
    private static final int[] BLOCKS = {1, 2, 3, 8, 9, 10, 33, 207};

    private static double[] block(Panels width, SplittableRandom random, int size, double spread) {
        double[] v = new double[size];
        for (int i = 0; i < size; i++) {
            v[i] = width.round(spread * random.nextDouble(-1, 1));
        }
        return v;
    }

    private static BigDecimal[] exactSoftmax(double[] v) {
        double top = Arrays.stream(v).max().orElseThrow();
        BigDecimal[] p = new BigDecimal[v.length];
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < v.length; i++) {
            p[i] = ExactFunctions.exp(new BigDecimal(v[i]).subtract(new BigDecimal(top)));
            sum = sum.add(p[i], ExactFunctions.DIGITS);
        }
        for (int i = 0; i < v.length; i++) {
            p[i] = p[i].divide(sum, ExactFunctions.DIGITS);
        }
        return p;
    }

    /// Relative error of `p_i` in units of roundoff: 2 for the exponential and `|v_i - m|` for its argument, the same
    /// on average in the sum, whose additions are 7 and the levels of the tree, and 1 for the division.
    private static double units(double[] v) {
        double spread =
                Arrays.stream(v).max().orElseThrow() - Arrays.stream(v).min().orElseThrow();
        return 2 * (2 + spread) + 8 + Math.log(v.length) / Math.log(2);
    }

    @ParameterizedTest
    @EnumSource
    void value(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int size : BLOCKS) {
            for (double spread : new double[] {1e-3, 1, 30}) {
                double[] v = block(width, random, size, spread);
                BigDecimal[] exact = exactSoftmax(v);
                double[] p = width.value(Activation.softmax(size), v, 1, false);
                for (int i = 0; i < size; i++) {
                    double e = exact[i].doubleValue();
                    // The reference, rounded to double, has an error of its own there.
                    double error =
                            Math.abs(new BigDecimal(p[i]).subtract(exact[i]).doubleValue());
                    assertTrue(error <= units(v) * width.u * e, () -> "block " + size + " seed " + SEED);
                }
            }
        }
    }

    /// Equal components: the exponentials are 1, their sum is exact, and the division rounds once.
    @ParameterizedTest
    @EnumSource
    void equalComponents(Panels width) {
        for (int size : BLOCKS) {
            double[] v = new double[size];
            double[] expected = new double[size];
            Arrays.fill(v, 3.25);
            Arrays.fill(expected, width.round(1.0 / size));
            assertArrayEquals(expected, width.value(Activation.softmax(size), v, 1, false));
            for (double alpha : new double[] {0.25, 4}) {
                double[] p = width.prox(Activation.softmax(size), alpha, v, 1, false);
                for (double x : p) {
                    // All are the same, so that only the sum and the division round.
                    assertEquals(1.0 / size, x, (9 + Math.log(size)) * width.u / size);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void derivativeTimes(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int size : BLOCKS) {
            double[] v = block(width, random, size, 2);
            double[] w = block(width, random, size, 1);
            BigDecimal[] p = exactSoftmax(v);
            BigDecimal mean = BigDecimal.ZERO;
            double absolute = 0;
            for (int i = 0; i < size; i++) {
                mean = mean.add(p[i].multiply(new BigDecimal(w[i])));
                absolute += p[i].doubleValue() * Math.abs(w[i]);
            }
            double[] out = width.derivativeTimes(Activation.softmax(size), v, w, 1, false);
            for (int i = 0; i < size; i++) {
                double exact =
                        p[i].multiply(new BigDecimal(w[i]).subtract(mean)).doubleValue();
                // p_i enters in the product and in the mean, with its own error each time; three more operations.
                double bound = (2 * units(v) + 3) * width.u * p[i].doubleValue() * (Math.abs(w[i]) + absolute);
                assertEquals(exact, out[i], bound, () -> "block " + size + " seed " + SEED);
            }
        }
    }

    /// On the simplex, with `(1 - alpha) x_i + alpha ln x_i - v_i` the same for all components: that is the solution,
    /// for the objective is strictly convex.
    @ParameterizedTest
    @EnumSource
    void proxSatisfiesItsConditions(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (double step : new double[] {1e-6, 1e-3, 0.1, 0.5, 0.9, 1.1, 2, 10, 1e3, 1e6}) {
            double alpha = width.round(step);
            for (int size : BLOCKS) {
                for (double spread : new double[] {1e-6, 0.1, 1, 5, 1000}) {
                    double[] v = block(width, random, size, spread);
                    checkProx(width, alpha, v, "spread " + spread);
                }
            }
        }
    }

    private static void checkProx(Panels width, double alpha, double[] v, String what) {
        int size = v.length;
        String message = "%s alpha %s block %d %s, seed %d".formatted(width, alpha, size, what, SEED);
        double[] x = width.prox(Activation.softmax(size), alpha, v, 1, false);
        double sum = 0;
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            assertTrue(x[i] >= 0 && x[i] <= 1, message);
            sum += x[i];
            if (x[i] < 1e-30) {
                continue;
            }
            double log = StrictMath.log(x[i]);
            double lambda = v[i] - (1 - alpha) * x[i] - alpha * log;
            // A relative error of k units in x_i, and of its logarithm, moves lambda by the first term; the roundings
            // of the equation itself, whose largest terms are these, by the others.
            double error = width.u
                    * ((Math.abs(1 - alpha) * x[i] + alpha) * (24 + Math.abs(log))
                            + 8 * (Math.abs(v[i]) + Math.abs(lambda) + alpha));
            low = Math.max(low, lambda - error);
            high = Math.min(high, lambda + error);
        }
        assertTrue(low <= high, message);
        // Each x_i has an error of its division, and the sum it was divided by those of its additions.
        assertEquals(1, sum, (9 + Math.log(size) / Math.log(2)) * width.u + size * 0x1p-53, message);
    }

    @ParameterizedTest
    @EnumSource
    void specialValuesSpoilTheirBlockAlone(Panels width) {
        double nan = Double.NaN;
        double infinity = Double.POSITIVE_INFINITY;
        double[] v = {
            1, 2, 3, //
            nan, 2, 3, //
            1, nan, 3, //
            1, 2, nan, //
            1, 2, infinity, //
            infinity, -infinity, 1, //
            -infinity, -infinity, -infinity, //
            -infinity, 2, 2
        };
        Activation softmax = Activation.softmax(3);
        double[] good = {1, 2, 3};
        double[] w = new double[v.length];
        Arrays.fill(w, 1.0);
        for (double[] p : new double[][] {
            width.value(softmax, v, 1, false),
            width.prox(softmax, 0.5, v, 1, false),
            width.prox(softmax, 2, v, 1, false),
            width.derivativeTimes(softmax, v, w, 1, false)
        }) {
            for (int i = 3; i < 21; i++) {
                assertTrue(Double.isNaN(p[i]), "row " + i);
            }
            assertEquals(0, p[21]);
        }
        double[] p = width.value(softmax, v, 1, false);
        assertArrayEquals(width.value(softmax, good, 1, false), Arrays.copyOf(p, 3));
        assertEquals(0.5, p[22]);
        p = width.prox(softmax, 2, v, 1, false);
        assertArrayEquals(width.prox(softmax, 2, good, 1, false), Arrays.copyOf(p, 3));
        assertEquals(0.5, p[23], 10 * width.u);
    }

    /// Components that differ by the whole range: the exponentials underflow, nothing overflows.
    @ParameterizedTest
    @EnumSource
    void hugeSpread(Panels width) {
        double huge = width == Panels.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        double[] v = {-huge, huge, 0};
        for (double alpha : new double[] {1e-6, 0.5, 1, 2, 1e6}) {
            assertArrayEquals(
                    new double[] {0, 1, 0}, width.prox(Activation.softmax(3), alpha, v, 1, false), "alpha " + alpha);
        }
    }
}
