package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The derivative of the projection against differences, as a symmetric map, and at kinks.
final class NormProjectionDerivativeTest {
    private static final double STEP = 0x1p-20;

    private static double[] derivative(double kappa, double[] row, double... direction) {
        return NormProjection.onto(kappa)
                .derivative(Matrix.of(row, 1, row.length), Matrix.of(direction, 1, row.length), 1)
                .toDoubleArray();
    }

    /// The projection is linear between kinks, so a central difference lacks rounding alone: of the two projected
    /// values, `2^-47 kappa/k + 2^-52 |x|` each, over two steps. Entries on a grid of `2^-30` take the step
    /// exactly. Rows with a kink between the ends are left out, and are few.
    @Test
    void centralDifferences() {
        int compared = 0;
        int rows = 0;
        for (int n : new int[] {1, 2, 5, 16, 33, 100}) {
            for (double kappa : new double[] {0.1, 0.9, 4, 1000}) {
                long seed = n + (long) (1000 * kappa);
                SplittableRandom random = new SplittableRandom(seed);
                for (int trial = 0; trial < 5; trial++) {
                    double[] row = grid(random, n, 0x1p30, 2);
                    double[] w = grid(random, n, 0x1p10, 1);
                    double[] up = project(kappa, moved(row, w, STEP));
                    double[] down = project(kappa, moved(row, w, -STEP));
                    double[] found = derivative(kappa, row, w);
                    rows++;
                    if (!sameSide(kappa, moved(row, w, STEP), moved(row, w, -STEP), up, down)) {
                        continue;
                    }
                    compared++;
                    double bound = (0x1p-47 * kappa + 0x1p-52 * kappa) / STEP + n * 0x1p-52;
                    for (int j = 0; j < n; j++) {
                        assertEquals(
                                (up[j] - down[j]) / (2 * STEP),
                                found[j],
                                bound,
                                "n = %d, kappa %s, seed %d, trial %d, value %d".formatted(n, kappa, seed, trial, j));
                    }
                }
            }
        }
        assertTrue(compared > 0.9 * rows, compared + " of " + rows + " rows compared");
    }

    private static double[] grid(SplittableRandom random, int n, double cells, double size) {
        return random.doubles(n, -size, size)
                .map(value -> Math.rint(value * cells) / cells)
                .toArray();
    }

    private static double[] moved(double[] row, double[] w, double step) {
        double[] moved = row.clone();
        for (int j = 0; j < row.length; j++) {
            moved[j] += step * w[j];
        }
        return moved;
    }

    private static double[] project(double kappa, double[] row) {
        return NormProjection.onto(kappa)
                .apply(Matrix.of(row, 1, row.length), 1)
                .toDoubleArray();
    }

    private static boolean sameSide(double kappa, double[] a, double[] b, double[] x, double[] y) {
        boolean same = norm(a) <= kappa == norm(b) <= kappa;
        for (int j = 0; j < x.length; j++) {
            same &= Math.signum(x[j]) == Math.signum(y[j]);
        }
        return same;
    }

    private static double norm(double[] row) {
        double norm = 0;
        for (double value : row) {
            norm += Math.abs(value);
        }
        return norm;
    }

    /// `(3, -2, 0.5)` with `kappa = 2` has `tau = 1.5` and the projection `(1.5, -0.5, 0)`: what is written down
    /// for two values that remain.
    @Test
    void aRowByHand() {
        double[] row = {3, -2, 0.5};
        assertArrayEquals(new double[] {1.5, -0.5, 0}, project(2, row), 2 * 0x1p-47);
        assertArrayEquals(new double[] {3, 3, 0}, derivative(2, row, 4, 2, 7), 0.0);
        assertArrayEquals(new double[] {1, 2, 3}, derivative(6, row, 1, 2, 3), 0.0);
    }

    /// On the boundary a row is inside. Of `(3, 2, 1)` with `kappa = 3`, `tau` is 1, which the last value does not
    /// exceed.
    @Test
    void kinksHaveTheirSide() {
        assertArrayEquals(new double[] {5, 6, 7}, derivative(6, new double[] {3, -2, 1}, 5, 6, 7), 0.0);
        assertArrayEquals(new double[] {-1, 1, 0}, derivative(3, new double[] {3, 2, 1}, 5, 7, 9), 0.0);
        assertArrayEquals(new double[] {0, 0, 0}, derivative(0, new double[] {3, 0, -1}, 5, 6, 7), 0.0);
        assertArrayEquals(new double[] {0, 0}, derivative(0, new double[] {0, 0}, 5, 6), 0.0);
    }

    /// `<V, DP W> = <DP V, W>`, each with a rounding error of its sums. A projection of a projection is in no
    /// direction longer.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void symmetricAndNotExpansive(Precision precision) {
        int n = 70;
        Matrix a = NormProjectionTest.random(precision, n, n, 3);
        Matrix v = NormProjectionTest.random(precision, n, n, 4);
        Matrix w = NormProjectionTest.random(precision, n, n, 5);
        for (double kappa : new double[] {0.9, 20, 56}) {
            NormProjection projection = NormProjection.onto(kappa);
            double[] dw = projection.derivative(a, w, 1).toDoubleArray();
            double[] dv = projection.derivative(a, v, 1).toDoubleArray();
            double size = dot(v.toDoubleArray(), v.toDoubleArray()) + dot(w.toDoubleArray(), w.toDoubleArray());
            double rounding = (2 * precision.unitRoundoff() + 2 * n * n * Precision.F64.unitRoundoff()) * size;
            assertEquals(dot(v.toDoubleArray(), dw), dot(dv, w.toDoubleArray()), rounding, "kappa " + kappa);
            assertTrue(dot(dw, dw) <= dot(w.toDoubleArray(), w.toDoubleArray()) + rounding, "kappa " + kappa);
        }
    }

    private static double dot(double[] v, double[] w) {
        double sum = 0;
        for (int i = 0; i < v.length; i++) {
            sum += v[i] * w[i];
        }
        return sum;
    }

    /// The result may replace the direction, whose precision it has.
    @Test
    void precisionsAndPlaces() {
        Matrix a = NormProjectionTest.random(Precision.F64, 8, 30, 6);
        Matrix w = NormProjectionTest.random(Precision.F32, 8, 30, 7);
        NormProjection projection = NormProjection.onto(2);
        Matrix fine = projection.derivative(a, Matrix.of(w.toDoubleArray(), 8, 30), 1);
        Matrix coarse = projection.derivative(a, w, 1);
        assertEquals(Precision.F32, coarse.precision());
        projection.derivative(a, w, w, 2);
        assertArrayEquals(fine.toFloatArray(), coarse.toFloatArray());
        assertArrayEquals(fine.toFloatArray(), w.toFloatArray());
    }
}
