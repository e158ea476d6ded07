package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.activation.Sigmoid;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Backward substitution of triangular problems.
final class SubstitutionTest {
    private static final int P = 3;

    private static SolveResult solve(
            CpuEngine engine,
            FixedPointProblem problem,
            Solver solver,
            StoppingRule stopping,
            Precision precision,
            int threads,
            SolveRequest request) {
        try (SolvePlan plan =
                new CpuBackend(engine).prepare(problem, solver, stopping, new PlanOptions(precision, threads))) {
            return plan.solve(request);
        }
    }

    private static SolveResult substitute(FixedPointProblem problem, Precision precision, Matrix inputs) {
        return solve(
                CpuEngine.available().getFirst(),
                problem,
                Solver.substitution(),
                StoppingRule.mixed(1e-4),
                precision,
                1,
                SolveRequest.of(inputs));
    }

    /// A triangle with a diagonal in (-5, 0.95), its other entries below `1/n`, all in FP32; some are zero.
    private static Matrix triangle(int n, boolean upper, SplittableRandom random) {
        Matrix a = Matrix.zeros(Precision.F32, n, n);
        for (int i = 0; i < n; i++) {
            for (int j = upper ? i : 0; j < (upper ? n : i + 1); j++) {
                boolean zero = random.nextInt(4) == 0;
                a.set(i, j, i == j ? random.nextDouble(-5, 0.95) : zero ? 0 : random.nextDouble(-1, 1) / n);
            }
        }
        return a;
    }

    /// The `x` of `x = phi(ax + t)` by bisection: `x - phi(ax + t)` rises by `min(1, 1 - a)` at least.
    private static double scalar(Activation phi, double a, double t) {
        double reach = Math.abs(phi.value(new double[] {t})[0]) / Math.min(1, 1 - a) + 1e-300;
        double low = -2 * reach;
        double high = 2 * reach;
        for (int step = 0; step < 200; step++) {
            double x = low + (high - low) / 2;
            if (x - phi.value(new double[] {a * x + t})[0] > 0) {
                high = x;
            } else {
                low = x;
            }
        }
        return low + (high - low) / 2;
    }

