package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.stillpoint.activation.Activation;
import dev.stillpoint.adjoint.AdjointPlan;
import dev.stillpoint.adjoint.AdjointProblem;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.internal.engine.Shared;
import dev.stillpoint.internal.engine.Worker;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Broyden;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.SemismoothNewton;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A plan takes the memory that its formula says.
final class FootprintTest {
    private static Stream<Arguments> plans() {
        return CpuEngine.available().stream()
                .filter(engine -> engine != CpuEngine.SCALAR)
                .flatMap(engine -> Stream.of(Precision.values())
                        .flatMap(precision -> Stream.of(3, 100, 300, 1100)
                                .flatMap(n -> Stream.of(
                                                Solver.picard(),
                                                Solver.forwardBackward(0.5),
                                                Solver.peacemanRachford(0.5),
                                                Solver.sequentialAveraging(),
                                                Solver.broyden(4),
                                                Solver.newton(Inner.ACTIVE_SET),
                                                Solver.newton(Inner.KRYLOV),
                                                Solver.anderson(3))
                                        .map(solver -> Arguments.of(engine, precision, n, solver)))));
    }

    /// Rows padded to tiles of 8, or of 5 and 4.
    private static long tiles(long n) {
        boolean wide = CpuEngine.available().contains(CpuEngine.V512)
                || System.getProperty("os.arch").equals("aarch64");
        if (wide) {
            return (n + 7) / 8 * 8;
        }
        for (long padded = n; ; padded++) {
            for (long fours = 0; 4 * fours <= padded; fours++) {
                if ((padded - 4 * fours) % 5 == 0) {
                    return padded;
                }
            }
        }
    }

    private static long formula(CpuEngine engine, Precision precision, long n, long p, Solver solver) {
        long e = precision.bytes();
        long lanes = engine.factory(precision).lanes() / 2;
        long width = 2 * lanes;
        long strips = e * n * n > 8 << 20 ? 64 / width : 1;
        long vectors = (n + lanes - 1) / lanes * lanes;
        long resolvents = solver.name().equals("peaceman-rachford") ? 1 : 0;
        boolean asks = solver instanceof ForwardBackward || solver instanceof SemismoothNewton;
        long map = asks ? 1 : 2 * resolvents;
        long staged = 3 + resolvents;
        long sums = 2 * ((n + 7) / 8 + 16) + 1;
        long row = Math.max(n, p);
        long panel = width * (strips * ((4 + map) * (n + 16) + sums) + staged * (n + 16) + p + 16) + row;
        long single = (4 + map + staged) * (n + 16) + sums + p + 16 + row;
        long memory = e * (values(solver, strips * width, n) + values(solver, 1, n))
                + counters(solver, strips * width, n)
                + counters(solver, 1, n);
        return memory + e * ((tiles(n) + vectors) * ((1 + resolvents) * n + p) + n + panel + single);
    }

    /// Values that a panel of so many lanes has for its solver.
    private static long values(Solver solver, long lanes, long n) {
        long panel = n + 16;
        long sum = (n + 7) / 8 + 16;
        return switch (solver) {
            case Anderson(int h) ->
                lanes * ((2L * h + 3) * panel + 2 * sum + (long) h * h + 2L * h + 1) + (long) h * h + 2L * h;
            case Broyden(int h) -> lanes * ((h + 2) * panel + sum + h + 4);
            case SemismoothNewton(var inner)
            when inner == Inner.ACTIVE_SET -> lanes * (4 * panel + 2) + 2 * n * n + 3 * n;
            case SemismoothNewton _ -> {
                long k = Math.min(30, n);
                yield lanes * ((k + 6) * panel + sum + k * k + 4 * k + 6);
            }
            case SequentialAveraging _ -> lanes * (sum + 2);
            default -> 0;
        };
    }

