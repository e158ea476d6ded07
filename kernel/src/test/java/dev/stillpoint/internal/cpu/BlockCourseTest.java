package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Block triangular problems are solved block after block.
final class BlockCourseTest {
    private static final int P = 5;

    private static LinearOperator dense(int rows, int columns, double scale, long seed) {
        return LinearOperator.dense(Batches.uniform(rows, columns, scale, new SplittableRandom(seed)));
    }

    /// Blocks of 6, 4, 7, 3 and 8 values: the last and the second are solved, the others are explicit.
    private static FixedPointProblem mixed() {
        int[] sizes = {6, 4, 7, 3, 8};
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[5][5];
        blocks[0][1] = dense(6, 4, 1, 1);
        blocks[0][4] = dense(6, 8, 1, 2);
        blocks[1][1] = dense(4, 4, 0.4, 3);
        blocks[1][2] = LinearOperator.sparse(dense(4, 7, 1, 4).toMatrix());
        blocks[1][3] = dense(4, 3, 1, 5);
        blocks[2][3] = dense(7, 3, 1, 6);
        blocks[2][4] = LinearOperator.lowRank(
                dense(7, 2, 1, 7).toMatrix(), dense(8, 2, 1, 8).toMatrix());
        blocks[4][4] = dense(8, 8, 0.2, 9);
        Activation phi = new BlockActivation(List.of(
                new BlockActivation.Part(Activation.tanh(), 9),
                new BlockActivation.Part(Activation.relu(), 8),
                new BlockActivation.Part(Activation.softmax(3), 3),
                new BlockActivation.Part(Activation.sigmoid(), 8)));
        Matrix bias = Batches.uniform(1, 28, 1, new SplittableRandom(10));
        return new FixedPointProblem(LinearOperator.blockTriangular(sizes, blocks), dense(28, P, 1, 11), bias, phi);
    }

    private static SolveResult solve(
            CpuEngine engine,
            FixedPointProblem problem,
            StoppingRule stopping,
            Precision precision,
            int threads,
            SolveRequest request) {
        try (SolvePlan plan = new CpuBackend(engine)
                .prepare(problem, Solver.picard(), stopping, new PlanOptions(precision, threads))) {
            return plan.solve(request);
        }
    }

    private static FixedPointProblem whole(FixedPointProblem problem) {
        return new FixedPointProblem(
                LinearOperator.dense(problem.a().toMatrix()), problem.b(), problem.bias(), problem.activation());
    }

    /// `|f(x) - x|` of the whole equation, by the solver of the whole equation: one iteration from `x`.
    private static double residual(FixedPointProblem problem, Matrix inputs, Matrix states, int sample) {
        SolveRequest request = SolveRequest.of(inputs.slice(sample, sample + 1)).from(states.slice(sample, sample + 1));
        StoppingRule once = StoppingRule.absolute(Double.MAX_VALUE).withMaxIterations(1);
        return solve(CpuEngine.SCALAR, whole(problem), once, Precision.F64, 1, request)
                .residual(0);
    }

    @Test
    void theWholeStateMeetsTheRule() {
        FixedPointProblem problem = mixed();
        Matrix inputs = Batches.inputs(40, P, Precision.F64, 3);
        double tolerance = 1e-9;
        SolveResult result = solve(
                CpuEngine.SCALAR, problem, StoppingRule.absolute(tolerance), Precision.F64, 1, SolveRequest.of(inputs));
        assertTrue(result.allConverged());
        for (int i = 0; i < inputs.rows(); i++) {
            double residual = residual(problem, inputs, result.states(), i);
            assertTrue(residual <= tolerance, i + ": " + residual);
            // The orders of the two products differ, by less than 30 roundings of values below 1e4.
            assertEquals(result.residual(i), residual, 30 * 1e4 * Precision.F64.unitRoundoff(), "sample " + i);
            assertTrue(result.iterations(i) > 1);
        }
    }

