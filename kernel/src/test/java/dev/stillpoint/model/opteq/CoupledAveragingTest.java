package dev.stillpoint.model.opteq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.opteq.BatchTerm.Decorrelation;
import dev.stillpoint.model.opteq.BatchTerm.InverseNorm;
import dev.stillpoint.model.opteq.BatchTerm.LeastNorm;
import dev.stillpoint.solver.AveragingSchedule;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CoupledAveragingTest {
    private static final Decorrelation DECORRELATION = new Decorrelation(0, 2);

    private static Stream<BatchTerm> terms() {
        return Stream.of(new LeastNorm(), new InverseNorm(1.5), DECORRELATION, new Decorrelation(0.3, 2));
    }

    /// Values of size 1 to 2, so that features and samples are far from 0, where the terms bend.
    private static double[][] values(int samples, int n, long seed) {
        Random random = new Random(seed);
        double[][] z = new double[samples][n];
        for (double[] sample : z) {
            Arrays.setAll(sample, _ -> random.nextDouble(1, 2) * (random.nextBoolean() ? 1 : -1));
        }
        return z;
    }

    /// Central differences with a step `h = 2^-17` have an error of `h^2/6` third derivatives, of which 100 is more
    /// than any here, and of `u/h` values, below 20 with their rounding.
    @ParameterizedTest
    @MethodSource("terms")
    void theGradientIsThatOfTheValue(BatchTerm term) {
        double h = 0x1p-17;
        double[][] z = values(5, 4, 1);
        double[][] gradient = term.gradient(z);
        for (int s = 0; s < z.length; s++) {
            for (int i = 0; i < z[s].length; i++) {
                double kept = z[s][i];
                z[s][i] = kept + h;
                double above = term.value(z);
                z[s][i] = kept - h;
                double below = term.value(z);
                z[s][i] = kept;
                double bound = 100 * h * h / 6 + 20 * 16 * Cases.UNIT / h;
                assertEquals((above - below) / (2 * h), gradient[s][i], bound, term.label() + " " + s + ", " + i);
            }
        }
    }

    /// Cosines 3/5 and 0 of features `(3, 4)`, `(5, 0)` and `(0, 0)`, which has none.
    @Test
    void decorrelationIsHalfTheSquaredCosines() {
        double[][] z = {{3, 5, 0}, {4, 0, 0}};
        // Two entries of 3/5, and the missing 1 of the third feature.
        assertEquals((2 * 0.36 + 1) / 2, DECORRELATION.value(z), 8 * Cases.UNIT);
        double[][] gradient = DECORRELATION.gradient(z);
        assertEquals(0, gradient[0][2]);
        assertEquals(0, gradient[1][2]);
        // By the second feature: 2 (3/5) (r_1/5 - 3/5 r_2/5)/5.
        assertEquals(0, gradient[0][1], 8 * Cases.UNIT);
        assertEquals(2 * 0.6 * 0.8 / 5, gradient[1][1], 8 * Cases.UNIT);
    }

    /// `W = diag(w) Q'` with the rotations `Q` of a seed: `W'W` has the eigenvalues `w^2`, so that for the identity
    /// and `b` in the range of the others the fixed points are an affine space along the eigenvectors of 1.
    private static Matrix degenerate(double... w) {
        int n = w.length;
        double[][] q = new double[n][n];
        for (int i = 0; i < n; i++) {
            q[i][i] = 1;
        }
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double cosine = Math.cos(i + 2 * j);
                double sine = Math.sin(i + 2 * j);
                for (int k = 0; k < n; k++) {
                    double a = q[i][k];
                    double b = q[j][k];
                    q[i][k] = cosine * a - sine * b;
                    q[j][k] = sine * a + cosine * b;
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                q[i][k] *= w[i];
            }
        }
        return Matrix.ofRows(q);
    }

    /// The eigenvalues are 1 and 1/2; that of 1 is taken to be 1 to rounding, by `mu` a little above.
    private static OptEqModel model(int kernel, double... w) {
        Matrix u = Matrix.zeros(Precision.F64, w.length, 1);
        for (int i = kernel; i < w.length; i++) {
            u.set(i, 0, 1);
        }
        return OptEqModel.of(degenerate(w), u, null, 1 + 0x1p-40, Activation.identity());
    }

    /// `z = sqrt 2 u q_2` is the fixed point of least norm, of those on the line through it along `q_1`.
    @Test
    void theLeastNormIsFound() {
        OptEqModel model = model(1, 1, Math.sqrt(0.5));
        double[][] w = Cases.rows(model.w());
        Matrix inputs = Matrix.of(new double[] {1, -2, 0.5}, 3, 1);
        double[][] starts = new double[3][2];
        for (int s = 0; s < 3; s++) {
            double u = inputs.get(s, 0);
            Arrays.setAll(starts[s], i -> 2 * u * w[1][i] + 2 * w[0][i]);
        }
        CoupledAveraging method = new CoupledAveraging(new LeastNorm());
        for (int iterations : new int[] {1_000, 100_000}) {
            CoupledAveraging.Result result = method.run(model, inputs, Matrix.ofRows(starts), iterations);
            double bound = iterations == 1_000 ? 1e-2 : 1e-4;
            for (int s = 0; s < 3; s++) {
                double u = inputs.get(s, 0);
                double[] least = {2 * u * w[1][0], 2 * u * w[1][1]};
                double[] found = {result.states().get(s, 0), result.states().get(s, 1)};
                // The error in the direction of 1/2 is beta_K, and in proportion to u.
                assertEquals(0, Cases.distance(least, found), bound * Math.max(1, 2 * Math.abs(u)));
                assertTrue(result.residuals().get(0, s) <= bound * Math.max(1, 2 * Math.abs(u)));
            }
            assertTrue(result.residual() <= 4 * bound);
        }
    }

    private static double[][] correlated() {
        double[][] starts = values(6, 4, 3);
        for (double[] start : starts) {
            start[1] = start[0] + 0.1 * start[1];
            start[2] = start[0] + 0.2 * start[2];
        }
        return starts;
    }

    private static CoupledAveraging.Result run(BatchTerm term, int[] order, int iterations) {
        return run(new CoupledAveraging(term), order, iterations);
    }

    private static CoupledAveraging.Result run(CoupledAveraging method, int[] order, int iterations) {
        double[] inputs = {1, -1, 0.5, 2, 0.25, -2};
        double[][] starts = correlated();
        double[][] chosen = Arrays.stream(order).mapToObj(s -> starts[s]).toArray(double[][]::new);
        Matrix rows = Matrix.of(Arrays.stream(order).mapToDouble(s -> inputs[s]).toArray(), order.length, 1);
        OptEqModel model = model(3, 1, 1, 1, Math.sqrt(0.5));
        return method.run(model, rows, Matrix.ofRows(chosen), iterations);
    }

    private static final int[] ALL = {0, 1, 2, 3, 4, 5};

    /// `R` of the equilibrium that plain iteration finds from the same start, and what averaging makes of it. A
    /// step moves by `beta |S(z) - f(z)|`, below `beta` times 8 for states below 4, and the map halves what is off
    /// the fixed points.
    @Test
    void decorrelationIsLoweredAmongTheFixedPoints() {
        int iterations = 20_000;
        OptEqModel model = model(3, 1, 1, 1, Math.sqrt(0.5));
        double[] inputs = {1, -1, 0.5, 2, 0.25, -2};
        double[][] plain = correlated();
        for (int s = 0; s < plain.length; s++) {
            for (int k = 0; k < 100; k++) {
                plain[s] = model.map(plain[s], new double[] {inputs[s]});
            }
        }
        double before = DECORRELATION.value(plain);
        // With p = 0.5 and c = 0.24 lambda, whose pull towards 0 correlates the features, falls to a twentieth.
        AveragingSchedule schedule = new AveragingSchedule(2, 0.5, 0.5, 0.24);
        CoupledAveraging.Result result = run(new CoupledAveraging(DECORRELATION, schedule), ALL, iterations);
        assertTrue(before > 1, "R is " + before);
        assertTrue(result.term() < before / 4, result.term() + " of " + before);
        assertEquals(DECORRELATION.value(Cases.rows(result.states())), result.term());
        double beta = schedule.beta(iterations);
        assertTrue(result.residual() <= 16 * beta, result.residual() + " with beta " + beta);
    }

    /// The order changes the sums over samples by some roundings an iteration, which are not multiplied by much in
    /// fifty: 2^10 covers states up to 4, sums of 6 and 4 terms and that.
    @Test
    void decorrelationFollowsAPermutation() {
        int[] order = {4, 2, 5, 0, 3, 1};
        CoupledAveraging.Result all = run(DECORRELATION, ALL, 50);
        CoupledAveraging.Result other = run(DECORRELATION, order, 50);
        for (int s = 0; s < order.length; s++) {
            for (int i = 0; i < 4; i++) {
                assertEquals(
                        all.states().get(order[s], i), other.states().get(s, i), 50 * 1024 * Cases.UNIT, s + ", " + i);
            }
            assertEquals(all.residuals().get(0, order[s]), other.residuals().get(0, s), 50 * 1024 * Cases.UNIT);
        }
    }

    /// Without its neighbours a sample has another result with decorrelation, and the same bits with the others.
    @Test
    void decorrelationAloneCouplesTheSamples() {
        int[] few = {0, 3};
        for (BatchTerm term : terms().toList()) {
            double[][] all = Cases.rows(run(term, ALL, 50).states());
            double[][] some = Cases.rows(run(term, few, 50).states());
            for (int s = 0; s < few.length; s++) {
                if (term instanceof Decorrelation) {
                    assertTrue(Cases.distance(all[few[s]], some[s]) > 1e-3, term.label());
                } else {
                    assertArrayEquals(all[few[s]], some[s], term.label());
                }
            }
        }
    }

    /// One step from the start, by the equation.
    @Test
    void aDeepModelIsStepped() {
        Random random = new Random(5);
        OptEqModel first = Cases.unit(random, 5, 3, 1, 0.9, Activation.relu());
        OptEqModel second = Cases.unit(random, 4, 3, 2, 0.8, Activation.tanh());
        DeepOptEqModel model = DeepOptEqModel.of(List.of(first, second), 0.4);
        Matrix inputs = Matrix.ofRows(new double[] {1, -1}, new double[] {0.5, 2});
        double[][] z = values(2, 3, 6);
        AveragingSchedule schedule = new AveragingSchedule(2, 0.3, 0.5, 0.1);
        CoupledAveraging.Result result =
                new CoupledAveraging(DECORRELATION, schedule).run(model, inputs, Matrix.ofRows(z), 1);
        double[][] gradient = DECORRELATION.gradient(z);
        for (int s = 0; s < 2; s++) {
            double[] f = model.map(z[s], new double[] {inputs.get(s, 0), inputs.get(s, 1)});
            for (int i = 0; i < 3; i++) {
                double averaged = (1 - 0.25 * 0.3) * z[s][i] - 0.25 * gradient[s][i];
                assertEquals(0.3 * averaged + 0.7 * f[i], result.states().get(s, i), 64 * Cases.UNIT);
            }
        }
    }

    private static void refused(String message, Executable executable) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        OptEqModel model = model(1, 1, Math.sqrt(0.5));
        CoupledAveraging method = new CoupledAveraging(DECORRELATION);
        Matrix inputs = Matrix.of(new double[] {1}, 1, 1);
        refused("iterations is 0, expected at least 1", () -> method.run(model, inputs, null, 0));
        refused("eps is -1.0, expected a number of at least 0", () -> new Decorrelation(-1, 1));
        refused("L is 0.0, expected a positive number", () -> new Decorrelation(0, 0));
        refused("eps is 0.0, expected a positive number", () -> new InverseNorm(0));
        refused(
                "the schedule is for L = 1.0, and that of decorrelation:0.0:2.0 is 2.0",
                () -> new CoupledAveraging(DECORRELATION, new AveragingSchedule(1)));
        refused(
                "eta is 0.6, expected a number above 0, below 1 and at most 0.5 for the Lipschitz constant 1.0",
                () -> new AveragingSchedule(1, 0.6, 0.5, 0.1));
        refused(
                "inputs hold a value that is not finite",
                () -> method.run(model, Matrix.of(new double[] {Double.NaN}, 1, 1), null, 1));
        assertThrows(ShapeException.class, () -> method.run(model, Matrix.ofRows(new double[2]), null, 1));
        assertThrows(ShapeException.class, () -> method.run(model, inputs, Matrix.ofRows(new double[] {1, 2, 3}), 1));
    }
}