    private static Stream<Arguments> triangles() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of("relu", "leaky-relu:0.1", "tanh", "sigmoid", "identity")
                        .flatMap(phi -> Stream.of(1, 2, 7, 33, 100)
                                .flatMap(n -> Stream.of(true, false)
                                        .flatMap(upper -> Stream.of(true, false)
                                                .map(dense -> Arguments.of(precision, phi, n, upper, dense))))));
    }

    /// With `k` terms a row, `t` has an error of `(k + 2) u` of its terms beside what comes with the `x` before,
    /// for which `1/(1 - a)` is the Lipschitz constant; `d`, `alpha` and the division add some roundings of `t/d`
    /// and `x`, and the activation what its documentation says, below `32 (1 + |s|) u` of `x`, or of 1 for sigmoid.
    /// The reference rounds as much, in FP64.
    @ParameterizedTest
    @MethodSource("triangles")
    void aTriangleIsSolved(Precision precision, String label, int n, boolean upper, boolean dense) {
        SplittableRandom random = new SplittableRandom(n + 1000);
        Activation phi = Activation.parse(label);
        Matrix a = triangle(n, upper, random);
        Matrix b = Batches.uniform(n, P, 1, random).toImmutable(Precision.F32);
        Matrix bias = Batches.uniform(1, n, 1, random).toImmutable(Precision.F32);
        LinearOperator operator = dense ? LinearOperator.dense(a) : LinearOperator.sparse(a);
        FixedPointProblem problem = new FixedPointProblem(operator, LinearOperator.dense(b), bias, phi);
        Matrix inputs = Batches.inputs(20, P, Precision.F32, n);
        SolveResult result = substitute(problem, precision, inputs);
        assertTrue(result.allConverged());
        double u = precision.unitRoundoff() + Precision.F64.unitRoundoff();
        for (int s = 0; s < inputs.rows(); s++) {
            double[] x = new double[n];
            double[] e = new double[n];
            for (int r = 0; r < n; r++) {
                int i = upper ? n - 1 - r : r;
                double t = bias.get(0, i);
                double terms = Math.abs(t);
                double spread = 0;
                for (int j = 0; j < P; j++) {
                    t += b.get(i, j) * inputs.get(s, j);
                    terms += Math.abs(b.get(i, j) * inputs.get(s, j));
                }
                for (int j = 0; j < n; j++) {
                    double term = i == j ? 0 : a.get(i, j) * x[j];
                    t += term;
                    terms += Math.abs(term);
                    spread += i == j ? 0 : Math.abs(a.get(i, j)) * e[j];
                }
                double d = 1 - a.get(i, i);
                x[i] = scalar(phi, a.get(i, i), t);
                double size = phi instanceof Sigmoid ? 1 : Math.abs(x[i]);
                double argument = Math.abs(a.get(i, i) * x[i] + t);
                e[i] = (spread + (n + P + 2) * u * terms + 3 * u * Math.abs(t)) / d
                        + 2 * u * Math.abs(x[i])
                        + 32 * (1 + argument) * u * size;
                assertEquals(x[i], result.states().get(s, i), e[i], "sample " + s + ", state " + i);
            }
        }
    }

    /// Powers of two, so that nothing rounds in the first sample, and a few roundings in the second.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void exactNumbers(Precision precision) {
        Matrix a = Matrix.ofRows(new double[] {-1, 2}, new double[] {0, 0.5});
        Matrix lower = Matrix.ofRows(new double[] {0.5, 0}, new double[] {2, -1});
        LinearOperator ones = LinearOperator.dense(Matrix.of(new double[] {1, 1}, 2, 1));
        Matrix inputs = Matrix.of(new double[] {1, -1}, 2, 1);
        for (CpuEngine engine : CpuEngine.available()) {
            for (boolean upper : new boolean[] {true, false}) {
                FixedPointProblem problem = new FixedPointProblem(
                        LinearOperator.dense(upper ? a : lower), ones, null, Activation.leakyRelu(0.5));
                SolveResult result = solve(
                        engine,
                        problem,
                        Solver.substitution(),
                        StoppingRule.absolute(0),
                        precision,
                        1,
                        SolveRequest.of(inputs));
                assertEquals(Status.CONVERGED, result.status(0));
                int first = upper ? 0 : 1;
                assertEquals(2, result.states().get(0, 1 - first));
                assertEquals(2.5, result.states().get(0, first));
                // x_2 = (x_2/2 - 1)/2, and 1.5 x_1 = (2 x_2 - 1)/2.
                assertEquals(-2 / 3.0, result.states().get(1, 1 - first), 4 * precision.unitRoundoff());
                assertEquals(-7 / 9.0, result.states().get(1, first), 16 * precision.unitRoundoff());
                assertEquals(1, result.iterations(0));
            }
        }
    }

    /// Blocks of 40, 6, 70, 9 and 35 values: diagonal, absent under a softmax, dense upper, a sum that is lower
    /// triangular, sparse lower.
    private static FixedPointProblem mixed() {
        SplittableRandom random = new SplittableRandom(31);
        int[] sizes = {40, 6, 70, 9, 35};
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[5][5];
        double[] diagonal = random.doubles(40, -3, 0.9).toArray();
        blocks[0][0] = LinearOperator.diagonal(Matrix.of(diagonal, 1, 40));
        blocks[0][2] = dense(40, 70, random);
        blocks[0][1] = dense(40, 6, random);
        blocks[1][3] = dense(6, 9, random);
        blocks[2][2] = LinearOperator.dense(triangle(70, true, random));
        blocks[2][3] = dense(70, 9, random);
        blocks[2][4] = LinearOperator.lowRank(Batches.uniform(70, 2, 1, random), Batches.uniform(35, 2, 0.1, random));
        Matrix small = triangle(9, false, random);
        blocks[3][3] = LinearOperator.sum(
                LinearOperator.dense(small), LinearOperator.diagonal(Batches.uniform(1, 9, 0.01, random)));
        blocks[4][4] = LinearOperator.sparse(triangle(35, false, random));
        Activation phi = new BlockActivation(List.of(
                new BlockActivation.Part(Activation.tanh(), 40),
                new BlockActivation.Part(Activation.softmax(3), 6),
                new BlockActivation.Part(Activation.relu(), 20),
                new BlockActivation.Part(Activation.sigmoid(), 50),
                new BlockActivation.Part(Activation.leakyRelu(0.25), 44)));
        return new FixedPointProblem(
                LinearOperator.blockTriangular(sizes, blocks),
                dense(160, P, random),
                Batches.uniform(1, 160, 1, random),
                phi);
    }

    private static LinearOperator dense(int rows, int columns, SplittableRandom random) {
        return LinearOperator.dense(Batches.uniform(rows, columns, 1.0 / columns, random));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyEngineAndAnyThreadsGiveTheBitsOfTheTwin(Precision precision) {
        FixedPointProblem problem = mixed();
        StoppingRule stopping = StoppingRule.mixed(16 * precision.unitRoundoff());
        Matrix inputs = Batches.inputs(300, P, precision, 5);
        inputs.set(7, 2, Double.NaN);
        inputs.set(8, 1, precision == Precision.F32 ? Float.MAX_VALUE : Double.MAX_VALUE);
        Matrix starts = Batches.uniform(inputs.rows(), 160, 1, new SplittableRandom(6));
        starts.set(100, 27, Double.NaN);
        SolveRequest request = SolveRequest.of(inputs).from(starts);
        SolveResult twin = solve(CpuEngine.SCALAR, problem, Solver.substitution(), stopping, precision, 1, request);
        assertEquals(Status.NON_FINITE, twin.status(7));
        assertEquals(Status.DIVERGED, twin.status(8));
        assertEquals(Status.NON_FINITE, twin.status(100));
        assertTrue(twin.count(Status.CONVERGED) > 0);
        for (CpuEngine engine : CpuEngine.available()) {
            for (int threads = 1; threads <= 2; threads++) {
                SolveResult result =
                        solve(engine, problem, Solver.substitution(), stopping, precision, threads, request);
                for (int i = 0; i < inputs.rows(); i++) {
                    Batches.assertSame(twin, i, result, i, engine + " " + threads + " threads");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void samplesDoNotDependOnEachOther(Precision precision) {
        FixedPointProblem problem = mixed();
        Matrix inputs = Batches.inputs(41, P, precision, 8);
        SolveResult all = substitute(problem, precision, inputs);
        int[] order = new SplittableRandom(1).ints(41, 0, 41).toArray();
        SolveResult some = substitute(problem, precision, Batches.rows(inputs, order));
        for (int i = 0; i < order.length; i++) {
            Batches.assertSame(all, order[i], some, i, "shuffled");
        }
        for (int i : new int[] {0, 17, 40}) {
            Batches.assertSame(all, i, substitute(problem, precision, inputs.slice(i, i + 1)), 0, "alone");
        }
    }

    /// The residual is that of the returned state, to the bit as an iteration measures it, and the status is by it.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void theResidualIsMeasured(Precision precision) {
        FixedPointProblem given = mixed();
        FixedPointProblem plain = new FixedPointProblem(
                LinearOperator.dense(triangle(160, false, new SplittableRandom(4))),
                given.b(),
                given.bias(),
                Activation.tanh());
        Matrix inputs = Batches.inputs(60, P, precision, 9);
        SolveResult exact = solve(
                CpuEngine.SCALAR,
                plain,
                Solver.substitution(),
                StoppingRule.absolute(0),
                precision,
                1,
                SolveRequest.of(inputs));
        double[] residuals = new double[inputs.rows()];
        for (int i = 0; i < inputs.rows(); i++) {
            assertEquals(exact.residual(i) == 0, exact.status(i) == Status.CONVERGED, "sample " + i);
            residuals[i] = exact.residual(i);
        }
        Arrays.sort(residuals);
        StoppingRule rule = StoppingRule.absolute(residuals[30]);
        SolveResult result =
                solve(CpuEngine.SCALAR, plain, Solver.substitution(), rule, precision, 1, SolveRequest.of(inputs));
        SolveResult measured = solve(
                CpuEngine.SCALAR,
                plain,
                Solver.picard(),
                rule.withMaxIterations(1),
                precision,
                1,
                SolveRequest.of(inputs).from(result.states()));
        for (int i = 0; i < inputs.rows(); i++) {
            Batches.assertSame(measured, i, result, i, "measured");
        }
        assertTrue(result.count(Status.CONVERGED) > 0 && result.count(Status.MAX_ITERATIONS) > 0);
    }

    /// The values that are not finite are returned, as those of explicit blocks are.
    @Test
    void overflowIsDivergence() {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {0, 1e30}, new double[] {0, 0.5})),
                LinearOperator.dense(Matrix.of(new double[] {0, 1}, 2, 1)),
                null,
                Activation.relu());
        SolveResult result = substitute(problem, Precision.F32, Matrix.of(new double[] {1e20, 1}, 2, 1));
        assertEquals(Status.DIVERGED, result.status(0));
        assertTrue(Double.isNaN(result.residual(0)));
        assertEquals(Double.POSITIVE_INFINITY, result.states().get(0, 0));
        assertEquals(1, result.iterations(0));
    }

    private static void refused(String message, Activation phi, double[]... a) {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(a)),
                LinearOperator.dense(Matrix.zeros(Precision.F64, a.length, 1)),
                null,
                phi);
        Matrix inputs = Matrix.zeros(Precision.F64, 1, 1);
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> substitute(problem, Precision.F32, inputs));
        assertEquals("backward-substitution needs " + message, refusal.getMessage());
    }

    @Test
    void whatItCannotSolveIsRefused() {
        refused(
                "a triangular A, or triangular blocks on its diagonal: entry (2, 0) lies below the diagonal and entry"
                        + " (0, 1) above it",
                Activation.relu(),
                new double[] {0, 1, 0},
                new double[] {0, 0, 1},
                new double[] {3, 0, 0});
        refused(
                "diagonal entries below 1, in f32: entry (1, 1) of A is 1.0",
                Activation.relu(),
                new double[] {0, 1},
                new double[] {0, 1});
        refused(
                "diagonal entries below 1, in f32: entry (0, 0) of A is 0.999999999",
                Activation.relu(),
                new double[] {0.999999999, 1},
                new double[] {0, 0});
        refused(
                "an activation of single values over triangular blocks: that of row 0 is softmax:2",
                Activation.softmax(2),
                new double[] {0, 1},
                new double[] {0, 0});
        refused(
                "a proximal map where the diagonal is not zero: entry (1, 1) is 0.5, and leaky-relu:-0.5 is none",
                Activation.leakyRelu(-0.5),
                new double[] {0, 1},
                new double[] {0, 0.5});
    }

    /// Where the diagonal is zero nothing is asked of an activation of single values.
    @Test
    void aStrictTriangleTakesAnyActivationOfSingleValues() {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {0, 4}, new double[] {0, 0})),
                LinearOperator.dense(Matrix.of(new double[] {1, 1}, 2, 1)),
                null,
                Activation.leakyRelu(-0.5));
        SolveResult result = substitute(problem, Precision.F64, Matrix.of(new double[] {-2}, 1, 1));
        assertEquals(1, result.states().get(0, 1));
        assertEquals(2, result.states().get(0, 0));
        assertEquals(0, result.residual(0));
    }

    /// What a plan says is what its packed parts and panels add up to: more tiles, more bytes.
    @Test
    void thePlanCountsItsTriangles() {
        SplittableRandom random = new SplittableRandom(3);
        LinearOperator b = dense(64, P, random);
        FixedPointProblem full =
                new FixedPointProblem(LinearOperator.dense(triangle(64, true, random)), b, null, Activation.relu());
        FixedPointProblem diagonal = new FixedPointProblem(
                LinearOperator.dense(Matrix.zeros(Precision.F64, 64, 64)), b, null, Activation.relu());
        long[] bytes = new long[2];
        for (int k = 0; k < 2; k++) {
            FixedPointProblem problem = k == 0 ? full : diagonal;
            try (SolvePlan plan = new CpuBackend(CpuEngine.SCALAR)
                    .prepare(
                            problem,
                            Solver.substitution(),
                            StoppingRule.mixed(1e-3),
                            new PlanOptions(Precision.F64, 1))) {
                bytes[k] = plan.footprint();
            }
        }
        // The two triangles of 32 rows, with a column each beside a value, zeros left out.
        int entries = 0;
        Matrix a = full.a().toMatrix();
        for (int i = 0; i < 64; i++) {
            for (int j = i + 1; j < (i / 32 + 1) * 32; j++) {
                entries += a.get(i, j) != 0 ? 1 : 0;
            }
        }
        assertEquals(entries * 12L, bytes[0] - bytes[1]);
    }
}
