package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Broyden;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SemismoothNewton;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Accelerated solves on a device give the CPU's bits: with fewer states than a history or a tile has, and more;
/// where Picard iteration diverges and the safeguard goes back; with samples that are refused, that overflow,
/// that run out of iterations or begin elsewhere; and with few iterations to a launch, so that all of a history
/// outlasts one. Work-items that share a panel are an [Exercise] of a simulator.
class AcceleratedSolveTest {
    private static final long SEED = 20261122;
    private static final int SAMPLES = 37;
    private static final int INPUTS = 5;
    private static final List<Integer> HISTORIES = List.of(1, 2, 5, 10);

    /// Operations to a launch, so that it has a few iterations, and so that it has all.
    private static final long FEW = 1 << 12;

    private static final long MANY = 1L << 31;

    @TempDir
    static Path directory;

    private final ClCalls calls = new ClCalls();

    @AfterEach
    void nothingStaysOpen() {
        assertEquals(0, calls.openHandles());
    }

    private enum Family {
        ANDERSON,
        BROYDEN,
        ELIMINATION,
        KRYLOV;

        Solver of(int history) {
            return switch (this) {
                case ANDERSON -> new Anderson(history);
                case BROYDEN -> new Broyden(history);
                case ELIMINATION -> new SemismoothNewton(Inner.ACTIVE_SET);
                case KRYLOV -> new SemismoothNewton(Inner.KRYLOV);
            };
        }
    }

    /// Solves on both, on the device twice with the same plan.
    private Set<Status> same(
            FixedPointProblem problem,
            Solver solver,
            StoppingRule stopping,
            Precision precision,
            long flops,
            SolveRequest request) {
        int vector = precision == Precision.F32 ? 8 : 4;
        Tuning tuning = new Tuning(vector, 2 * vector, 1, 6, 2, 1, flops, false);
        FoundDevice.Described device = OpenClHere.requireUsable(calls);
        Backend backend = new OpenClBackend(calls, device, ProgramCache.in(directory), (_, _) -> tuning);
        PlanOptions options = new PlanOptions(precision, 1);
        String what = "%s n=%d %s %s seed=%d".formatted(precision, problem.stateSize(), solver.label(), stopping, SEED);
        EnumSet<Status> statuses = EnumSet.noneOf(Status.class);
        try (SolvePlan here = Backend.cpu().prepare(problem, solver, stopping, options);
                SolvePlan there = backend.prepare(problem, solver, stopping, options)) {
            SolveResult expected = here.solve(request);
            SameBits.check(expected, there.solve(request), what);
            SameBits.check(expected, there.solve(request), what + ", again");
            for (int i = 0; i < SAMPLES; i++) {
                statuses.add(expected.status(i));
            }
        }
        return statuses;
    }

    private static FixedPointProblem problem(Random random, LinearOperator operator, Activation phi) {
        int n = operator.rows();
        return new FixedPointProblem(
                operator,
                LinearOperator.dense(DeviceCase.matrix(random, n, INPUTS, 1)),
                DeviceCase.matrix(random, 1, n, 0.1),
                phi);
    }

    /// Among the samples one is not finite, one has a norm that overflows in FP32, and one large values.
    private static SolveRequest request(Random random, int n, boolean started) {
        Matrix normal = DeviceCase.matrix(random, SAMPLES, INPUTS, 1);
        Matrix inputs = Matrix.zeros(Precision.F64, SAMPLES, INPUTS);
        for (int i = 0; i < SAMPLES; i++) {
            for (int j = 0; j < INPUTS; j++) {
                inputs.set(i, j, normal.get(i, j));
            }
        }
        inputs.set(SAMPLES / 2, 0, Double.NaN);
        inputs.set(SAMPLES / 3, 1, 1e30);
        inputs.set(SAMPLES / 5, 1, 1e5);
        SolveRequest request = SolveRequest.of(inputs.frozen());
        return started ? request.from(DeviceCase.matrix(random, SAMPLES, n, 1)) : request;
    }

    @TestFactory
    Stream<DynamicTest> anySizeAndHistory() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(Family.values())
                        .map(family -> DynamicTest.dynamicTest(
                                family + " " + precision, () -> anySizeAndHistory(precision, family))));
    }

    /// With activations without a bound, and with one.
    private void anySizeAndHistory(Precision precision, Family family) {
        boolean bounded = precision == Precision.F64;
        EnumSet<Status> seen = EnumSet.noneOf(Status.class);
        Random random = new Random(SEED);
        for (int n : new int[] {1, 7, 33}) {
            LinearOperator operator = LinearOperator.dense(DeviceCase.matrix(random, n, n, 1.5 / Math.sqrt(n)));
            FixedPointProblem problem = problem(random, operator, bounded ? Activation.tanh() : Activation.relu());
            for (int history : HISTORIES) {
                boolean even = history % 2 == 0;
                StoppingRule stopping = new StoppingRule(1e-5, 1e-6, history == 5 ? 11 : 60, even ? 3 : 1);
                SolveRequest request = request(random, n, even);
                seen.addAll(same(problem, family.of(history), stopping, precision, even ? MANY : FEW, request));
            }
        }
        EnumSet<Status> expected = EnumSet.allOf(Status.class);
        if (bounded) {
            expected.remove(Status.DIVERGED);
        }
        assertEquals(expected, seen);
    }

    /// On such a problem as those of FP32 above, so that but one program more is compiled.
    @Test
    void courses() {
        Random random = new Random(SEED);
        LinearOperator operator = LinearOperator.dense(DeviceCase.matrix(random, 12, 12, 1.5 / Math.sqrt(12)));
        Solver course = new Course(List.of(
                new Course.Leg(Solver.picard(), 2),
                new Course.Leg(new Anderson(3), 2),
                new Course.Leg(new SemismoothNewton(Inner.KRYLOV), 4),
                new Course.Leg(new Broyden(5), Course.Leg.TO_THE_END)));
        SolveRequest request = request(random, 12, true);
        FixedPointProblem problem = problem(random, operator, Activation.relu());
        Set<Status> seen = same(problem, course, new StoppingRule(0, 0, 60, 2), Precision.F32, FEW, request);
        assertEquals(EnumSet.allOf(Status.class), seen);
    }
}
