package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ConvergenceException;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.wellposed.Certificate;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is said of samples and plans that have no unrolled gradient.
final class UnrolledStatusTest {
    private static final PlanOptions DOUBLE = new PlanOptions(Precision.F64, 1);

    /// `x+ = relu(a x + u)`, `y = 2 x`.
    private static ImplicitModel model(double a) {
        return ImplicitModel.of(
                Matrix.ofRows(new double[] {a}),
                Matrix.ofRows(new double[] {1}),
                Matrix.ofRows(new double[] {2}),
                Activation.relu());
    }

    private static UnrolledPlan plan(double a, int iterations) {
        return UnrolledPlan.prepare(AdjointProblem.of(model(a)), Solver.picard(), iterations, DOUBLE);
    }

    private static Matrix column(double... values) {
        return Matrix.of(values, values.length, 1);
    }

    /// `x_1 = u`, `x_2 = u/2 + u`, `x_3 = 7/4 u`, and `v_2 = 2 g`, `v_1 = g`, `v_0 = g/2`.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void iterationsAreCounted(Precision precision) {
        ImplicitModel model = model(0.5);
        PlanOptions options = new PlanOptions(precision, 1);
        try (UnrolledPlan plan = UnrolledPlan.prepare(AdjointProblem.of(model), Solver.picard(), 3, options)) {
            UnrolledPass pass = plan.forward(column(4));
            assertEquals(1, pass.samples());
            assertEquals(7, pass.states().get(0, 0));
            UnrolledAdjoint adjoint = pass.backward(column(8));
            assertEquals(1, adjoint.samples());
            assertEquals(Status.MAX_ITERATIONS, adjoint.status(0));
            assertEquals(2, adjoint.initialGradients().get(0, 0));
            assertEquals(2L * 4 * precision.bytes() - 4L * precision.bytes() + 8, adjoint.bytes());
            Gradients gradients = new Gradients(model);
            gradients.add(adjoint, 1);
            assertEquals(16 * 6 + 8 * 4, gradients.a().getFirst().get(0, 0));
            assertEquals(28 * 4, gradients.b().getFirst().get(0, 0));
            assertEquals(28, gradients.bias().get(0, 0));
            assertEquals(8 * 7, gradients.c().getFirst().get(0, 0));
            assertEquals(28, gradients.inputGradients(adjoint).get(0, 0));
        }
    }

    @Test
    void whatIsNotFiniteOnTheWayIsSaidBySample() {
        try (UnrolledPlan plan = plan(4, 3)) {
            Matrix inputs = column(Double.NaN, 1, Double.MAX_VALUE, 1, -1);
            UnrolledPass pass = plan.forward(inputs, column(1, Double.POSITIVE_INFINITY, 1, 1, 1));
            List<Status> expected = List.of(
                    Status.NON_FINITE,
                    Status.NON_FINITE,
                    Status.DIVERGED,
                    Status.MAX_ITERATIONS,
                    Status.MAX_ITERATIONS);
            UnrolledAdjoint adjoint = pass.backward(column(1, 1, 1, 1, 1));
            for (int s = 0; s < 5; s++) {
                assertEquals(expected.get(s), pass.status(s), "sample " + s);
                assertEquals(expected.get(s), adjoint.status(s), "sample " + s);
                assertEquals(s < 3, Double.isNaN(adjoint.initialGradients().get(s, 0)), "sample " + s);
            }
            assertTrue(Double.isNaN(pass.states().get(0, 0)));
            assertTrue(Double.isNaN(pass.states().get(1, 0)));
            assertEquals(Double.POSITIVE_INFINITY, pass.states().get(2, 0));
            assertEquals(64 + 21, pass.states().get(3, 0));
        }
    }

    /// A state that is finite again after one that is not: `tanh` of an infinity is 1.
    @Test
    void aStateThatWasNotFiniteIsSaid() {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.sparse(Matrix.ofRows(new double[] {0, Double.MAX_VALUE}, new double[] {4, 0})),
                LinearOperator.dense(Matrix.ofRows(new double[] {0}, new double[] {1})),
                null,
                Activation.parse("blocks:relu@1/tanh@1"));
        AdjointProblem adjoint = new AdjointProblem(problem, LinearOperator.dense(Matrix.ofRows(new double[] {1, 1})));
        try (UnrolledPlan plan = UnrolledPlan.prepare(adjoint, Solver.picard(), 2, DOUBLE)) {
            // x_1 = (infinity, tanh 1), x_2 = (finite, 1).
            UnrolledPass pass = plan.forward(column(1), Matrix.ofRows(new double[] {0, 2}));
            assertTrue(Double.isFinite(pass.states().get(0, 0))
                    && Double.isFinite(pass.states().get(0, 1)));
            assertEquals(Status.DIVERGED, pass.status(0));
            assertEquals(Status.DIVERGED, pass.backward(column(1)).status(0));
        }
    }

    /// Samples 1 and 3 have no gradient: one of no finite output gradient, one that overflows on the way back.
    @Test
    void whatIsNotFiniteIsRefusedOrLeftOut() {
        ImplicitModel model = model(4);
        Gradients gradients = new Gradients(model);
        try (UnrolledPlan plan = plan(4, 2)) {
            UnrolledPass pass = plan.forward(column(1, 2, 3, 4, 5));
            UnrolledAdjoint adjoint = pass.backward(column(1, Double.NaN, 3, Double.MAX_VALUE / 3, 5));
            assertEquals(Status.NON_FINITE, adjoint.status(1));
            assertEquals(Status.DIVERGED, adjoint.status(3));
            ConvergenceException refused = assertThrows(ConvergenceException.class, () -> gradients.add(adjoint, 1));
            assertTrue(refused.getMessage().contains("2 of 5 samples have no finite unrolled gradient"));
            assertTrue(refused.getMessage().contains("the first is sample 1: NON_FINITE"), refused.getMessage());
            assertEquals(0, gradients.c().getFirst().get(0, 0));
            assertEquals(2, gradients.addFinite(adjoint, 2));
            // x_2 = 5 u, v_1 = 2 g, v_0 = 8 g, each with g = u.
            assertEquals(2 * (1 + 9 + 25), gradients.a().getFirst().get(0, 0));
            assertEquals(10 * (1 + 9 + 25), gradients.b().getFirst().get(0, 0));
            assertEquals(5 * (1 + 9 + 25), gradients.c().getFirst().get(0, 0));
            assertEquals(10 * (1 + 3 + 5), gradients.bias().get(0, 0));
            assertArrayEquals(
                    new double[] {10, Double.NaN, 30, Double.NaN, 50},
                    gradients.inputGradients(adjoint).toDoubleArray());
            assertThrows(IllegalArgumentException.class, () -> gradients.add(adjoint, 0));
            assertThrows(IllegalArgumentException.class, () -> gradients.addFinite(adjoint, 0));
        }
    }

    /// In FP32 what FP64 can hold is not finite.
    @Test
    void theWorkingPrecisionDecides() {
        PlanOptions options = new PlanOptions(Precision.F32, 1);
        try (UnrolledPlan plan = UnrolledPlan.prepare(AdjointProblem.of(model(0.5)), Solver.picard(), 2, options)) {
            assertEquals(Status.NON_FINITE, plan.forward(column(1e300)).status(0));
            assertEquals(
                    Status.NON_FINITE,
                    plan.forward(column(1)).backward(column(1e300)).status(0));
        }
    }

    @Test
    void anEmptyBatchHasNothing() {
        Gradients gradients = new Gradients(model(0.5));
        try (UnrolledPlan plan = plan(0.5, 2)) {
            UnrolledAdjoint adjoint =
                    plan.forward(Matrix.zeros(Precision.F64, 0, 1)).backward(Matrix.zeros(Precision.F64, 0, 1));
            gradients.add(adjoint, 1);
            assertEquals(0, adjoint.samples());
            assertEquals(0, gradients.bias().get(0, 0));
        }
    }

    private static void refused(Solver solver, int iterations, PlanOptions options, String message) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> UnrolledPlan.prepare(AdjointProblem.of(model(0.5)), solver, iterations, options));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void whatCannotBePreparedIsRefused() {
        for (Solver solver : List.of(
                Solver.anderson(),
                Solver.broyden(),
                Solver.newton(),
                Solver.newton(Inner.KRYLOV),
                Solver.substitution(),
                Solver.peacemanRachford(0.5),
                Solver.douglasRachford(0.5))) {
            refused(solver, 3, DOUBLE, solver.name() + " is not unrolled: use picard, forward-backward or sequential");
        }
        refused(Solver.picard(), 0, DOUBLE, "iterations is 0");
        PlanOptions certified = DOUBLE.withCertificate(Certificate.of(model(0.5).problem()));
        refused(Solver.picard(), 3, certified, "certificate");
        FixedPointProblem gate = new FixedPointProblem(
                LinearOperator.dense(Matrix.zeros(Precision.F64, 2, 2)),
                LinearOperator.dense(Matrix.zeros(Precision.F64, 2, 1)),
                null,
                Activation.maxPool(2));
        AdjointProblem noProximalMap =
                new AdjointProblem(gate, LinearOperator.dense(Matrix.zeros(Precision.F64, 1, 2)));
        assertThrows(
                IllegalArgumentException.class,
                () -> UnrolledPlan.prepare(noProximalMap, Solver.forwardBackward(0.5), 3, DOUBLE));
    }

    @Test
    void shapesAreChecked() {
        try (UnrolledPlan plan = plan(0.5, 2)) {
            Matrix wide = Matrix.zeros(Precision.F64, 3, 2);
            assertThrows(ShapeException.class, () -> plan.forward(wide));
            assertThrows(ShapeException.class, () -> plan.forward(column(1, 2), column(1)));
            assertThrows(ShapeException.class, () -> plan.forward(column(1)).backward(column(1, 2)));
            ImplicitModel larger =
                    ImplicitModel.of(Matrix.zeros(Precision.F64, 2, 2), wide.slice(0, 2), wide, Activation.relu());
            UnrolledAdjoint adjoint = plan.forward(column(1)).backward(column(1));
            Gradients other = new Gradients(larger);
            assertThrows(ShapeException.class, () -> other.add(adjoint, 1));
            assertThrows(ShapeException.class, () -> other.inputGradients(adjoint));
        }
        try (UnrolledPlan plan = plan(0.5, Integer.MAX_VALUE)) {
            ShapeException refused = assertThrows(ShapeException.class, () -> plan.forward(column(1, 2)));
            assertTrue(refused.getMessage().contains("cut the batch"), refused.getMessage());
        }
    }

    @Test
    void inputsAreNotKept() {
        ImplicitModel model = model(0.5);
        Gradients gradients = new Gradients(model);
        try (UnrolledPlan plan = plan(0.5, 3)) {
            Matrix inputs = column(4);
            Matrix g = column(8);
            UnrolledPass pass = plan.forward(inputs);
            inputs.set(0, 0, 100);
            UnrolledAdjoint adjoint = pass.backward(g);
            g.set(0, 0, 100);
            gradients.add(adjoint, 1);
            assertEquals(28 * 4, gradients.b().getFirst().get(0, 0));
            assertEquals(8 * 7, gradients.c().getFirst().get(0, 0));
            assertThrows(
                    UnsupportedOperationException.class, () -> pass.states().set(0, 0, 1));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> adjoint.initialGradients().set(0, 0, 1));
        }
    }

    @Test
    void aClosedPlanSaysSo() {
        UnrolledPlan plan = plan(0.5, 2);
        UnrolledPass pass = plan.forward(column(1));
        assertTrue(plan.footprint() > 0);
        plan.close();
        plan.close();
        assertEquals(1.5, pass.states().get(0, 0));
        assertThrows(IllegalStateException.class, () -> plan.forward(column(1)));
        assertThrows(IllegalStateException.class, () -> pass.backward(column(1)));
    }

    @Test
    void anInterruptEndsTheWork() {
        try (UnrolledPlan plan = plan(0.5, 2)) {
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> plan.forward(column(1)));
            assertTrue(Thread.interrupted());
            assertEquals(1.5, plan.forward(column(1)).states().get(0, 0));
        }
    }

    @Test
    void confinedMemoryIsForOneThread() {
        AdjointProblem problem = AdjointProblem.of(model(0.5));
        try (Arena arena = Arena.ofConfined();
                UnrolledPlan two = UnrolledPlan.prepare(problem, Solver.picard(), 2, DOUBLE.withThreads(2));
                UnrolledPlan one = plan(0.5, 2)) {
            MemorySegment memory = arena.allocate(Double.BYTES);
            Matrix start = Matrix.of(memory, Precision.F64, 0, 1, 1, 1);
            start.set(0, 0, 4);
            assertEquals(2.5, one.forward(column(1), start).states().get(0, 0));
            assertThrows(IllegalArgumentException.class, () -> two.forward(column(1), start));
        }
    }
}
