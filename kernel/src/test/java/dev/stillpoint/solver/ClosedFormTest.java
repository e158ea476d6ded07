package dev.stillpoint.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Problems whose answers are known in closed form.
final class ClosedFormTest {
    /// `W = [[0,-2],[2,0]]`, `b = (3,1)`, ReLU: `z* = (0.2, 1.4)`; `m = 1`, `L = sqrt 5`.
    private static final FixedPointProblem ROTATION =
            problem(Matrix.ofRows(new double[] {0, -2}, new double[] {2, 0}), Activation.relu());

    private static final Matrix ROTATION_INPUT = Matrix.ofRows(new double[] {3, 1});

    private static FixedPointProblem problem(Matrix a, Activation activation) {
        double[][] identity = new double[a.rows()][a.rows()];
        for (int i = 0; i < a.rows(); i++) {
            identity[i][i] = 1;
        }
        return new FixedPointProblem(
                LinearOperator.dense(a), LinearOperator.dense(Matrix.ofRows(identity)), null, activation);
    }

    private static SolveResult solve(
            FixedPointProblem problem, Matrix inputs, Solver solver, StoppingRule stopping, Precision precision) {
        try (SolvePlan plan = Backend.cpu().prepare(problem, solver, stopping, new PlanOptions(precision, 1))) {
            return plan.solve(inputs);
        }
    }

    @ParameterizedTest
    @EnumSource
    void forwardBackwardSolvesTheRotation(Precision precision) {
        double tolerance = 8 * precision.unitRoundoff();
        SolveResult result =
                solve(ROTATION, ROTATION_INPUT, Solver.forwardBackward(0.2), StoppingRule.mixed(tolerance), precision);
        assertEquals(Status.CONVERGED, result.status(0));
        // |e| <= (1 + L)/m |r|, L = sqrt 5, m = 1, |f(x)| < 1.5; the residual itself carries a rounding error.
        double bound = (1 + Math.sqrt(5)) * (2.5 * tolerance + 16 * precision.unitRoundoff());
        assertEquals(0.2, result.states().get(0, 0), bound);
        assertEquals(1.4, result.states().get(0, 1), bound);
    }

    @ParameterizedTest
    @EnumSource
    void forwardBackwardAtTwiceTheBestStepDoesNotConverge(Precision precision) {
        SolveResult result =
                solve(ROTATION, ROTATION_INPUT, Solver.forwardBackward(0.4), StoppingRule.mixed(1e-6), precision);
        assertEquals(Status.MAX_ITERATIONS, result.status(0));
        assertEquals(1000, result.iterations(0));
    }

    @ParameterizedTest
    @EnumSource
    void picardRunsTheCycleOfFour(Precision precision) {
        StoppingRule stopping = StoppingRule.mixed(1e-6).withMaxIterations(101);
        SolveResult result = solve(ROTATION, ROTATION_INPUT, Solver.picard(), stopping, precision);
        assertEquals(Status.MAX_ITERATIONS, result.status(0));
        assertEquals(101, result.iterations(0));
        // From (0,0): (3,1) (1,7) (0,3) (0,1) (1,1) (1,3) (0,3) ...; the cycle's least residual is 1, at (0,1).
        assertEquals(1, result.residual(0));
        assertEquals(0, result.states().get(0, 0));
        assertEquals(1, result.states().get(0, 1));
    }

    @ParameterizedTest
    @EnumSource
    void picardSolvesAContractionWhoseNormIsFour(Precision precision) {
        FixedPointProblem problem =
                problem(Matrix.ofRows(new double[] {0, 4}, new double[] {0.125, 0}), Activation.relu());
        double tolerance = 4 * precision.unitRoundoff();
        SolveResult result = solve(
                problem, Matrix.ofRows(new double[] {1, 1}), Solver.picard(), StoppingRule.mixed(tolerance), precision);
        assertEquals(Status.CONVERGED, result.status(0));
        // e = (I - A)^-1 r = [[2, 8], [1/4, 2]] r.
        double residual = result.residual(0) + 16 * precision.unitRoundoff() * 10;
        assertEquals(10, result.states().get(0, 0), 10 * residual);
        assertEquals(2.25, result.states().get(0, 1), 2.25 * residual);
    }

    /// The residual of iterate 2995 is the first below 1e-5 while the error is still 9.99e-3.
    @Test
    void residualIsNotError() {
        FixedPointProblem problem = problem(
                Matrix.ofRows(new double[] {.9, 0, 0}, new double[] {0, .99, 0}, new double[] {0, 0, .999}),
                Activation.identity());
        StoppingRule stopping = StoppingRule.absolute(1e-5).withMaxIterations(5000);
        PlanOptions options = new PlanOptions(Precision.F64, 1);
        try (SolvePlan plan = Backend.cpu().prepare(problem, Solver.picard(), stopping, options)) {
            SolveResult result = plan.solve(
                    SolveRequest.of(Matrix.ofRows(new double[3])).from(Matrix.ofRows(new double[] {1, .4, -.2})));
            assertEquals(Status.CONVERGED, result.status(0));
            // Iteration k + 1 measures the residual of iterate k.
            assertEquals(2996, result.iterations(0));
            assertEquals(9.99e-6, result.residual(0), 0.005e-6);
            assertEquals(9.99e-3, Math.abs(result.states().get(0, 2)), 0.005e-3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnstableMapDivergesAndKeepsTheBestIterate(Precision precision) {
        FixedPointProblem problem = problem(Matrix.ofRows(new double[] {3}), Activation.identity());
        StoppingRule stopping = StoppingRule.mixed(1e-6).withMaxIterations(100_000);
        SolveResult result = solve(problem, Matrix.ofRows(new double[] {1}), Solver.picard(), stopping, precision);
        assertEquals(Status.DIVERGED, result.status(0));
        assertEquals(1, result.residual(0));
        assertEquals(0, result.states().get(0, 0));
        assertTrue(result.iterations(0) < 1000);
    }
}
