package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.bench.micro.FlopCounter;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import dev.stillpoint.validation.problem.Check;
import dev.stillpoint.validation.problem.Problem;
import dev.stillpoint.validation.problem.Verifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is timed is the solve it says it is.
final class SolveBenchmarkTest {
    private static final int ITERATIONS = 10;

    @ParameterizedTest
    @CsvSource({
        "32, 256, F32, 1, 1, ''",
        "33, 37, F64, 2, 1, ''",
        "47, 5, F32, 2, 10, ''",
        "64, 70, F32, 1, 3, ''",
        "64, 9, F64, 1, 1, scalar",
        "97, 40, F32, 1, 1, scalar"
    })
    void theSolveIsWithinRoundingOfTheReferenceIteration(
            int n, int m, Precision precision, int threads, int checkInterval, String device) {
        SolveBenchmark benchmark = benchmark(n, m, precision, ITERATIONS);
        benchmark.threads = threads;
        benchmark.checkInterval = checkInterval;
        benchmark.device = device;
        benchmark.prepare();
        try {
            FlopCounter counter = new FlopCounter();
            SolveResult result = benchmark.solve(counter);
            assertEquals(m * (ITERATIONS * 2L * n * n + 2L * n * n), counter.flops);
            assertEquals(m, result.count(Status.MAX_ITERATIONS), "samples that took all iterations");
            Problem problem = BenchmarkProblem.spec(n, m, precision, ITERATIONS, checkInterval)
                    .generate();
            // The last evaluation measures the residual of the state before it, which is the one returned.
            assertIterates(problem, ITERATIONS - 1, result);
        } finally {
            benchmark.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 128, 256, 512})
    void noSampleEndsBeforeItsFortiethIteration(int n) {
        SolveBenchmark benchmark = benchmark(n, 256, Precision.F32, 40);
        benchmark.prepare();
        try {
            SolveResult result = benchmark.solve(new FlopCounter());
            assertEquals(256 * 40, result.totalIterations());
        } finally {
            benchmark.close();
        }
    }

    private static SolveBenchmark benchmark(int n, int m, Precision precision, int iterations) {
        SolveBenchmark benchmark = new SolveBenchmark();
        benchmark.n = n;
        benchmark.m = m;
        benchmark.precision = precision;
        benchmark.threads = 1;
        benchmark.iterations = iterations;
        benchmark.checkInterval = 1;
        benchmark.device = "";
        return benchmark;
    }

    /// Also that the bounds are sharp enough to tell an iteration more or less in some sample.
    private static void assertIterates(Problem problem, int steps, SolveResult result) {
        Verifier verifier = problem.verifier();
        for (Check check : verifier.checkIterates(steps, result.states())) {
            assertTrue(check.passes(), check.toString());
        }
        for (int other : new int[] {steps - 1, steps + 1}) {
            assertTrue(
                    verifier.checkIterates(other, result.states()).stream().anyMatch(check -> !check.passes()),
                    "%s: %d steps pass for %d".formatted(problem.spec(), steps, other));
        }
    }
}
