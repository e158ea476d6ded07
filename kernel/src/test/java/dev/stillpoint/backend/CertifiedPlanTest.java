package dev.stillpoint.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ErrorBounds;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CertifiedPlanTest {
    /// `x_i = a_i x_i + u`, with the fixed points `u/(1 - a_i)`.
    private static final double[] A = {0.9, 0.99, 0.999};

    private static FixedPointProblem slow() {
        return new FixedPointProblem(
                LinearOperator.diagonal(Matrix.ofRows(A)),
                LinearOperator.dense(Matrix.ofRows(new double[] {1}, new double[] {1}, new double[] {1})),
                null,
                Activation.identity());
    }

    private static CertifiedPlan prepare(double tolerance, int iterations, Precision precision) {
        FixedPointProblem problem = slow();
        return CertifiedPlan.prepare(
                Backend.cpu(),
                problem,
                Solver.picard(),
                StoppingRule.mixed(tolerance).withMaxIterations(iterations),
                new PlanOptions(precision, 1).withCertificate(Certificate.of(problem)));
    }

    private static double norm(double... values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-1, 1e-3, 1e-5, 1e-7, 1e-10, 1e-12})
    void theErrorMeetsTheTolerance(double tolerance) {
        for (Precision precision : Precision.values()) {
            String where = tolerance + " from " + precision.label();
            try (CertifiedPlan plan = prepare(tolerance, 100_000, precision)) {
                double[] u = {1, -0.003, 0};
                SolveResult result = plan.solve(Matrix.ofRows(new double[] {u[0]}, new double[] {u[1]}, new double[1]));
                assertEquals(3, result.count(Status.CONVERGED), where);
                assertEquals(Precision.F64, result.states().precision());
                ErrorBounds bounds = result.errorBounds().orElseThrow();
                for (int s = 0; s < 3; s++) {
                    double[] error = new double[3];
                    double[] x = new double[3];
                    for (int i = 0; i < 3; i++) {
                        x[i] = result.states().get(s, i);
                        error[i] = x[i] - u[s] / (1 - A[i]);
                    }
                    // The quotient is some units of rounding away from the fixed point.
                    assertTrue(norm(error) <= bounds.two(s) + 4 * 0x1p-53 * norm(x), where + ", sample " + s);
                    assertTrue(bounds.two(s) <= tolerance * (1 + norm(x)), where + ", sample " + s);
                }
            }
        }
    }

    /// A residual of 1e-3 leaves an error of nearly 1 here: the first stage alone would not do.
    @Test
    void aResidualIsNotEnough() {
        FixedPointProblem problem = slow();
        PlanOptions options = new PlanOptions(Precision.F64, 1).withCertificate(Certificate.of(problem));
        StoppingRule rule = StoppingRule.absolute(1e-3).withMaxIterations(100_000);
        Matrix inputs = Matrix.ofRows(new double[] {1});
        try (SolvePlan plain = Backend.cpu().prepare(problem, Solver.picard(), rule, options);
                CertifiedPlan certified =
                        CertifiedPlan.prepare(Backend.cpu(), problem, Solver.picard(), rule, options)) {
            assertTrue(Math.abs(plain.solve(inputs).states().get(0, 2) - 1000) > 0.5);
            assertEquals(1000, certified.solve(inputs).states().get(0, 2), 1e-3);
        }
    }

    /// FP32 goes as far as it can be sure to get, instead of to its limit of iterations: rounding lets some of
    /// these rotations turn for ever.
    @Test
    void theFirstStageEndsWhereItsPrecisionDoes() {
        double c = 0.95 * Math.cos(1);
        double s = 0.95 * Math.sin(1);
        FixedPointProblem rotation = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {c, -s}, new double[] {s, c})),
                LinearOperator.dense(Matrix.ofRows(new double[] {1}, new double[] {0.5})),
                null,
                Activation.identity());
        double[][] inputs = new double[64][1];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i][0] = (i + 1) / 7.0;
        }
        PlanOptions options = new PlanOptions(Precision.F32, 1).withCertificate(Certificate.of(rotation));
        StoppingRule rule = StoppingRule.mixed(1e-11).withMaxIterations(100_000);
        try (CertifiedPlan plan = CertifiedPlan.prepare(Backend.cpu(), rotation, Solver.picard(), rule, options)) {
            SolveResult result = plan.solve(Matrix.ofRows(inputs));
            assertEquals(inputs.length, result.count(Status.CONVERGED));
            // The residual falls by 0.95 a step; each stage may do all of it, down to 1e-14.
            double most = 2 * Math.log(1e-14) / Math.log(0.95);
            for (int i = 0; i < inputs.length; i++) {
                assertTrue(result.iterations(i) < most, result.iterations(i) + " iterations, most " + most);
            }
        }
    }

    @Test
    void whatCannotBeCertifiedHasNotConverged() {
        try (CertifiedPlan plan = prepare(1e-6, 10, Precision.F32)) {
            SolveResult result = plan.solve(Matrix.ofRows(new double[] {1}, new double[] {Double.NaN}, new double[1]));
            assertEquals(Status.MAX_ITERATIONS, result.status(0));
            assertEquals(20, result.iterations(0), "both stages");
            assertTrue(result.errorBound(0).orElseThrow() > 1);
            assertEquals(Status.NON_FINITE, result.status(1));
            assertTrue(result.errorBound(1).isEmpty());
            assertEquals(Status.CONVERGED, result.status(2));
            assertTrue(result.iterations(2) < 10, "from the solution: " + result.iterations(2));
        }
        // The rounding of FP64 itself.
        try (CertifiedPlan plan = prepare(1e-18, 100_000, Precision.F64)) {
            assertEquals(
                    Status.MAX_ITERATIONS,
                    plan.solve(Matrix.ofRows(new double[] {1})).status(0));
        }
    }

    /// The certified states are those of a solve of the sample alone.
    @Test
    void aSampleDoesNotDependOnTheOthers() {
        double[][] rows = new double[40][1];
        for (int s = 0; s < rows.length; s++) {
            rows[s][0] = Math.pow(-2, s % 9) / 64;
        }
        Matrix inputs = Matrix.ofRows(rows);
        try (CertifiedPlan plan = prepare(1e-9, 100_000, Precision.F32)) {
            SolveResult whole = plan.solve(inputs);
            for (int s = 0; s < rows.length; s += 3) {
                SolveResult alone = plan.solve(inputs.slice(s, s + 1));
                assertEquals(whole.iterations(s), alone.iterations(0));
                assertEquals(whole.errorBound(s), alone.errorBound(0));
                for (int i = 0; i < 3; i++) {
                    assertEquals(whole.states().get(s, i), alone.states().get(0, i));
                }
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        FixedPointProblem problem = slow();
        StoppingRule rule = StoppingRule.absolute(1e-3);
        assertThrows(
                IllegalArgumentException.class,
                () -> CertifiedPlan.prepare(Backend.cpu(), problem, Solver.picard(), rule, PlanOptions.defaults()));
        FixedPointProblem wild = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {0, 3}, new double[] {3, 0})),
                LinearOperator.dense(Matrix.ofRows(new double[] {1}, new double[] {1})),
                null,
                Activation.relu());
        PlanOptions options = PlanOptions.defaults().withCertificate(Certificate.of(wild));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> CertifiedPlan.prepare(Backend.cpu(), wild, Solver.picard(), rule, options));
        assertTrue(refused.getMessage().startsWith("no error bound"), refused.getMessage());
        try (CertifiedPlan plan = prepare(1e-3, 10, Precision.F32)) {
            SolveRequest request =
                    SolveRequest.of(Matrix.ofRows(new double[1])).into(Matrix.zeros(Precision.F32, 1, 3));
            assertThrows(IllegalArgumentException.class, () -> plan.solve(request));
            assertEquals(Precision.F32, plan.precision());
            assertTrue(plan.footprint() > 0);
        }
    }
}
