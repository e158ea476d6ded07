package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.bench.micro.FlopCounter;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is timed is the solve it says it is.
final class SolveBenchmarkTest {
    private static final int ITERATIONS = 20;

    @ParameterizedTest
    @CsvSource({
        "32, 256, F32, 1, 1",
        "33, 37, F64, 2, 1",
        "47, 5, F32, 2, 20",
        "64, 70, F32, 1, 3",
        "64, 9, F64, 1, 1",
        "97, 40, F32, 1, 1"
    })
    void theSolveIsWithinRoundingOfADirectComputation(
            int n, int m, Precision precision, int threads, int checkInterval) {
        SolveBenchmark benchmark = new SolveBenchmark();
        benchmark.n = n;
        benchmark.m = m;
        benchmark.precision = precision;
        benchmark.threads = threads;
        benchmark.iterations = ITERATIONS;
        benchmark.checkInterval = checkInterval;
        benchmark.prepare();
        try {
            FlopCounter counter = new FlopCounter();
            SolveResult result = benchmark.solve(counter);
            assertEquals(m * (ITERATIONS * 2L * n * n + 2L * n * n), counter.flops);
            assertEquals(m, result.count(Status.MAX_ITERATIONS), "samples that took all iterations");
            DirectPicard direct = new DirectPicard(BenchmarkProblem.random(n, m));
            boolean sharp = false;
            for (int sample = 0; sample < m; sample++) {
                assertEquals(ITERATIONS, result.iterations(sample));
                sharp |= check(direct.solve(sample), result.states(), sample, precision);
            }
            assertTrue(sharp, "an iteration more or less would be told apart in some sample");
        } finally {
            benchmark.close();
        }
    }

    /// The last evaluation measures the residual of the state before it, which is the one returned. Tells whether the
    /// bound is below the distance of that state from the one before.
    private static boolean check(DirectPicard.Trace trace, Matrix states, int sample, Precision precision) {
        double bound = trace.bound(precision.unitRoundoff()) + trace.bound(Precision.F64.unitRoundoff());
        double[] x = trace.state(ITERATIONS - 1);
        double error = 0;
        for (int i = 0; i < x.length; i++) {
            error = Math.max(error, Math.abs(states.get(sample, i) - x[i]));
        }
        String message = "sample %d: %s from the direct computation".formatted(sample, error);
        assertTrue(error <= bound, message + ", expected at most " + bound);
        return bound < trace.change(ITERATIONS - 1);
    }

    @Test
    void theProblemContractsAsDocumented() {
        BenchmarkProblem problem = BenchmarkProblem.random(207, 2);
        Matrix a = problem.problem().a().toMatrix();
        // Rounding A moves each entry by a relative 2^-24; the sums here and there err by 207 double roundings each.
        double bound = BenchmarkProblem.CONTRACTION * (0x1p-24 + 2 * 207 * 0x1p-53);
        for (int i = 0; i < a.rows(); i++) {
            double sum = 0;
            for (int j = 0; j < a.columns(); j++) {
                assertTrue(a.get(i, j) > 0, "entry (%d, %d) is positive".formatted(i, j));
                sum += a.get(i, j);
            }
            assertEquals(BenchmarkProblem.CONTRACTION, sum, bound, "row " + i);
        }
    }
}
