package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.Certificate;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an adjoint plan computes beside solutions of systems, and what is said where there are none.
final class AdjointPlanTest {
    private static final int N = 30;
    private static final int Q = 4;
    private static final int SAMPLES = 21;

    /// With `A = 0`, `C = I` the state is `J'w`: `v'(J w') = (J'v)'w'`.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void theMapIsTheTransposedDerivative(Precision precision) {
        for (String label : AdjointCases.ACTIVATIONS) {
            SplittableRandom random = new SplittableRandom(23);
            Activation activation = Activation.parse(label);
            Matrix ones = Matrix.zeros(Precision.F32, 1, N);
            for (int i = 0; i < N; i++) {
                ones.set(0, i, 1);
            }
            FixedPointProblem forward = new FixedPointProblem(
                    LinearOperator.diagonal(Matrix.zeros(Precision.F32, 1, N)),
                    LinearOperator.dense(AdjointCases.uniform(N, 2, 1, random)),
                    null,
                    activation);
            AdjointProblem problem = new AdjointProblem(forward, LinearOperator.diagonal(ones));
            Matrix points = AdjointCases.uniform(SAMPLES, N, 3, random);
            Matrix v = AdjointCases.uniform(SAMPLES, N, 1, random);
            Matrix w = AdjointCases.uniform(SAMPLES, N, 1, random);
            try (AdjointPlan plan = AdjointPlan.prepare(
                    problem, Solver.picard(), StoppingRule.mixed(0), new PlanOptions(precision, 1))) {
                SolveResult result = plan.solve(points, v).orThrow();
                for (int s = 0; s < SAMPLES; s++) {
                    double[] jw = activation.derivativeTimes(AdjointCases.row(points, s), AdjointCases.row(w, s));
                    double left = 0;
                    double right = 0;
                    double size = 0;
                    for (int i = 0; i < N; i++) {
                        left += v.get(s, i) * jw[i];
                        right += result.states().get(s, i) * w.get(s, i);
                        size += Math.abs(v.get(s, i)) + Math.abs(w.get(s, i));
                    }
                    assertEquals(left, right, 32 * precision.unitRoundoff() * size, label + ", sample " + s);
                }
            }
        }
    }

    /// The derivative of a linear map is the map: the step from the start is exact but for rounding, and the next
    /// iterate is tested.
    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh", "sigmoid", "blocks:relu@7/leaky-relu:0.1@1/tanh@22"})
    void newtonTakesOneStep(String label) {
        Matrix points = AdjointCases.uniform(SAMPLES, N, 3, new SplittableRandom(24));
        Matrix gradients = AdjointCases.uniform(SAMPLES, Q, 1, new SplittableRandom(25));
        try (AdjointPlan plan = AdjointPlan.prepare(
                problem(label),
                Solver.newton(Inner.ACTIVE_SET),
                StoppingRule.mixed(1e-9),
                new PlanOptions(Precision.F64, 1))) {
            SolveResult result = plan.solve(points, gradients).orThrow();
            for (int s = 0; s < SAMPLES; s++) {
                assertEquals(2, result.iterations(s), "sample " + s);
            }
        }
    }

    /// From a solution nothing is left to do.
    @Test
    void aStartIsTaken() {
        Matrix points = AdjointCases.uniform(SAMPLES, N, 3, new SplittableRandom(26));
        Matrix gradients = AdjointCases.uniform(SAMPLES, Q, 1, new SplittableRandom(27));
        PlanOptions options = new PlanOptions(Precision.F64, 1);
        StoppingRule stopping = StoppingRule.mixed(1e-9);
        try (AdjointPlan plan = AdjointPlan.prepare(problem("tanh"), Solver.picard(), stopping, options)) {
            SolveResult first = plan.solve(points, gradients).orThrow();
            SolveResult second = plan.solve(points, gradients, first.states()).orThrow();
            for (int s = 0; s < SAMPLES; s++) {
                assertTrue(first.iterations(s) > 2, "sample " + s);
                assertEquals(1, second.iterations(s), "sample " + s);
            }
            assertArrayEquals(first.states().toDoubleArray(), second.states().toDoubleArray());
        }
    }

    private static AdjointProblem scalar(double a) {
        LinearOperator one = LinearOperator.dense(Matrix.ofRows(new double[] {1}));
        return new AdjointProblem(
                new FixedPointProblem(
                        LinearOperator.dense(Matrix.ofRows(new double[] {a})), one, null, Activation.relu()),
                one);
    }

    private static SolveResult solve(AdjointProblem problem, Solver solver, StoppingRule stopping, double[][] samples) {
        Matrix points = Matrix.zeros(Precision.F64, samples.length, 1);
        Matrix gradients = Matrix.zeros(Precision.F64, samples.length, 1);
        for (int s = 0; s < samples.length; s++) {
            points.set(s, 0, samples[s][0]);
            gradients.set(s, 0, samples[s][1]);
        }
        try (AdjointPlan plan = AdjointPlan.prepare(problem, solver, stopping, new PlanOptions(Precision.F64, 1))) {
            return plan.solve(points, gradients);
        }
    }

    /// A limit ends with the state whose residual was measured: the start, then the first term of Neumann's
    /// series.
    @Test
    void anIterationLimitIsSaid() {
        StoppingRule stopping = StoppingRule.mixed(1e-9);
        double[][] samples = {{1, 3}};
        SolveResult first = solve(scalar(0.5), Solver.picard(), stopping.withMaxIterations(1), samples);
        assertEquals(Status.MAX_ITERATIONS, first.status(0));
        assertEquals(1, first.iterations(0));
        assertEquals(3, first.residual(0));
        SolveResult second = solve(scalar(0.5), Solver.picard(), stopping.withMaxIterations(2), samples);
        assertEquals(Status.MAX_ITERATIONS, second.status(0));
        assertEquals(2, second.iterations(0));
        assertEquals(3, second.states().get(0, 0));
        assertEquals(1.5, second.residual(0));
    }

    /// `v = v + g` where the state is active: no sample but that is harmed, and it says so.
    @Test
    void theEdgeOfWellPosednessIsSaidBySample() {
        double[][] samples = {{1, 1}, {-1, 1}, {1, 0}, {0, 1}};
        for (Solver solver : List.of(
                Solver.picard(),
                Solver.anderson(3),
                Solver.broyden(3),
                Solver.newton(Inner.KRYLOV),
                Solver.newton(Inner.ACTIVE_SET))) {
            SolveResult result =
                    solve(scalar(1), solver, StoppingRule.mixed(1e-9).withMaxIterations(50), samples);
            for (int s : new int[] {0, 3}) {
                assertEquals(Status.MAX_ITERATIONS, result.status(s), solver.label());
                assertEquals(50, result.iterations(s), solver.label());
                assertEquals(1, result.residual(s), solver.label());
            }
            for (int s : new int[] {1, 2}) {
                assertEquals(Status.CONVERGED, result.status(s), solver.label());
                assertEquals(0, result.states().get(s, 0), solver.label());
            }
        }
    }

    @Test
    void whatIsNotFiniteIsSaidBySample() {
        double[][] samples = {{Double.NaN, 1}, {1, 1}, {1, Double.POSITIVE_INFINITY}, {1, Double.MAX_VALUE}};
        SolveResult result = solve(scalar(0.5), Solver.picard(), StoppingRule.mixed(1e-9), samples);
        assertEquals(Status.NON_FINITE, result.status(0));
        assertTrue(Double.isNaN(result.states().get(0, 0)));
        assertEquals(Status.CONVERGED, result.status(1));
        assertEquals(2, result.states().get(1, 0), 4e-9);
        assertEquals(Status.NON_FINITE, result.status(2));
        assertEquals(Status.DIVERGED, result.status(3));
    }

    /// One step of Picard from a state is `phi` of its point, to the bit.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void pointsAreThoseOfAnIteration(Precision precision) {
        FixedPointProblem forward = Batches.contraction(N, 5, 0.9, Activation.identity(), 3);
        Matrix inputs = Batches.inputs(37, 5, precision, 4);
        Matrix starts = Batches.inputs(37, N, precision, 5);
        AdjointProblem problem =
                new AdjointProblem(forward, LinearOperator.dense(Batches.uniform(Q, N, 1, new SplittableRandom(1))));
        PlanOptions options = new PlanOptions(precision, 1);
        // The second iterate is that of the step, where its residual is the lesser one.
        StoppingRule two = StoppingRule.absolute(0).withMaxIterations(2);
        try (SolvePlan plan = Backend.cpu().prepare(forward, Solver.picard(), two, options);
                AdjointPlan adjoint = AdjointPlan.prepare(problem, Solver.picard(), two, options)) {
            SolveResult step = plan.solve(SolveRequest.of(inputs).from(starts));
            Matrix points = adjoint.points(inputs, starts);
            assertEquals(precision, points.precision());
            for (int s = 0; s < 37; s++) {
                assertArrayEquals(AdjointCases.row(step.states(), s), AdjointCases.row(points, s), "sample " + s);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"softmax:3", "group-norm:3:0.5", "max-pool:3", "blocks:relu@6/softmax:3@24"})
    void splittingsOfBlockwiseActivationsAreRefused(String label) {
        AdjointProblem problem = problem(label);
        for (Solver solver :
                List.of(Solver.forwardBackward(0.5), Solver.peacemanRachford(0.5), Solver.douglasRachford(0.5))) {
            refused(problem, solver, solver.name() + " solves adjoint equations of componentwise activations alone");
        }
        refused(problem, Solver.newton(Inner.ACTIVE_SET), "componentwise activations alone");
    }

    private static AdjointProblem problem(String label) {
        return new AdjointProblem(
                Batches.contraction(N, 2, 0.9, Activation.parse(label), 1),
                LinearOperator.dense(Batches.uniform(Q, N, 1, new SplittableRandom(2))));
    }

    private static void refused(AdjointProblem problem, Solver solver, String message) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> AdjointPlan.prepare(problem, solver, StoppingRule.mixed(1e-6), PlanOptions.defaults()));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void whatCannotBePreparedIsRefused() {
        AdjointProblem problem = problem("relu");
        refused(problem, Solver.sequentialAveraging(), "sequential-averaging does not solve adjoint equations");
        refused(problem, Solver.substitution(), "does not solve adjoint equations");
        refused(problem("leaky-relu:-0.5"), Solver.forwardBackward(0.5), "needs an activation that is a proximal map");
        PlanOptions certified = PlanOptions.defaults().withCertificate(Certificate.of(problem.forward()));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> AdjointPlan.prepare(problem, Solver.picard(), StoppingRule.mixed(1e-6), certified));
        assertTrue(refused.getMessage().contains("certificate"), refused.getMessage());
        assertThrows(
                ShapeException.class,
                () -> new AdjointProblem(problem.forward(), LinearOperator.dense(Matrix.zeros(Precision.F64, 2, 3))));
    }

    @Test
    void shapesAreChecked() {
        try (AdjointPlan plan = AdjointPlan.prepare(
                problem("relu"), Solver.picard(), StoppingRule.mixed(1e-6), PlanOptions.defaults())) {
            Matrix points = Matrix.zeros(Precision.F32, 3, N);
            Matrix gradients = Matrix.zeros(Precision.F32, 3, Q);
            assertThrows(ShapeException.class, () -> plan.solve(gradients, gradients));
            assertThrows(ShapeException.class, () -> plan.solve(points, points));
            assertThrows(ShapeException.class, () -> plan.solve(points, gradients.slice(0, 2)));
            assertThrows(ShapeException.class, () -> plan.solve(points, gradients, points.slice(0, 2)));
            assertThrows(ShapeException.class, () -> plan.points(points, points));
            assertThrows(
                    ShapeException.class, () -> plan.points(Matrix.zeros(Precision.F32, 3, 2), points.slice(0, 2)));
        }
    }

    /// Blocks, sparse entries and factors have the adjoint states of their dense forms.
    @Test
    void operatorsOfAnyKind() {
        SplittableRandom random = new SplittableRandom(28);
        @Nullable
        LinearOperator[][] blocks = {
            {
                LinearOperator.dense(AdjointCases.uniform(18, 18, 0.05, random)),
                LinearOperator.dense(AdjointCases.uniform(18, 12, 0.05, random))
            },
            {null, LinearOperator.sparse(AdjointCases.uniform(12, 12, 0.05, random))}
        };
        LinearOperator a = LinearOperator.blockTriangular(new int[] {18, 12}, blocks);
        LinearOperator c =
                LinearOperator.lowRank(AdjointCases.uniform(Q, 2, 1, random), AdjointCases.uniform(N, 2, 1, random));
        LinearOperator b = LinearOperator.dense(AdjointCases.uniform(N, 2, 1, random));
        Matrix points = AdjointCases.uniform(SAMPLES, N, 3, random);
        Matrix gradients = AdjointCases.uniform(SAMPLES, Q, 1, random);
        Activation activation = Activation.parse("blocks:relu@18/softmax:3@12");
        StoppingRule stopping = StoppingRule.mixed(0x1p-45);
        PlanOptions options = new PlanOptions(Precision.F64, 1);
        try (AdjointPlan some = AdjointPlan.prepare(
                        new AdjointProblem(new FixedPointProblem(a, b, null, activation), c),
                        Solver.picard(),
                        stopping,
                        options);
                AdjointPlan dense = AdjointPlan.prepare(
                        new AdjointProblem(
                                new FixedPointProblem(LinearOperator.dense(a.toMatrix()), b, null, activation),
                                LinearOperator.dense(c.toMatrix())),
                        Solver.picard(),
                        stopping,
                        options)) {
            Matrix found = some.solve(points, gradients).orThrow().states();
            Matrix expected = dense.solve(points, gradients).orThrow().states();
            Matrix inputs = AdjointCases.uniform(SAMPLES, 2, 1, random);
            Matrix expectedPoints = dense.points(inputs, points);
            Matrix foundPoints = some.points(inputs, points);
            for (int s = 0; s < SAMPLES; s++) {
                // |J'A'| is below 1/2 and states below 16: twice the residuals, and N roundings of such sums.
                assertArrayEquals(
                        AdjointCases.row(expected, s),
                        AdjointCases.row(found, s),
                        16 * (4 * 0x1p-45 + 2 * N * 0x1p-53),
                        "sample " + s);
                assertArrayEquals(
                        AdjointCases.row(expectedPoints, s),
                        AdjointCases.row(foundPoints, s),
                        16 * 2 * N * 0x1p-53,
                        "sample " + s);
            }
        }
    }

    @Test
    void aBackendThatOffersNoneSaysSo() {
        Backend other = new Backend() {
            @Override
            public String name() {
                return "other";
            }

            @Override
            public String device() {
                return "none";
            }

            @Override
            public SolvePlan prepare(
                    FixedPointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options) {
                throw new AssertionError("not asked for");
            }
        };
        BackendUnavailableException refused = assertThrows(
                BackendUnavailableException.class,
                () -> other.prepareAdjoint(
                        problem("relu"), Solver.picard(), StoppingRule.mixed(1e-6), PlanOptions.defaults()));
        assertTrue(refused.getMessage().contains("backend 'other' does not solve adjoint equations"));
    }

    @Test
    void aClosedPlanSaysSo() {
        AdjointPlan plan =
                AdjointPlan.prepare(problem("relu"), Solver.picard(), StoppingRule.mixed(1e-6), PlanOptions.defaults());
        plan.close();
        Matrix points = Matrix.zeros(Precision.F32, 3, N);
        assertThrows(IllegalStateException.class, () -> plan.solve(points, Matrix.zeros(Precision.F32, 3, Q)));
    }
}