    /// Bytes of whole numbers that a panel of so many lanes has for its solver.
    private static long counters(Solver solver, long lanes, long n) {
        return switch (solver) {
            case Anderson(int h) -> 4 * lanes + 8L * h;
            case Broyden _, SequentialAveraging _ -> 4 * lanes;
            case SemismoothNewton(var inner) -> inner == Inner.ACTIVE_SET ? 4 * (lanes + n) : 8 * lanes;
            default -> 0;
        };
    }

    @ParameterizedTest
    @MethodSource("plans")
    void theFormulaIsWhatAPlanSays(CpuEngine engine, Precision precision, int n, Solver solver) {
        FixedPointProblem problem = Batches.contraction(n, 50, 0.9, Activation.relu(), n);
        try (SolvePlan plan = new CpuBackend(engine)
                .prepare(problem, solver, StoppingRule.mixed(1e-3), new PlanOptions(precision, 1))) {
            assertEquals(formula(engine, precision, n, 50, solver), plan.footprint());
        }
    }

    /// The legs of a course, and matrices of states, starts and inputs between them.
    @ParameterizedTest
    @EnumSource
    void aCourseTakesWhatItsLegsTake(Precision precision) {
        int n = 100;
        int p = 50;
        FixedPointProblem problem = Batches.contraction(n, p, 0.9, Activation.relu(), n);
        Solver course = new Course(
                List.of(new Course.Leg(Solver.picard(), 5), new Course.Leg(Solver.broyden(4), Course.Leg.TO_THE_END)));
        CpuEngine engine = CpuEngine.available().getFirst();
        long lanes = engine.factory(precision).lanes();
        long samples = Math.clamp((1 << 20) / (n + p), 4 * lanes, 64 * lanes);
        long legs = footprint(engine, problem, Solver.picard(), precision)
                + footprint(engine, problem, Solver.broyden(4), precision);
        long between = precision.bytes() * (samples * (2 * n + p) + n) + samples * (4 * 4 + 2 * 8 + 8);
        assertEquals(legs + between, footprint(engine, problem, course, precision));
    }

    private static long footprint(CpuEngine engine, FixedPointProblem problem, Solver solver, Precision precision) {
        try (SolvePlan plan = new CpuBackend(engine)
                .prepare(problem, solver, StoppingRule.mixed(1e-3), new PlanOptions(precision, 1))) {
            return plan.footprint();
        }
    }

    private static Stream<Arguments> adjoints() {
        return CpuEngine.available().stream()
                .filter(engine -> engine != CpuEngine.SCALAR)
                .flatMap(engine -> Stream.of(Precision.values())
                        .flatMap(precision -> Stream.of(3, 300, 1101)
                                .flatMap(n -> Stream.of(
                                        Arguments.of(engine, precision, "tanh", n, Solver.picard()),
                                        Arguments.of(engine, precision, "tanh", n, Solver.forwardBackward(0.5)),
                                        Arguments.of(engine, precision, "tanh", n, Solver.newton(Inner.KRYLOV)),
                                        Arguments.of(engine, precision, "max-pool:3", n, Solver.broyden(4))))));
    }

