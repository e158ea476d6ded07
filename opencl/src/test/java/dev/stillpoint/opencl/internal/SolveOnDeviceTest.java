package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Solves on a device give the bits of the CPU, whatever the recipe, the batch and the tuning. Whatever happens,
/// no handle stays open.
///
/// Each pair of a precision, an operator, an activation and a solver is among the cases; all combinations are
/// with `-Dstillpoint.opencl.cases=all`.
class SolveOnDeviceTest {
    private static final StoppingRule STOPPING = new StoppingRule(1e-5, 1e-5, 37, 3);

    /// Programs that have the code of all recipes, so that few are compiled; ragged tiles, and launches of few
    /// iterations.
    private static final Tuning GENERAL = new Tuning(4, 16, 1, 6, 2, 2, 20_000, true);

    /// The same with other figures.
    private static final Tuning OTHER = new Tuning(2, 4, 1, 5, 1, 1, 1L << 30, true);

    /// Work-items that share a panel, each with one lane.
    private static final Tuning SHARED = new Tuning(1, 8, 3, 5, 2, 1, 20_000, false);

    @TempDir
    static Path directory;

    private final ClCalls calls = new ClCalls();
    private FoundDevice.Described device;

    @BeforeEach
    void find() {
        device = OpenClHere.requireUsable(calls);
    }

    @AfterEach
    void nothingStaysOpen() {
        assertEquals(0, calls.openHandles());
    }

    private Backend backend(Tunings tunings) {
        return new OpenClBackend(calls, device, ProgramCache.in(directory), tunings);
    }

    private Backend backend() {
        return backend(Tunings.generic());
    }

    private static SolveResult solve(
            Backend backend,
            FixedPointProblem problem,
            Solver solver,
            StoppingRule stopping,
            Precision precision,
            SolveRequest request) {
        try (SolvePlan plan = backend.prepare(problem, solver, stopping, new PlanOptions(precision, 1))) {
            return plan.solve(request);
        }
    }

    private void same(
            Backend backend,
            FixedPointProblem problem,
            Solver solver,
            StoppingRule stopping,
            Precision precision,
            SolveRequest request,
            String what) {
        SolveResult expected = solve(Backend.cpu(), problem, solver, stopping, precision, request);
        SameBits.check(expected, solve(backend, problem, solver, stopping, precision, request), what);
    }

