package dev.stillpoint.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A course changes its solver sample by sample.
final class CourseTest {
    private static final Matrix IDENTITY =
            Matrix.ofRows(new double[] {1, 0, 0}, new double[] {0, 1, 0}, new double[] {0, 0, 1});

    /// A slow contraction, and a rotation on which Picard iteration runs a cycle of four: what an input leaves 0
    /// rests.
    private static final FixedPointProblem BOTH = problem(LinearOperator.dense(
            Matrix.ofRows(new double[] {0.5, 0, 0}, new double[] {0, 0, -2}, new double[] {0, 2, 0})));

    private static FixedPointProblem problem(LinearOperator a) {
        return new FixedPointProblem(a, LinearOperator.dense(IDENTITY), null, Activation.relu());
    }

    private static Course course(int patience, Solver... solvers) {
        return new Course(IntStream.range(0, solvers.length)
                .mapToObj(i -> new Course.Leg(solvers[i], i == solvers.length - 1 ? Course.Leg.TO_THE_END : patience))
                .toList());
    }

    private static SolveResult solve(
            FixedPointProblem problem,
            Solver solver,
            StoppingRule stopping,
            Precision precision,
            Matrix inputs,
            @Nullable Matrix start) {
        try (SolvePlan plan = Backend.cpu().prepare(problem, solver, stopping, new PlanOptions(precision, 1))) {
            SolveRequest request = SolveRequest.of(inputs);
            return plan.solve(start == null ? request : request.from(start));
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheSamplesThatStallGoOn(Precision precision) {
        Matrix inputs = Matrix.ofRows(new double[] {1, 0, 0}, new double[] {0, 3, 1}, new double[] {1, 3, 1});
        StoppingRule stopping = StoppingRule.mixed(1e-5);
        SolveResult result =
                solve(BOTH, course(6, Solver.picard(), Solver.newton()), stopping, precision, inputs, null);
        assertTrue(result.allConverged());
        assertEquals(0, result.leg(0));
        assertEquals(1, result.leg(1));
        assertEquals(1, result.leg(2));
        // Alone, Picard takes as many iterations for the first sample.
        SolveResult picard = solve(BOTH, Solver.picard(), stopping, precision, inputs, null);
        assertEquals(picard.iterations(0), result.iterations(0));
        assertEquals(Status.MAX_ITERATIONS, picard.status(1));
        // The first look is at iteration 1 and the second at 7, and Newton needs one to begin and one for each set.
        assertTrue(result.iterations(1) > 7 && result.iterations(1) < 16, result.iterations(1) + " iterations");
        // |e| <= (1 + L)/m |r|, m = 1/2, L = sqrt 5, |f| < 3; the residual itself carries a rounding error.
        double bound = 2 * (1 + Math.sqrt(5)) * (4e-5 + 16 * precision.unitRoundoff());
        assertArrayEquals(new double[] {2, 0, 0}, row(result, 0), bound);
        assertArrayEquals(new double[] {0, 0.2, 1.4}, row(result, 1), bound);
        assertArrayEquals(new double[] {2, 0.2, 1.4}, row(result, 2), bound);
    }

    private static double[] row(SolveResult result, int i) {
        double[] row = new double[3];
        result.states().getRow(i, row, 0);
        return row;
    }

    /// Every check interval gives the same leg its own patience, in whole intervals.
    @Test
    void thePatienceIsRoundedUpToWholeIntervals() {
        Matrix inputs = Matrix.ofRows(new double[] {0, 3, 1});
        StoppingRule stopping = StoppingRule.mixed(1e-5).withMaxIterations(12).withCheckInterval(5);
        SolveResult result =
                solve(BOTH, course(6, Solver.picard(), Solver.newton()), stopping, Precision.F64, inputs, null);
        // Looks at 5, then 10 further on, at 15, where it has ended.
        assertEquals(Status.MAX_ITERATIONS, result.status(0));
        assertEquals(0, result.leg(0));
        assertEquals(12, result.iterations(0));
    }

    @Test
    void allLegsTogetherKeepToTheLimitAndTheBestStateIsReturned() {
        Matrix inputs = Matrix.ofRows(new double[] {0, 3, 1});
        StoppingRule stopping = StoppingRule.mixed(1e-12).withMaxIterations(20);
        // From (0, 0.2, 1.4001) Picard circles ever farther; relaxed by 1.9 and 1.8, farther still.
        Matrix start = Matrix.ofRows(new double[] {0, 0.2, 1.4001});
        SolveResult result = solve(
                BOTH,
                course(4, Solver.picard(), Solver.picard(1.9), Solver.picard(1.8)),
                stopping,
                Precision.F64,
                inputs,
                start);
        assertEquals(20, result.iterations(0));
        assertEquals(Status.MAX_ITERATIONS, result.status(0));
        assertEquals(0, result.leg(0));
        assertArrayEquals(new double[] {0, 0.2, 1.4001}, row(result, 0));
        assertEquals(1e-4 * Math.sqrt(5), result.residual(0), 1e-12);
    }

    /// `x+ = 3x + 1` overflows, and Newton needs two iterations from the best state.
    @ParameterizedTest
    @EnumSource
    void whatDivergesGoesOn(Precision precision) {
        FixedPointProblem unstable = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {3})),
                LinearOperator.dense(Matrix.ofRows(new double[] {1})),
                null,
                Activation.identity());
        StoppingRule stopping = StoppingRule.mixed(1e-5).withMaxIterations(2000);
        Matrix input = Matrix.ofRows(new double[] {1});
        SolveResult result =
                solve(unstable, course(1900, Solver.picard(), Solver.newton()), stopping, precision, input, null);
        assertEquals(Status.CONVERGED, result.status(0));
        assertEquals(1, result.leg(0));
        assertEquals(-0.5, result.states().get(0, 0), 16 * precision.unitRoundoff());
    }

    @Test
    void aSickSampleIsRejectedOnce() {
        Matrix inputs = Matrix.ofRows(new double[] {0, Double.NaN, 1}, new double[] {0, 3, 1});
        SolveResult result = solve(
                BOTH,
                course(2, Solver.picard(), Solver.picard(0.9), Solver.newton()),
                StoppingRule.mixed(1e-5),
                Precision.F32,
                inputs,
                null);
        assertEquals(Status.NON_FINITE, result.status(0));
        assertEquals(0, result.iterations(0));
        assertEquals(Status.CONVERGED, result.status(1));
        assertEquals(2, result.leg(1));
    }

    /// More samples than are solved at a time, of which every third leaves the first leg.
    @Test
    void aLargeBatch() {
        int m = 5000;
        double[][] rows = new double[m][];
        for (int i = 0; i < m; i++) {
            rows[i] = i % 3 == 0 ? new double[] {0, 3 + i % 7, 1} : new double[] {1 + i % 5, 0, 0};
        }
        Course course = course(6, Solver.picard(), Solver.broyden());
        Matrix inputs = Matrix.ofRows(rows);
        SolveResult result = solve(BOTH, course, StoppingRule.mixed(1e-5), Precision.F32, inputs, null);
        assertTrue(result.allConverged());
        for (int i = 0; i < m; i++) {
            assertEquals(i % 3 == 0 ? 1 : 0, result.leg(i), "sample " + i);
        }
    }

    @Test
    void blocksAreSolvedByACourseEach() {
        LinearOperator slow = LinearOperator.dense(Matrix.ofRows(new double[] {0.5}));
        LinearOperator rotation = LinearOperator.dense(Matrix.ofRows(new double[] {0, -2}, new double[] {2, 0}));
        FixedPointProblem blocks = problem(LinearOperator.blockTriangular(
                new int[] {1, 2}, new @Nullable LinearOperator[][] {{slow, null}, {null, rotation}}));
        Matrix inputs = Matrix.ofRows(new double[] {1, 0, 0}, new double[] {1, 3, 1});
        SolveResult result = solve(
                blocks,
                course(6, Solver.picard(), Solver.newton()),
                StoppingRule.mixed(1e-5),
                Precision.F64,
                inputs,
                null);
        assertTrue(result.allConverged());
        assertEquals(0, result.leg(0));
        assertEquals(1, result.leg(1));
    }

    @Test
    void aCourseIsWhole() {
        Course.Leg leg = new Course.Leg(Solver.picard(), 3);
        refused("a course has at least one leg", List.of());
        refused("the last leg of a course has a patience", List.of(leg));
        Course.Leg last = new Course.Leg(Solver.newton(), Course.Leg.TO_THE_END);
        refused("leg 0 of a course has no patience", List.of(last, last));
        assertEquals(
                "picard(relaxation=1.0), then newton(inner=by-size)",
                new Course(List.of(leg, last)).label().replace("picard,", "picard(relaxation=1.0),"));
        assertThrows(IllegalArgumentException.class, () -> new Course.Leg(new Course(List.of(last)), 1));
        assertThrows(IllegalArgumentException.class, () -> new Course.Leg(Solver.substitution(), 1));
        assertThrows(IllegalArgumentException.class, () -> new Course.Leg(Solver.picard(), -1));
    }

    private static void refused(String message, List<Course.Leg> legs) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> new Course(legs))
                        .getMessage());
    }
}
