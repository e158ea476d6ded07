package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PerturbationBoundTest {
    /// Roundings, each upwards, of a row with one entry.
    private static final int OPERATIONS = 16;

    private static PerturbationBound of(double[][] magnitude, double[][] error, Activation phi) {
        return PerturbationBound.of(Matrix.ofRows(magnitude), Matrix.ofRows(error), phi);
    }

    private static double[][] absolute(double[][] a) {
        for (double[] row : a) {
            for (int j = 0; j < row.length; j++) {
                row[j] = Math.abs(row[j]);
            }
        }
        return a;
    }

    @Test
    void theScalarCase() {
        // |x - x0| <= E |x0| / (1 - |a0| - E) = 0.25 * 3 / 0.25; the rounding of a row grows by 1/(1 - 0.75).
        PerturbationBound bound = of(new double[][] {{0.5}}, new double[][] {{0.25}}, Activation.relu());
        assertEquals(3, bound.bound(new double[] {-3})[0], 3 * 4 * OPERATIONS * Rounding.UNIT);
        assertEquals(1, bound.factor(), 4 * OPERATIONS * Rounding.UNIT);
        assertEquals(1, bound.stateSize());
        assertTrue(bound.bound(new double[] {-3})[0] >= 3);
        // Attained by the identity: x0 = 0.5 x0 + b and x = 0.75 x + b with b = -1.5 differ by 3.
        assertEquals(3, Math.abs(-1.5 / 0.25 - -1.5 / 0.5));
    }

    @Test
    void theConstantOfTheActivationCounts() {
        // gamma (|A0| + E) = (3 + 0.5)/4, gamma E |x0| = 0.125; rounding grows by 1/(1 - 0.875).
        PerturbationBound bound = of(new double[][] {{3}}, new double[][] {{0.5}}, Activation.sigmoid());
        assertEquals(1, bound.bound(new double[] {1})[0], 8 * OPERATIONS * Rounding.UNIT);
        // And each component's own: the second state moves by 0.25 * 0.5 * 8 and nothing else.
        PerturbationBound parts =
                of(new double[2][2], new double[][] {{0, 0.5}, {0.5, 0}}, Activation.parse("blocks:relu@1/sigmoid@1"));
        assertTrue(parts.bound(new double[] {8, 0})[1] >= 1);
        assertTrue(parts.bound(new double[] {0, 8})[0] >= 4);
        // x = (I - M)^-1 (0, 1) with M = [[0, 1/2], [1/8, 0]].
        assertArrayEquals(
                new double[] {8.0 / 15, 16.0 / 15}, parts.bound(new double[] {8, 0}), 8 * OPERATIONS * Rounding.UNIT);
    }

    @Test
    void theBoundIsNeverBelowTheFormula() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(12);
            double[][] a = absolute(Matrices.random(random, n, 0.6, 0.7 / n));
            double[][] e = absolute(Matrices.random(random, n, 0.3, 0.05 / n));
            double[] x0 = random.doubles(n, -2, 2).toArray();
            PerturbationBound bound = of(a, e, Activation.tanh());
            double[] found = bound.bound(x0);
            // (I - M) found >= E |x0|, M = |A0| + E, in exact arithmetic.
            double largest = 0;
            for (int i = 0; i < n; i++) {
                BigDecimal rest = new BigDecimal(found[i]);
                for (int j = 0; j < n; j++) {
                    BigDecimal m = new BigDecimal(a[i][j]).add(new BigDecimal(e[i][j]));
                    rest = rest.subtract(m.multiply(new BigDecimal(found[j])))
                            .subtract(new BigDecimal(e[i][j]).multiply(new BigDecimal(Math.abs(x0[j]))));
                }
                assertTrue(rest.signum() >= 0, "seed " + seed + ", row " + i + ": " + rest);
                largest = Math.max(largest, rest.doubleValue());
            }
            // And hardly above it: the rounding of a row, spread by the weights.
            double spread = bound.weights().amplification();
            assertTrue(largest <= 40 * n * Rounding.UNIT * spread, "seed " + seed + ": " + largest);
        }
    }

    @Test
    void aTriangularMatrixOfLargeEntriesHasABound() {
        // x2 moves by E, x1 by 100 times that and E x0.
        double[][] a = {{0, 100}, {0, 0}};
        double[][] e = {{0, 0.5}, {0, 0}};
        double[] bound = of(a, e, Activation.relu()).bound(new double[] {7, 2});
        assertArrayEquals(new double[] {1, 0}, bound, 200 * 16 * Rounding.UNIT);
    }

    @Test
    void withoutErrorTheStateStays() {
        PerturbationBound bound = of(new double[][] {{0.5, 0.25}, {0.25, 0.5}}, new double[2][2], Activation.relu());
        assertArrayEquals(new double[2], bound.bound(new double[] {5, 6}));
        assertEquals(0, bound.factor());
    }

    @Test
    void refusals() {
        double[][] half = {{0.5}};
        IllegalStateException above =
                assertThrows(IllegalStateException.class, () -> of(half, new double[][] {{0.5}}, Activation.relu()));
        assertTrue(above.getMessage().contains("lambda_PF(|A0| + E) = 1"), above.getMessage());
        assertThrows(IllegalStateException.class, () -> of(new double[2][2], new double[2][2], Activation.softmax(2)));
        assertThrows(IllegalArgumentException.class, () -> of(new double[][] {{-0.5}}, half, Activation.tanh()));
        assertThrows(ShapeException.class, () -> of(half, new double[2][2], Activation.tanh()));
        PerturbationBound bound = of(half, new double[][] {{0.25}}, Activation.relu());
        assertThrows(ShapeException.class, () -> bound.bound(new double[2]));
        assertThrows(IllegalArgumentException.class, () -> bound.bound(new double[] {Double.NaN}));
    }
}