    /// Normal variates, among which one is not finite, one infinite, and one so large that the sample diverges
    /// where it is not squashed.
    private static Matrix inputs(int samples, int p, long seed) {
        Matrix inputs = Matrix.zeros(Precision.F64, samples, p);
        Random random = new Random(seed);
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < p; j++) {
                inputs.set(i, j, random.nextGaussian());
            }
        }
        if (samples > 8) {
            inputs.set(samples / 2, 0, Double.NaN);
            inputs.set(samples / 3, p - 1, Double.NEGATIVE_INFINITY);
            inputs.set(samples / 4, p - 1, 1e30);
        }
        return inputs.frozen();
    }

    @TestFactory
    Stream<DynamicTest> everyPairOfThings() {
        Stream<DeviceCase> cases =
                "all".equals(System.getProperty("stillpoint.opencl.cases")) ? DeviceCase.all() : DeviceCase.pairs();
        return cases.map(each -> DynamicTest.dynamicTest(each.toString(), () -> {
            Tuning tuning = each.precision() == Precision.F32 ? GENERAL : OTHER;
            SolveRequest request = SolveRequest.of(inputs(37, DeviceCase.P, 1));
            same(
                    backend((_, _) -> tuning),
                    each.problem(),
                    each.solver(),
                    STOPPING,
                    each.precision(),
                    request,
                    each.toString());
            assertEquals(0, calls.openHandles());
        }));
    }

    private static FixedPointProblem dense(int n, int p, Activation phi, double scale) {
        Random random = new Random(n);
        return new FixedPointProblem(
                LinearOperator.dense(DeviceCase.matrix(random, n, n, scale / Math.sqrt(n))),
                LinearOperator.dense(DeviceCase.matrix(random, n, p, 1)),
                null,
                phi);
    }

    @Test
    void anySizeAndAnyBatch() {
        Backend backend = backend();
        for (int n : List.of(1, 2, 7, 8, 9, 33, 64, 100, 207)) {
            FixedPointProblem problem =
                    dense(n, Math.max(1, n / 3), n % 2 == 0 ? Activation.tanh() : Activation.relu(), 0.9);
            try (SolvePlan here = Backend.cpu()
                            .prepare(problem, Solver.picard(), STOPPING, new PlanOptions(Precision.F32, 1));
                    SolvePlan there =
                            backend.prepare(problem, Solver.picard(), STOPPING, new PlanOptions(Precision.F32, 1))) {
                for (int m : List.of(0, 1, 15, 16, 17, 100)) {
                    Matrix inputs = inputs(m, problem.inputSize(), m);
                    SameBits.check(here.solve(inputs), there.solve(inputs), "n = %d, m = %d".formatted(n, m));
                }
            }
        }
    }

    /// No inputs at all: every sample is the same problem.
    @Test
    void withoutInputs() {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(DeviceCase.matrix(new Random(1), 5, 5, 0.2)),
                LinearOperator.dense(Matrix.zeros(Precision.F32, 5, 0).frozen()),
                DeviceCase.matrix(new Random(2), 1, 5, 1),
                Activation.tanh());
        SolveRequest request = SolveRequest.of(Matrix.zeros(Precision.F32, 3, 0));
        same(backend(), problem, Solver.picard(), STOPPING, Precision.F32, request, "no inputs");
    }

    /// More samples than a chunk holds, so that lanes are refilled and chunks follow one another.
    @Test
    void manySamplesOfDifferentDifficulty() {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.diagonal(
                        Matrix.of(new double[] {0.999, 0.5, -0.9}, 1, 3).frozen()),
                LinearOperator.dense(DeviceCase.matrix(new Random(5), 3, 2, 1)),
                null,
                Activation.relu());
        Matrix inputs = inputs(9001, 2, 3);
        SolveResult result = solve(
                backend(), problem, Solver.picard(), StoppingRule.mixed(1e-4), Precision.F32, SolveRequest.of(inputs));
        SameBits.check(
                solve(
                        Backend.cpu(),
                        problem,
                        Solver.picard(),
                        StoppingRule.mixed(1e-4),
                        Precision.F32,
                        SolveRequest.of(inputs)),
                result,
                "many samples");
        int most = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < result.samples(); i++) {
            if (result.status(i) == Status.CONVERGED) {
                most = Math.max(most, result.iterations(i));
                least = Math.min(least, result.iterations(i));
            }
        }
        assertTrue(most > 50 * least, least + " to " + most + " iterations");
    }

    /// PoCL takes long to compile what waits at barriers, so that there is one such case here; a simulator runs
    /// others (see [Exercise]).
    @Test
    void workItemsThatShareAPanel() {
        SolveRequest request = SolveRequest.of(inputs(37, DeviceCase.P, 1));
        DeviceCase each = new DeviceCase(Precision.F32, "dense", Activation.relu(), Solver.picard());
        same(
                backend((_, _) -> SHARED),
                each.problem(),
                each.solver(),
                STOPPING,
                each.precision(),
                request,
                "three work-items");
    }

    @Test
    void aBatchCutAnywhere() {
        FixedPointProblem problem = dense(20, 4, Activation.tanh(), 0.9);
        Matrix inputs = inputs(41, 4, 7);
        try (SolvePlan plan = backend((_, _) -> GENERAL)
                .prepare(problem, Solver.forwardBackward(0.5), STOPPING, new PlanOptions(Precision.F64, 1))) {
            SolveResult whole = plan.solve(inputs);
            for (int cut : List.of(1, 8, 20, 40)) {
                SolveResult first = plan.solve(inputs.slice(0, cut));
                SolveResult second = plan.solve(inputs.slice(cut, 41));
                for (int i = 0; i < 41; i++) {
                    SameBits.check(whole, i, i < cut ? first : second, i < cut ? i : i - cut, "cut at " + cut);
                }
            }
        }
    }

    @Test
    void anyTestingIntervalAndLimit() {
        FixedPointProblem problem = dense(20, 4, Activation.relu(), 1.2);
        Matrix inputs = inputs(30, 4, 11);
        for (int[] rule : new int[][] {{1, 1}, {1, 10}, {2, 9}, {7, 9}, {10, 9}, {3, 100}}) {
            StoppingRule stopping = new StoppingRule(1e-6, 1e-6, rule[1], rule[0]);
            same(
                    backend((_, _) -> GENERAL),
                    problem,
                    Solver.picard(0.7),
                    stopping,
                    Precision.F32,
                    SolveRequest.of(inputs),
                    stopping.toString());
        }
    }

    @Test
    void anyStart() {
        FixedPointProblem problem = dense(20, 4, Activation.relu(), 0.9);
        Matrix inputs = inputs(30, 4, 11);
        Matrix starts = Matrix.zeros(Precision.F64, 30, 20);
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 20; j++) {
                starts.set(i, j, i == 5 && j == 3 ? Double.NaN : i == 7 ? 1e38 : Math.sin(i + 3 * j));
            }
        }
        for (Solver solver : List.of(Solver.picard(), Solver.forwardBackward(0.5), Solver.douglasRachford(2))) {
            same(
                    backend((_, _) -> GENERAL),
                    problem,
                    solver,
                    STOPPING,
                    Precision.F32,
                    SolveRequest.of(inputs).from(starts),
                    solver.label());
        }
    }

    @Test
    void convolutionsWithStridesAndGroups() {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.convolution(
                        new ImageShape(4, 3, 3), DeviceCase.matrix(new Random(1), 4, 2 * 9, 0.1), 3, 3, 1, 1, 2),
                LinearOperator.convolution(
                        new ImageShape(2, 6, 5), DeviceCase.matrix(new Random(2), 4, 2 * 6, 0.3), 3, 2, 2, 1, 1),
                null,
                Activation.relu());
        for (Precision precision : Precision.values()) {
            same(
                    backend(),
                    problem,
                    Solver.picard(),
                    STOPPING,
                    precision,
                    SolveRequest.of(inputs(20, 60, 5)),
                    precision.toString());
        }
    }

    /// Blocks that are solved, and blocks that are had in a pass, several in a row among them.
    @Test
    void blockTriangularProblems() {
        for (Precision precision : Precision.values()) {
            for (List<Integer> implicit : List.of(List.<Integer>of(), List.of(1), List.of(0, 2, 3))) {
                same(
                        backend((_, _) -> precision == Precision.F32 ? GENERAL : OTHER),
                        DeviceCase.triangular(implicit),
                        Solver.picard(),
                        STOPPING,
                        precision,
                        SolveRequest.of(inputs(37, DeviceCase.P, 1)),
                        precision + ", blocks that are solved: " + implicit);
            }
        }
    }

    @Test
    void coursesOfSolvers() {
        FixedPointProblem problem = dense(20, 4, Activation.tanh(), 2.5);
        Solver course = new Course(List.of(
                new Course.Leg(Solver.picard(), 5),
                new Course.Leg(Solver.picard(0.7), 7),
                new Course.Leg(Solver.forwardBackward(0.5), Course.Leg.TO_THE_END)));
        same(
                backend((_, _) -> GENERAL),
                problem,
                course,
                new StoppingRule(1e-5, 1e-5, 90, 2),
                Precision.F32,
                SolveRequest.of(inputs(30, 4, 11)),
                course.label());
    }

    @Test
    void progressIsTold() {
        int[] told = new int[1];
        FixedPointProblem problem = dense(20, 4, Activation.relu(), 0.9);
        solve(
                backend(),
                problem,
                Solver.picard(),
                STOPPING,
                Precision.F32,
                SolveRequest.of(inputs(30, 4, 11)).reporting(done -> told[0] += done));
        assertEquals(30, told[0]);
    }

    @Test
    void anInterruptEndsASolveAndThePlanLives() {
        FixedPointProblem problem = dense(20, 4, Activation.relu(), 0.9);
        Matrix inputs = inputs(30, 4, 11);
        StoppingRule endless = new StoppingRule(0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        try (SolvePlan plan = backend((_, _) -> GENERAL)
                .prepare(problem, Solver.picard(), endless, new PlanOptions(Precision.F32, 1))) {
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> plan.solve(inputs));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aPlanSaysWhenItIsMisused() {
        SolvePlan plan = backend()
                .prepare(
                        dense(5, 2, Activation.relu(), 0.5),
                        Solver.picard(),
                        STOPPING,
                        new PlanOptions(Precision.F32, 1));
        assertTrue(plan.footprint() > 5 * 5 * Float.BYTES);
        plan.close();
        plan.close();
        assertThrows(IllegalStateException.class, () -> plan.solve(inputs(3, 2, 1)));
    }

    @Test
    void whatDoesNotRunHereSaysSoByName() {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {0, 1}, new double[] {0, 0})),
                LinearOperator.dense(Matrix.ofRows(new double[] {1}, new double[] {1})),
                null,
                Activation.relu());
        BackendUnavailableException refusal = assertThrows(
                BackendUnavailableException.class,
                () -> backend().prepare(problem, Solver.substitution(), STOPPING, new PlanOptions(Precision.F32, 1)));
        assertTrue(String.valueOf(refusal.getMessage()).contains("does not run substitution"), refusal.toString());
    }

    @Test
    void makingAndClosingPlansKeepsNothing() {
        FixedPointProblem problem = dense(5, 2, Activation.relu(), 0.5);
        Backend backend = backend();
        Matrix inputs = inputs(3, 2, 1);
        for (int i = 0; i < Integer.getInteger("stillpoint.opencl.plans", 50); i++) {
            SolveResult result =
                    solve(backend, problem, Solver.picard(), STOPPING, Precision.F32, SolveRequest.of(inputs));
            assertEquals(3, result.samples());
            assertEquals(0, calls.openHandles());
        }
        assertTrue(calls.openedHandles() > 0);
    }
}
