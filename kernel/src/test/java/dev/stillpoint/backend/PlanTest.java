package dev.stillpoint.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ConvergenceException;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.lang.foreign.Arena;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Use and misuse of plans.
final class PlanTest {
    private static final FixedPointProblem SMALL = Batches.contraction(8, 3, 0.5, Activation.relu(), 1);
    private static final Matrix INPUTS = Batches.inputs(20, 3, Precision.F64, 2);

    private static SolvePlan plan(int threads) {
        return Backend.cpu()
                .prepare(SMALL, Solver.picard(), StoppingRule.mixed(1e-6), new PlanOptions(Precision.F32, threads));
    }

    /// A problem that never converges: a rotation by a quarter turn.
    private static SolvePlan endless(int threads) {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {0, -1}, new double[] {1, 0})),
                LinearOperator.dense(Matrix.ofRows(new double[] {1}, new double[] {1})),
                null,
                Activation.identity());
        StoppingRule stopping = StoppingRule.absolute(0).withMaxIterations(Integer.MAX_VALUE);
        return Backend.cpu().prepare(problem, Solver.picard(), stopping, new PlanOptions(Precision.F64, threads));
    }

    @Test
    void anEmptyBatchIsSolved() {
        try (SolvePlan plan = plan(2)) {
            SolveResult result = plan.solve(Matrix.zeros(Precision.F32, 0, 3));
            assertEquals(0, result.samples());
            assertTrue(result.allConverged());
            assertSame(result, result.orThrow());
            assertEquals(8, result.states().columns());
        }
    }

    @Test
    void shapesAreChecked() {
        try (SolvePlan plan = plan(1)) {
            ShapeException inputs =
                    assertThrows(ShapeException.class, () -> plan.solve(Matrix.zeros(Precision.F32, 4, 2)));
            assertEquals("inputs is 4 x 2, expected 3 columns", inputs.getMessage());
            SolveRequest request = SolveRequest.of(INPUTS);
            assertThrows(ShapeException.class, () -> plan.solve(request.from(Matrix.zeros(Precision.F32, 19, 8))));
            assertThrows(ShapeException.class, () -> plan.solve(request.into(Matrix.zeros(Precision.F32, 20, 7))));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> plan.solve(
                            request.into(Matrix.zeros(Precision.F32, 20, 8).frozen())));
            assertTrue(plan.solve(INPUTS).allConverged(), "a refused request leaves the plan usable");
        }
    }

    @Test
    void statesGoToTheDestination() {
        try (SolvePlan plan = plan(2)) {
            SolveResult expected = plan.solve(INPUTS);
            float[] wide = new float[20 * 11];
            Matrix destination = Matrix.of(wide, 2, 20, 8, 11);
            SolveResult result = plan.solve(SolveRequest.of(INPUTS).into(destination));
            assertSame(destination, result.states());
            for (int i = 0; i < 20; i++) {
                Batches.assertSame(expected, i, result, i, "destination");
                assertEquals(0, wide[i * 11 + 10], "nothing beside the view is written");
            }
        }
    }

    @Test
    void aConvergedStateIsAStart() {
        try (SolvePlan plan = plan(1)) {
            SolveResult first = plan.solve(INPUTS);
            SolveResult second =
                    plan.solve(SolveRequest.of(INPUTS).from(first.states()).into(first.states()));
            for (int i = 0; i < 20; i++) {
                assertEquals(1, second.iterations(i), "a solution is recognised by its first evaluation");
            }
        }
    }

    @Test
    void startsThatAreNotFiniteAreReported() {
        Matrix initial = Matrix.zeros(Precision.F64, 20, 8);
        initial.set(3, 4, Double.NaN);
        initial.set(5, 0, 1e300);
        try (SolvePlan plan = plan(1)) {
            SolveResult result = plan.solve(SolveRequest.of(INPUTS).from(initial));
            assertEquals(Status.NON_FINITE, result.status(3));
            assertEquals(Status.NON_FINITE, result.status(5), "1e300 is infinite in FP32");
            assertEquals(18, result.count(Status.CONVERGED));
            ConvergenceException thrown = assertThrows(ConvergenceException.class, result::orThrow);
            assertTrue(thrown.getMessage().startsWith("2 of 20 samples did not converge"), thrown.getMessage());
        }
    }

    @Test
    void aClosedPlanSaysSo() {
        SolvePlan plan = plan(2);
        plan.solve(INPUTS);
        plan.close();
        plan.close();
        assertEquals(
                "the plan is closed",
                assertThrows(IllegalStateException.class, () -> plan.solve(INPUTS))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anInterruptEndsASolve(int threads) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>(false);
        CountDownLatch begun = new CountDownLatch(1);
        try (SolvePlan plan = endless(threads)) {
            Matrix inputs = Matrix.of(new double[] {Double.NaN, 1, 2, 3}, 4, 1);
            Thread solver = new Thread(() -> {
                try {
                    plan.solve(SolveRequest.of(inputs).reporting(_ -> begun.countDown()));
                } catch (CancellationException cancelled) {
                    thrown.set(cancelled);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            solver.start();
            begun.await();
            assertEquals(
                    "a solve is under way on this plan: a plan serves one at a time",
                    assertThrows(IllegalStateException.class, () -> plan.solve(inputs))
                            .getMessage());
            assertThrows(IllegalStateException.class, plan::close);
            solver.interrupt();
            solver.join(10_000);
            assertFalse(solver.isAlive(), "the solve ends");
            assertEquals("the solve was interrupted", thrown.get().getMessage());
            assertTrue(flag.get(), "the interrupt flag stays set");
        }
        awaitNoWorkers();
    }

    private static boolean workersLive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("stillpoint-solve"));
    }

    @Test
    void memoryOfOneThreadIsRefusedByAPlanOfTwo() {
        try (SolvePlan plan = plan(2);
                SolvePlan single = plan(1);
                Arena arena = Arena.ofConfined()) {
            Matrix confined = Matrix.of(arena.allocate(4L * 3 * 200, 8), Precision.F32, 0, 200, 3, 3);
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> plan.solve(confined));
            assertTrue(refused.getMessage().startsWith("inputs lies in a confined arena"), refused.getMessage());
            assertTrue(single.solve(confined).allConverged());
        }
    }

    @Test
    void tenThousandPlansLeaveNothing() throws InterruptedException {
        long before = nativeBytes();
        for (int i = 0; i < 10_000; i++) {
            try (SolvePlan plan = plan(2)) {
                assertTrue(plan.solve(INPUTS).allConverged());
            }
        }
        awaitNoWorkers();
        assertEquals(before, nativeBytes(), "native memory");
    }

    private static long nativeBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static void awaitNoWorkers() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (workersLive() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertFalse(workersLive(), "a closed plan leaves no thread");
    }

    @Test
    void aWorkerThatFailsEndsTheSolve() {
        Thread caller = Thread.currentThread();
        try (SolvePlan plan = endless(2)) {
            Matrix inputs = Matrix.of(new double[] {Double.NaN, Double.NaN, 1, 2}, 4, 1);
            SolveRequest request = SolveRequest.of(inputs).reporting(_ -> {
                throw new IllegalStateException(
                        "told by " + Thread.currentThread().getName());
            });
            assertThrows(IllegalStateException.class, () -> plan.solve(request));
        }
        assertFalse(caller.isInterrupted());
    }

    @Test
    void aSolverRefusesAnActivationThatIsNoProximalMap() {
        FixedPointProblem problem = Batches.contraction(8, 3, 0.5, Activation.leakyRelu(-0.5), 1);
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> Backend.cpu().prepare(problem, Solver.forwardBackward(0.5), StoppingRule.mixed(1e-6)));
        assertEquals(
                "forward-backward needs an activation that is a proximal map, and leaky-relu:-0.5 is none",
                refused.getMessage());
    }

    @Test
    void backendsAreFoundByName() {
        assertEquals("cpu", Backend.open("cpu").name());
        assertTrue(assertThrows(BackendUnavailableException.class, () -> Backend.open("abacus"))
                .getMessage()
                .startsWith("there is no backend 'abacus'"));
        assertThrows(BackendUnavailableException.class, () -> Backend.open("cpu", "no such device"));
    }
}
