package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.adjoint.AdjointPlan;
import dev.stillpoint.adjoint.AdjointProblem;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.DouglasRachford;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.PeacemanRachford;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every engine gives the bits of the scalar twin for adjoint equations, whatever the batch.
final class AdjointTwinTest {
    private static final int Q = 7;

    private static final Course COURSE = new Course(List.of(
            new Course.Leg(Solver.picard(0.5), 2),
            new Course.Leg(Solver.broyden(2), 3),
            new Course.Leg(Solver.newton(Inner.KRYLOV), 5),
            new Course.Leg(Solver.anderson(3), Course.Leg.TO_THE_END)));

    static Stream<Arguments> recipes() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(
                                "relu",
                                "leaky-relu:0.1",
                                "leaky-relu:-0.5",
                                "tanh",
                                "sigmoid",
                                "identity",
                                "softmax:3",
                                "group-norm:3:0.5",
                                "max-pool:3",
                                "blocks:relu@7/leaky-relu:0.1@1/tanh@31",
                                "blocks:gate:sigmoid:tanh@6/relu@1/gate:tanh:tanh@14/softmax:3@18")
                        .map(Activation::parse)
                        .flatMap(activation -> Stream.of(
                                        Solver.picard(),
                                        Solver.picard(0.7),
                                        Solver.anderson(3),
                                        Solver.broyden(3),
                                        Solver.newton(),
                                        Solver.newton(Inner.KRYLOV),
                                        Solver.forwardBackward(0.6),
                                        Solver.forwardBackward(1),
                                        Solver.peacemanRachford(0.6),
                                        Solver.douglasRachford(0.6),
                                        COURSE)
                                .filter(solver -> fits(solver, activation))
                                .map(solver -> Arguments.of(
                                        precision, activation, solver, precision == Precision.F32 ? 1 : 5))));
    }

    private static boolean fits(Solver solver, Activation activation) {
        boolean splits = solver instanceof ForwardBackward
                || solver instanceof PeacemanRachford
                || solver instanceof DouglasRachford;
        return !splits || (activation.isProximal() && activation.isComponentwise());
    }

    private static AdjointProblem problem(int n, double lambda, Activation activation, long seed) {
        FixedPointProblem forward = Batches.contraction(n, 2, lambda, activation, seed);
        return new AdjointProblem(
                forward, LinearOperator.dense(Batches.uniform(Q, n, 1, new SplittableRandom(seed + 1))));
    }

    private static AdjointPlan plan(
            CpuEngine engine, AdjointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options) {
        return new CpuBackend(engine).prepareAdjoint(problem, solver, stopping, options);
    }

    private static SolveResult compare(
            AdjointProblem problem,
            Solver solver,
            StoppingRule stopping,
            Precision precision,
            Matrix points,
            Matrix gradients) {
        PlanOptions options = new PlanOptions(precision, 1);
        try (AdjointPlan twin = plan(CpuEngine.SCALAR, problem, solver, stopping, options)) {
            SolveResult expected = twin.solve(points, gradients);
            for (CpuEngine engine : CpuEngine.available()) {
                try (AdjointPlan plan = plan(engine, problem, solver, stopping, options)) {
                    SolveResult result = plan.solve(points, gradients);
                    for (int i = 0; i < points.rows(); i++) {
                        Batches.assertSame(expected, i, result, i, engine + " " + precision);
                    }
                }
            }
            return expected;
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void everyRecipe(Precision precision, Activation activation, Solver solver, int interval) {
        StoppingRule stopping = StoppingRule.mixed(64 * precision.unitRoundoff())
                .withMaxIterations(47)
                .withCheckInterval(interval);
        Matrix points = Batches.inputs(77, 39, precision, 5);
        Matrix gradients = Batches.inputs(77, Q, precision, 6);
        double huge = precision == Precision.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        points.set(3, 0, Double.NaN);
        points.set(4, 38, Double.POSITIVE_INFINITY);
        points.set(8, 1, huge);
        gradients.set(9, 2, Double.NEGATIVE_INFINITY);
        gradients.set(40, 3, -huge);
        gradients.set(41, 0, Double.NaN);
        AdjointProblem problem = problem(39, 0.9, activation, 11);
        SolveResult result = compare(problem, solver, stopping, precision, points, gradients);
        for (int i : new int[] {3, 4, 9, 41}) {
            assertEquals(Status.NON_FINITE, result.status(i));
            assertEquals(0, result.iterations(i));
            assertTrue(Double.isNaN(result.states().get(i, 0)));
        }
        assertEquals(4, result.count(Status.NON_FINITE));
        for (int m = 1; m <= 4; m++) {
            compare(problem, solver, stopping, precision, points.slice(10, 10 + m), gradients.slice(10, 10 + m));
        }
    }

    /// Iteration counts that differ meet in the lanes; the last samples are finished one by one.
    @ParameterizedTest
    @MethodSource("recipes")
    void iterationsThatDiffer(Precision precision, Activation activation, Solver solver, int interval) {
        Matrix points = Batches.inputs(90, 39, precision, 7);
        Matrix gradients = Batches.scatter(Batches.inputs(90, Q, precision, 8));
        StoppingRule stopping =
                StoppingRule.absolute(0x1p-18).withMaxIterations(503).withCheckInterval(interval);
        compare(problem(39, 1.9, activation, 4), solver, stopping, precision, points, gradients);
    }

    /// Threads, order, cuts of the batch and sick neighbours change nothing.
    @ParameterizedTest
    @MethodSource("recipes")
    void aSampleIsItsOwn(Precision precision, Activation activation, Solver solver, int interval) {
        int samples = 107;
        StoppingRule stopping = StoppingRule.mixed(64 * precision.unitRoundoff())
                .withMaxIterations(60)
                .withCheckInterval(interval);
        AdjointProblem problem = problem(39, 0.9, activation, 11);
        Matrix points = Batches.inputs(samples, 39, precision, 9);
        Matrix gradients = Batches.inputs(samples, Q, precision, 10);
        CpuEngine engine = CpuEngine.available().getFirst();
        PlanOptions one = new PlanOptions(precision, 1);
        try (AdjointPlan plan = plan(engine, problem, solver, stopping, one);
                AdjointPlan three = plan(engine, problem, solver, stopping, one.withThreads(3))) {
            SolveResult whole = plan.solve(points, gradients);
            SolveResult shared = three.solve(points, gradients);
            for (int i = 0; i < samples; i++) {
                Batches.assertSame(whole, i, shared, i, "three threads");
            }
            int[] order = IntStream.range(0, samples).map(i -> i * 31 % samples).toArray();
            SolveResult shuffled = plan.solve(Batches.rows(points, order), Batches.rows(gradients, order));
            for (int i = 0; i < samples; i++) {
                Batches.assertSame(whole, order[i], shuffled, i, "shuffled");
            }
            for (int m : new int[] {0, 1, 33}) {
                SolveResult head = plan.solve(points.slice(0, m), gradients.slice(0, m));
                SolveResult tail = plan.solve(points.slice(m, samples), gradients.slice(m, samples));
                for (int i = 0; i < samples; i++) {
                    Batches.assertSame(whole, i, i < m ? head : tail, i < m ? i : i - m, "cut at " + m);
                }
            }
            for (int i = 0; i < samples; i += 3) {
                points.set(i, i % 39, i % 2 == 0 ? Double.NaN : Double.NEGATIVE_INFINITY);
            }
            SolveResult among = plan.solve(points, gradients);
            for (int i = 0; i < samples; i++) {
                if (i % 3 == 0) {
                    assertEquals(Status.NON_FINITE, among.status(i));
                } else {
                    Batches.assertSame(whole, i, among, i, "among the sick");
                }
            }
        }
    }

    /// Rows that fill no vector or tile, and a start that is not zero.
    @ParameterizedTest
    @MethodSource("sizes")
    void everySize(Precision precision, int n) {
        AdjointProblem problem = problem(n, 0.9, Activation.tanh(), n);
        StoppingRule stopping =
                StoppingRule.mixed(16 * precision.unitRoundoff()).withMaxIterations(100);
        Matrix points = Batches.inputs(41, n, precision, n);
        Matrix gradients = Batches.inputs(41, Q, precision, n + 1);
        for (Solver solver : List.of(Solver.picard(), Solver.newton(Inner.KRYLOV), Solver.forwardBackward(0.5))) {
            compare(problem, solver, stopping, precision, points, gradients);
        }
        PlanOptions options = new PlanOptions(precision, 1);
        try (AdjointPlan twin = plan(CpuEngine.SCALAR, problem, Solver.peacemanRachford(0.4), stopping, options)) {
            SolveResult started = twin.solve(points, gradients, points);
            for (CpuEngine engine : CpuEngine.available()) {
                try (AdjointPlan plan = plan(engine, problem, Solver.peacemanRachford(0.4), stopping, options)) {
                    SolveResult result = plan.solve(points, gradients, points);
                    for (int i = 0; i < points.rows(); i++) {
                        Batches.assertSame(started, i, result, i, engine + " from a start, n = " + n);
                    }
                }
            }
        }
    }

    /// Where `A` is large, several strips of a panel go in lockstep, and samples move together when few are left.
    @ParameterizedTest
    @CsvSource({"F32,tanh", "F64,tanh", "F32,softmax:3", "F64,softmax:3"})
    void stripsInLockstep(Precision precision, String label) {
        int n = 1500;
        int m = 70;
        Matrix points = Batches.inputs(m, n, precision, 1);
        Matrix gradients = Batches.inputs(m, Q, precision, 2);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < Q; j++) {
                gradients.set(i, j, Math.scalb(gradients.get(i, j), i % 5 == 0 ? 0 : -12));
            }
            for (int j = 0; j < n; j++) {
                points.set(i, j, Math.scalb(points.get(i, j), -4));
            }
        }
        AdjointProblem problem = problem(n, 0.5, Activation.parse(label), n);
        SolveResult result =
                compare(problem, Solver.picard(), StoppingRule.absolute(1e-2), precision, points, gradients);
        assertTrue(IntStream.range(0, m).map(result::iterations).distinct().count() > 1);
    }

    static Stream<Arguments> sizes() {
        int[] sizes = IntStream.concat(IntStream.range(1, 20), IntStream.of(33, 64, 100, 207))
                .toArray();
        return Stream.of(Precision.values())
                .flatMap(precision -> Arrays.stream(sizes).mapToObj(n -> Arguments.of(precision, n)));
    }
}
