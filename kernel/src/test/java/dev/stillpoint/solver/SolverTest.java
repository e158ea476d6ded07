package dev.stillpoint.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.SequentialAveraging.InverseNorm;
import dev.stillpoint.solver.SequentialAveraging.LeastNorm;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What solvers are made of, and what they refuse.
final class SolverTest {
    private static void refused(String message, Supplier<Object> made) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, made::get).getMessage());
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        refused("alpha is 0.0, expected a positive number", () -> Solver.peacemanRachford(0));
        refused("alpha is NaN, expected a positive number", () -> Solver.douglasRachford(Double.NaN));
        refused("history is 0, expected a whole number from 1 to 50", () -> Solver.anderson(0));
        refused("history is 51, expected a whole number from 1 to 50", () -> Solver.anderson(51));
        refused("history is 51, expected a whole number from 1 to 50", () -> Solver.broyden(51));
        refused("eps is 0.0, expected a positive number", () -> new InverseNorm(0));
        refused(
                "eta is 0.6, expected a number above 0, below 1 and at most 0.5 for the regulariser least-norm",
                () -> new SequentialAveraging(new LeastNorm(), 0.6, 0.5, 0.1));
        refused(
                "p is 0.8 and c is 0.1, expected numbers above 0 with p + 2c < 1",
                () -> new SequentialAveraging(new LeastNorm(), 0.5, 0.8, 0.1));
    }

    @Test
    void labelsNameTheParameters() {
        assertEquals(
                "peaceman-rachford(alpha=0.5)", Solver.peacemanRachford(0.5).label());
        assertEquals("douglas-rachford(alpha=2.0)", Solver.douglasRachford(2).label());
        assertEquals("anderson(history=10)", Solver.anderson().label());
        assertEquals("broyden(history=20)", Solver.broyden().label());
        assertEquals("newton(inner=by-size)", Solver.newton().label());
        assertEquals(
                "sequential-averaging(least-norm, eta=0.5, p=0.77, c=0.11)",
                Solver.sequentialAveraging().label());
    }

    /// `beta_k = eta/k^p`, to the rounding of an exponential of at most `p log k < 20`.
    @Test
    void theScheduleIsAPower() {
        SequentialAveraging method = new SequentialAveraging(new LeastNorm(), 0.5, 0.5, 0.2);
        assertEquals(0.5, method.beta(1));
        assertEquals(0.05, method.beta(100), 64 * 0x1p-53 * 0.05);
        assertEquals(0.5 * Math.pow(1000, -0.2), method.lambda(1000), 64 * 0x1p-53);
        assertEquals(0.5, method.gamma());
        assertEquals(0.25 * 2.25, new SequentialAveraging(new InverseNorm(1.5)).gamma());
    }

    private static FixedPointProblem problem(LinearOperator a, Activation phi) {
        int n = a.rows();
        double[][] identity = new double[n][n];
        for (int i = 0; i < n; i++) {
            identity[i][i] = 1;
        }
        return new FixedPointProblem(a, LinearOperator.dense(Matrix.ofRows(identity)), null, phi);
    }

    @Test
    void aStepWithoutAnInverseIsRefused() {
        FixedPointProblem twice = problem(
                LinearOperator.dense(Matrix.ofRows(new double[] {2, 0}, new double[] {0, 2})), Activation.relu());
        refused(
                "peaceman-rachford cannot use the step 1.0: (1 + alpha) I - alpha A has no inverse",
                () -> StepRecipe.compile(twice, Solver.peacemanRachford(1)));
        refused(
                "douglas-rachford needs an activation that is a proximal map, and leaky-relu:-0.5 is none",
                () -> StepRecipe.compile(problem(twice.a(), Activation.leakyRelu(-0.5)), Solver.douglasRachford(1)));
    }

    /// A diagonal matrix has a diagonal resolvent, and the states of both are the same to rounding.
    @ParameterizedTest
    @EnumSource
    void aDiagonalMatrixIsInvertedEntryByEntry(Precision precision) {
        Matrix entries = Matrix.ofRows(new double[] {0.5, -3, 0.25});
        LinearOperator diagonal = LinearOperator.diagonal(entries);
        Matrix input = Matrix.ofRows(new double[] {1, 2, -1});
        double tolerance = 16 * precision.unitRoundoff();
        Solver solver = Solver.peacemanRachford(0.5);
        SolveResult sparse = solve(problem(diagonal, Activation.relu()), input, solver, tolerance, precision);
        SolveResult dense = solve(
                problem(LinearOperator.dense(diagonal.toMatrix()), Activation.relu()),
                input,
                solver,
                tolerance,
                precision);
        double[] exact = {2, 0.5, 0};
        for (int i = 0; i < 3; i++) {
            // |e| <= (1 + L)/m |r| with L = 4, m = 1/2, |f| < 2.1, and the rounding of the residual.
            double bound = 10 * (3.1 * tolerance + 16 * precision.unitRoundoff());
            assertEquals(exact[i], sparse.states().get(0, i), bound);
            assertEquals(exact[i], dense.states().get(0, i), bound);
        }
        StepRecipe recipe = StepRecipe.compile(problem(diagonal, Activation.relu()), solver);
        LinearOperator resolvent = Objects.requireNonNull(recipe.resolvent()).operator();
        assertInstanceOf(DiagonalOperator.class, resolvent);
        double[] inverses = {2 / 1.25, 2 / 3.0, 2 / 1.375};
        for (int i = 0; i < 3; i++) {
            assertEquals(inverses[i], resolvent.toMatrix().get(i, i));
        }
    }

    private static SolveResult solve(
            FixedPointProblem problem, Matrix input, Solver solver, double tolerance, Precision precision) {
        try (SolvePlan plan =
                Backend.cpu().prepare(problem, solver, StoppingRule.mixed(tolerance), new PlanOptions(precision, 1))) {
            return plan.solve(input).orThrow();
        }
    }
}