    /// A plan for an adjoint equation has slopes, or points, beside what one for a problem of that size has.
    @ParameterizedTest
    @MethodSource("adjoints")
    void anAdjointTakesItsSlopesToo(CpuEngine engine, Precision precision, String label, int n, Solver solver) {
        int q = 50;
        Activation activation = Activation.parse("blocks:" + label + "@" + n);
        AdjointProblem problem = new AdjointProblem(
                Batches.contraction(n, 2, 0.9, activation, n),
                LinearOperator.dense(Batches.uniform(q, n, 1, new SplittableRandom(n))));
        StoppingRule stopping = StoppingRule.mixed(1e-3);
        long e = precision.bytes();
        long width = engine.factory(precision).lanes();
        long strips = e * n * n > 8 << 20 ? 64 / width : 1;
        boolean diagonal = activation.isComponentwise();
        long splits = solver instanceof ForwardBackward ? 1 : 0;
        long panels = splits + (diagonal ? 1 : 2);
        long staged = splits + (diagonal ? 2 : 1);
        long row = Math.min(n, q);
        long panel = e * (width * (strips * panels + staged) * (n + 16) + row);
        long single = e * ((panels + staged) * (n + 16) + row);
        long expected = formula(engine, precision, n, q, solver) + panel + single;
        try (AdjointPlan plan =
                new CpuBackend(engine).prepareAdjoint(problem, solver, stopping, new PlanOptions(precision, 1))) {
            assertEquals(expected, plan.footprint());
        }

        FixedPointProblem transposed = new FixedPointProblem(
                problem.forward().a().transpose(), problem.c().transpose(), null, activation);
        Shared<? extends Worker> shared = engine.factory(precision).adjoints(transposed, solver, stopping);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        long said = 0;
        // The first round loads classes.
        for (int round = 0; round < 2; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            Worker worker = shared.make();
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
            said = worker.bytes();
        }
        // The panel of a single sample is made when it is needed.
        long sums = 2L * ((n + 7) / 8 + 16) + 1;
        long map = solver instanceof ForwardBackward || solver instanceof SemismoothNewton ? 1 : 0;
        long later = single
                + e * ((7 + map) * (n + 16) + sums + q + 16 + Math.max(n, q) + values(solver, 1, n))
                + counters(solver, 1, n);
        long more = allocated - (said - later);
        assertTrue(more >= 0 && more < 64 << 10, more + " bytes more than " + (said - later));
    }

    /// Without inputs, and with starts that are refused, nothing is computed: vectors that are not compiled yet
    /// would take memory of their own.
    @ParameterizedTest
    @MethodSource("plans")
    void whatAPlanSaysIsWhatItTakes(CpuEngine engine, Precision precision, int n, Solver solver) {
        FixedPointProblem problem = Batches.contraction(n, 0, 0.9, Activation.relu(), n);
        Matrix start = Matrix.zeros(precision, 1, n);
        start.set(0, 0, Double.NaN);
        SolveRequest request =
                SolveRequest.of(Matrix.zeros(precision, 1, 0)).from(start).into(Matrix.zeros(precision, 1, n));
        long footprint = 0;
        long allocated = Long.MAX_VALUE;
        // The first round loads classes.
        for (int round = 0; round < 2; round++) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            try (SolvePlan plan = new CpuBackend(engine)
                    .prepare(problem, solver, StoppingRule.mixed(1e-3), new PlanOptions(precision, 1))) {
                plan.solve(request);
                footprint = plan.footprint();
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(allocated >= footprint, allocated + " bytes allocated, " + footprint + " said");
        // Beside it: a row for each of four packed forms, lists of tiles, and vectors for the bias, each boxed as it is
        // loaded and stored; 64 bytes for each of n values cover that, and 64 KB the objects of a plan.
        long more = allocated - footprint;
        // A resolvent is computed in double precision, whose memory goes again.
        boolean setsUp = solver.name().equals("peaceman-rachford");
        assertTrue(setsUp || more < 64L * n + (64 << 10), more + " bytes more than " + footprint);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void threadsHavePanelsOfTheirOwn(CpuEngine engine, Precision precision, int n, Solver solver) {
        FixedPointProblem problem = Batches.contraction(n, 5, 0.9, Activation.relu(), n);
        StoppingRule stopping = StoppingRule.mixed(1e-3);
        long[] bytes = new long[4];
        for (int threads = 1; threads <= 3; threads++) {
            try (SolvePlan plan =
                    new CpuBackend(engine).prepare(problem, solver, stopping, new PlanOptions(precision, threads))) {
                bytes[threads] = plan.footprint();
            }
        }
        assertTrue(bytes[1] < bytes[2]);
        assertEquals(bytes[2] - bytes[1], bytes[3] - bytes[2]);
    }
}