    @Test
    void explicitBlocksAreExactInOnePass() {
        int[] sizes = {4, 20, 9};
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[3][3];
        blocks[0][1] = dense(4, 20, 1, 1);
        blocks[1][2] = dense(20, 9, 1, 2);
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.blockTriangular(sizes, blocks), dense(33, P, 1, 3), null, Activation.relu());
        Matrix inputs = Batches.inputs(50, P, Precision.F64, 4);
        for (CpuEngine engine : CpuEngine.available()) {
            SolveResult result =
                    solve(engine, problem, StoppingRule.absolute(0), Precision.F64, 1, SolveRequest.of(inputs));
            assertTrue(result.allConverged());
            for (int i = 0; i < inputs.rows(); i++) {
                assertEquals(0, result.residual(i));
                assertEquals(1, result.iterations(i));
                double size = result.states().slice(i, i + 1).toDoubleArray()[0] + 1e6;
                assertTrue(residual(problem, inputs, result.states(), i) <= 100 * size * Precision.F64.unitRoundoff());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyEngineAndAnyThreadsGiveTheBitsOfTheTwin(Precision precision) {
        FixedPointProblem problem = mixed();
        StoppingRule stopping =
                StoppingRule.mixed(64 * precision.unitRoundoff()).withMaxIterations(60);
        Matrix inputs = Batches.inputs(2500, P, precision, 5);
        inputs.set(7, 2, Double.NaN);
        inputs.set(8, 2, Double.POSITIVE_INFINITY);
        Matrix starts = Batches.uniform(inputs.rows(), 28, 1, new SplittableRandom(6));
        starts.set(100, 27, Double.NaN);
        SolveRequest request = SolveRequest.of(inputs).from(starts);
        SolveResult twin = solve(CpuEngine.SCALAR, problem, stopping, precision, 1, request);
        assertEquals(Status.NON_FINITE, twin.status(7));
        assertEquals(Status.NON_FINITE, twin.status(8));
        assertEquals(Status.NON_FINITE, twin.status(100));
        for (CpuEngine engine : CpuEngine.available()) {
            for (int threads = 1; threads <= 2; threads++) {
                SolveResult result = solve(engine, problem, stopping, precision, threads, request);
                for (int i = 0; i < inputs.rows(); i++) {
                    Batches.assertSame(twin, i, result, i, engine + " " + threads + " threads");
                }
            }
        }
    }

    /// An explicit block that overflows makes the sample diverge, whatever follows.
    @Test
    void overflowInABlockIsDivergence() {
        int[] sizes = {2, 1};
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[2][2];
        blocks[0][0] = dense(2, 2, 0.1, 1);
        blocks[0][1] = dense(2, 1, 1, 2);
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.blockTriangular(sizes, blocks),
                LinearOperator.dense(Matrix.ofRows(new double[] {0}, new double[] {0}, new double[] {1e30})),
                null,
                Activation.identity());
        Matrix inputs = Matrix.of(new double[] {1, 1e30, -1}, 3, 1);
        for (CpuEngine engine : CpuEngine.available()) {
            SolveResult result =
                    solve(engine, problem, StoppingRule.relative(1e-3), Precision.F32, 1, SolveRequest.of(inputs));
            assertEquals(
                    List.of(Status.DIVERGED, Status.DIVERGED, Status.DIVERGED),
                    List.of(result.status(0), result.status(1), result.status(2)));
            assertTrue(Double.isNaN(result.residual(1)));
        }
    }

    @Test
    void anActivationBlockMayNotBeCut() {
        int[] sizes = {2, 1};
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.blockTriangular(sizes, new @Nullable LinearOperator[2][2]),
                dense(3, 1, 1, 2),
                null,
                Activation.softmax(3));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new CpuBackend(CpuEngine.SCALAR)
                        .prepare(
                                problem, Solver.picard(), StoppingRule.mixed(1e-3), new PlanOptions(Precision.F32, 1)));
        assertEquals(
                "block 1 of A cuts a block of the activation softmax:3, whose values belong together",
                refused.getMessage());
    }
}
