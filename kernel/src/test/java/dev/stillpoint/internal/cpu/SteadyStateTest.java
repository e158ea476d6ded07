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
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Once compiled, an iteration allocates nothing: a solve of more iterations allocates as much as one of fewer.
final class SteadyStateTest {
    private static final int N = 30;
    private static final int FEW = 1000;
    private static final int MORE = 3000;

    /// Rounds in which the compiler has to be done.
    private static final int ROUNDS = 60;

    private static Stream<Arguments> recipes() {
        return CpuEngine.available().stream()
                .flatMap(engine -> Stream.of(Precision.values())
                        .filter(precision -> compilesMasks(engine, precision))
                        .flatMap(precision -> Stream.of(
                                Arguments.of(engine, precision, "relu", Solver.picard()),
                                Arguments.of(engine, precision, "leaky-relu:0.1", Solver.forwardBackward(0.5)),
                                Arguments.of(engine, precision, "tanh", Solver.picard(0.5)),
                                Arguments.of(engine, precision, "sigmoid", Solver.picard()),
                                Arguments.of(engine, precision, "softmax:5", Solver.picard()),
                                Arguments.of(engine, precision, "relu", Solver.anderson()),
                                Arguments.of(engine, precision, "relu", Solver.broyden()),
                                Arguments.of(
                                        engine,
                                        precision,
                                        "relu",
                                        new Course(List.of(
                                                new Course.Leg(Solver.picard(), ROUNDS),
                                                new Course.Leg(Solver.broyden(), Course.Leg.TO_THE_END)))),
                                Arguments.of(engine, precision, "relu", Solver.newton(Inner.KRYLOV)),
                                Arguments.of(engine, precision, "tanh", Solver.newton(Inner.ACTIVE_SET)),
                                Arguments.of(
                                        engine,
                                        precision,
                                        "relu",
                                        new SequentialAveraging(new SequentialAveraging.InverseNorm(1))),
                                Arguments.of(engine, precision, "relu", Solver.peacemanRachford(0.5)),
                                Arguments.of(engine, precision, "tanh", Solver.douglasRachford(0.5)),
                                Arguments.of(engine, precision, "identity", Solver.forwardBackward(0.5)))));
    }

    /// On x86 without AVX-512 the virtual machine does not compile masks of two lanes: it boxes them. No machine
    /// prefers that engine, since whatever has fused multiply-add has wider vectors.
    private static boolean compilesMasks(CpuEngine engine, Precision precision) {
        return engine != CpuEngine.V128
                || precision == Precision.F32
                || !System.getProperty("os.arch").equals("amd64")
                || CpuEngine.available().contains(CpuEngine.V512);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void anIterationAllocatesNothing(CpuEngine engine, Precision precision, String label, Solver solver) {
        FixedPointProblem problem = Batches.contraction(N, 3, 0.9, Activation.parse(label), 1);
        // Enough samples for whole panels, and some that are left for the path of single samples.
        Matrix inputs = Batches.inputs(18, 3, precision, 1);
        StoppingRule never = StoppingRule.absolute(0);
        PlanOptions options = new PlanOptions(precision, 1);
        CpuBackend backend = new CpuBackend(engine);
        try (SolvePlan few = backend.prepare(problem, solver, never.withMaxIterations(FEW), options);
                SolvePlan more = backend.prepare(problem, solver, never.withMaxIterations(MORE), options)) {
            SolveRequest request = SolveRequest.of(inputs).into(Matrix.zeros(precision, inputs.rows(), N));
            assertSteady(() -> few.solve(request), () -> more.solve(request));
        }
    }

    /// Whether a solve of more iterations allocates as much as one of fewer, once the compiler is done.
    private static void assertSteady(Supplier<SolveResult> few, Supplier<SolveResult> more) {
        long least = Long.MAX_VALUE;
        // An object an iteration would be 16 bytes and more.
        for (int round = 0; round < ROUNDS && least >= MORE - FEW; round++) {
            least = Math.min(least, allocated(more) - allocated(few));
        }
        long bytes = least;
        assertTrue(bytes < MORE - FEW, () -> bytes + " bytes in " + (MORE - FEW) + " iterations");
    }

    private static Stream<Arguments> adjoints() {
        return CpuEngine.available().stream()
                .flatMap(engine -> Stream.of(Precision.values())
                        .filter(precision -> compilesMasks(engine, precision))
                        .flatMap(precision -> Stream.of(
                                Arguments.of(engine, precision, "relu", Solver.picard()),
                                Arguments.of(engine, precision, "softmax:5", Solver.picard(0.5)),
                                Arguments.of(engine, precision, "tanh", Solver.forwardBackward(0.5)),
                                Arguments.of(engine, precision, "tanh", Solver.newton(Inner.KRYLOV)),
                                Arguments.of(engine, precision, "relu", Solver.peacemanRachford(0.5)))));
    }

    @ParameterizedTest
    @MethodSource("adjoints")
    void anIterationOfAnAdjointAllocatesNothing(CpuEngine engine, Precision precision, String label, Solver solver) {
        AdjointProblem problem = new AdjointProblem(
                Batches.contraction(N, 3, 0.9, Activation.parse(label), 1),
                LinearOperator.dense(Batches.uniform(3, N, 1, new SplittableRandom(2))));
        Matrix points = Batches.inputs(18, N, precision, 1);
        Matrix gradients = Batches.inputs(18, 3, precision, 2);
        StoppingRule never = StoppingRule.absolute(0);
        PlanOptions options = new PlanOptions(precision, 1);
        CpuBackend backend = new CpuBackend(engine);
        try (AdjointPlan few = backend.prepareAdjoint(problem, solver, never.withMaxIterations(FEW), options);
                AdjointPlan more = backend.prepareAdjoint(problem, solver, never.withMaxIterations(MORE), options)) {
            assertSteady(() -> few.solve(points, gradients), () -> more.solve(points, gradients));
        }
    }

    private static long allocated(Supplier<SolveResult> solve) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        SolveResult result = solve.get();
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(18, result.samples());
        return bytes;
    }
}
