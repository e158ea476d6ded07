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
import dev.stillpoint.solver.SemismoothNewton.Inner;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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

    /// The error of the state of a splitting step by step: the factors of the linear map that it is near the
    /// solution are complex, so that the mean over many steps shows the rate.
    @Test
    void theRatesOnTheRotation() {
        assertEquals((Math.sqrt(5) - 1) / 2, rate(Solver.peacemanRachford(1 / Math.sqrt(5)), 10, 40), 1e-9);
        assertEquals(Math.sqrt(0.8), rate(Solver.forwardBackward(0.2), 20, 120), 1e-9);
    }

    /// The mean factor of the error from `first` to `last` iterations.
    private static double rate(Solver solver, int first, int last) {
        return Math.pow(error(solver, last) / error(solver, first), 1.0 / (last - first));
    }

    private static double error(Solver solver, int iterations) {
        StoppingRule stopping = StoppingRule.absolute(0).withMaxIterations(iterations);
        SolveResult result = solve(ROTATION, ROTATION_INPUT, solver, stopping, Precision.F64);
        return Math.hypot(result.states().get(0, 0) - 0.2, result.states().get(0, 1) - 1.4);
    }

    @ParameterizedTest
    @MethodSource({"splittings", "acceleratedSolvers"})
    void solversSolveTheRotation(Precision precision, Solver solver) {
        double tolerance = 16 * precision.unitRoundoff();
        SolveResult result = solve(ROTATION, ROTATION_INPUT, solver, StoppingRule.mixed(tolerance), precision);
        assertEquals(Status.CONVERGED, result.status(0));
        double bound = (1 + Math.sqrt(5)) * (2.5 * tolerance + 16 * precision.unitRoundoff());
        assertEquals(0.2, result.states().get(0, 0), bound);
        assertEquals(1.4, result.states().get(0, 1), bound);
    }

    private static Stream<Arguments> acceleratedSolvers() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(
                                Solver.anderson(10),
                                Solver.broyden(50),
                                Solver.newton(Inner.ACTIVE_SET),
                                Solver.newton(Inner.KRYLOV))
                        .map(solver -> Arguments.of(precision, solver)));
    }

    /// Seven rotations about the centre `(1, ..., 14)`: an isometry, whose Picard residual never falls.
    @ParameterizedTest
    @MethodSource("acceleratedSolvers")
    void acceleratedSolversSolveAnIsometry(Precision precision, Solver solver) {
        double[] parts = {2, 3, 4, 5, 6, 1.27, 1.73};
        double[][] a = new double[14][14];
        double[] b = new double[14];
        for (int k = 0; k < parts.length; k++) {
            double angle = Math.PI / parts[k];
            a[2 * k][2 * k] = Math.cos(angle);
            a[2 * k][2 * k + 1] = -Math.sin(angle);
            a[2 * k + 1][2 * k] = Math.sin(angle);
            a[2 * k + 1][2 * k + 1] = Math.cos(angle);
        }
        for (int i = 0; i < 14; i++) {
            b[i] = i + 1;
            for (int j = 0; j < 14; j++) {
                b[i] -= a[i][j] * (j + 1);
            }
        }
        FixedPointProblem isometry = problem(Matrix.ofRows(a), Activation.identity());
        Matrix input = Matrix.ofRows(b);
        StoppingRule stopping = StoppingRule.absolute(1e-4);
        assertEquals(
                Status.MAX_ITERATIONS,
                solve(isometry, input, Solver.picard(), stopping, precision).status(0));
        SolveResult result = solve(isometry, input, solver, stopping, precision);
        assertEquals(Status.CONVERGED, result.status(0));
        assertTrue(result.iterations(0) <= 60, result.iterations(0) + " iterations");
        // The smallest angle is pi/6: |(I - A)^-1| = 1/(2 sin(pi/12)) < 2; the residual carries a rounding error of 16
        // operations on values below 32.
        double bound = 2 * (1e-4 + 14 * 16 * 32 * precision.unitRoundoff());
        for (int i = 0; i < 14; i++) {
            assertEquals(i + 1, result.states().get(0, i), bound);
        }
    }

    /// The columns of GMRES are iterations, and a check that falls on one waits for the iterate.
    @ParameterizedTest
    @EnumSource
    void aCheckWaitsForTheIterate(Precision precision) {
        double tolerance = 64 * precision.unitRoundoff();
        Solver newton = Solver.newton(Inner.KRYLOV);
        // An evaluation, two columns, and an evaluation again: checks at 2, 3, 5, 6, 8 ... would fall on columns.
        SolveResult each = solve(ROTATION, ROTATION_INPUT, newton, StoppingRule.mixed(tolerance), precision);
        for (int interval : new int[] {2, 3, 5, 7}) {
            StoppingRule stopping = StoppingRule.mixed(tolerance).withCheckInterval(interval);
            SolveResult result = solve(ROTATION, ROTATION_INPUT, newton, stopping, precision);
            assertEquals(Status.CONVERGED, result.status(0));
            // No check is later than the end of the system in which it fell.
            int next = Math.ceilDiv(each.iterations(0), interval) * interval;
            assertTrue(result.iterations(0) >= each.iterations(0), "interval " + interval);
            assertTrue(result.iterations(0) <= next + 2, result.iterations(0) + " iterations, interval " + interval);
        }
    }

    /// `x = relu((x_1, (x_2 + 1)/2))`: the fixed points are `(x_1, 1)` with `x_1 >= 0`, that of least norm `(0,
    /// 1)`. The
    /// start is another one, at which Picard iteration stays.
    @Test
    void sequentialAveragingFindsTheFixedPointOfLeastNorm() {
        FixedPointProblem line = problem(Matrix.ofRows(new double[] {1, 0}, new double[] {0, 0.5}), Activation.relu());
        Matrix input = Matrix.ofRows(new double[] {0, 0.5});
        Matrix start = Matrix.ofRows(new double[] {3, 1});
        assertEquals(0, distance(line, input, start, 1_000), 1e-2);
        assertEquals(0, distance(line, input, start, 100_000), 1e-4);
    }

    private static double distance(FixedPointProblem problem, Matrix input, Matrix start, int iterations) {
        StoppingRule stopping =
                StoppingRule.absolute(1).withMaxIterations(iterations).withCheckInterval(iterations);
        try (SolvePlan plan = Backend.cpu()
                .prepare(problem, Solver.sequentialAveraging(), stopping, new PlanOptions(Precision.F64, 1))) {
            SolveResult result = plan.solve(SolveRequest.of(input).from(start));
            assertEquals(Status.CONVERGED, result.status(0));
            return Math.hypot(result.states().get(0, 0), result.states().get(0, 1) - 1);
        }
    }

    /// Peaceman-Rachford with `I - A` skew, hence no margin, runs in a circle, and Douglas-Rachford does not:
    /// `x = Ax + b` with `A = I - [[0,1],[-1,0]]`.
    @ParameterizedTest
    @EnumSource
    void douglasRachfordNeedsNoMargin(Precision precision) {
        FixedPointProblem skew =
                problem(Matrix.ofRows(new double[] {1, -1}, new double[] {1, 1}), Activation.identity());
        Matrix input = Matrix.ofRows(new double[] {1, 2});
        StoppingRule stopping = StoppingRule.mixed(1e-5);
        assertEquals(
                Status.MAX_ITERATIONS,
                solve(skew, input, Solver.peacemanRachford(1), stopping, precision)
                        .status(0));
        SolveResult result = solve(skew, input, Solver.douglasRachford(1), stopping, precision);
        assertEquals(Status.CONVERGED, result.status(0));
        // S x = b with S = I - A = [[0,1],[-1,0]], |S^-1| = 1: the error is the residual, below 1e-5 (1 + |f|), |f| <
        // 4.
        assertEquals(-2, result.states().get(0, 0), 5e-5);
        assertEquals(1, result.states().get(0, 1), 5e-5);
    }

    static Stream<Arguments> splittings() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(
                                Solver.forwardBackward(0.2),
                                Solver.peacemanRachford(1 / Math.sqrt(5)),
                                Solver.peacemanRachford(3),
                                Solver.douglasRachford(1 / Math.sqrt(5)))
                        .map(solver -> Arguments.of(precision, solver)));
    }

    /// `A = 0`, `b = 2`, `alpha = 1/2`: the proximal map with a step is another one than tanh, and still it ends
    /// there.
    @ParameterizedTest
    @MethodSource("splittings")
    void splittingsEndAtTanh(Precision precision, Solver solver) {
        FixedPointProblem problem = problem(Matrix.ofRows(new double[] {0}), Activation.tanh());
        double tolerance = 16 * precision.unitRoundoff();
        Solver half = switch (solver.name()) {
            case "forward-backward" -> Solver.forwardBackward(0.5);
            case "peaceman-rachford" -> Solver.peacemanRachford(0.5);
            default -> Solver.douglasRachford(0.5);
        };
        SolveResult result =
                solve(problem, Matrix.ofRows(new double[] {2}), half, StoppingRule.mixed(tolerance), precision);
        assertEquals(Status.CONVERGED, result.status(0));
        assertEquals(Math.tanh(2), result.states().get(0, 0), 2 * tolerance + 8 * precision.unitRoundoff());
    }

    /// From a solution every solver stops at once.
    @ParameterizedTest
    @MethodSource("splittings")
    void aSolutionIsWhereASplittingRests(Precision precision, Solver solver) {
        FixedPointProblem problem =
                problem(Matrix.ofRows(new double[] {0, -2}, new double[] {2, 0}), Activation.tanh());
        StoppingRule stopping = StoppingRule.mixed(64 * precision.unitRoundoff());
        Matrix solution = solve(problem, ROTATION_INPUT, solver, stopping, precision)
                .orThrow()
                .states();
        PlanOptions options = new PlanOptions(precision, 1);
        StoppingRule wider = StoppingRule.mixed(1024 * precision.unitRoundoff());
        try (SolvePlan plan = Backend.cpu().prepare(problem, solver, wider, options)) {
            SolveResult again = plan.solve(SolveRequest.of(ROTATION_INPUT).from(solution));
            assertEquals(Status.CONVERGED, again.status(0));
            assertEquals(1, again.iterations(0));
        }
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
