package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
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
        "32, 256, relu, F32, 1, 1, ''",
        "33, 37, relu, F64, 2, 1, ''",
        "47, 5, relu, F32, 2, 10, ''",
        "64, 70, relu, F32, 1, 3, ''",
        "64, 9, relu, F64, 1, 1, scalar",
        "97, 40, relu, F32, 1, 1, scalar",
        "64, 70, tanh, F32, 1, 1, ''",
        "48, 40, sigmoid, F64, 2, 1, ''",
        "97, 1, relu, F32, 1, 1, ''",
        "64, 1, tanh, F64, 1, 1, ''"
    })
    void theSolveIsWithinRoundingOfTheReferenceIteration(
            int n, int m, String activation, Precision precision, int threads, int checkInterval, String device)
            throws Exception {
        SolveBenchmark benchmark = benchmark(n, m, activation, precision, ITERATIONS);
        benchmark.threads = threads;
        benchmark.checkInterval = checkInterval;
        benchmark.device = device;
        benchmark.prepare();
        try {
            CallCounter counter = new CallCounter();
            SolveResult result = benchmark.solve(new CalmProbe(), counter);
            assertEquals(m * (ITERATIONS * 2L * n * n + 2L * n * n), counter.flops);
            assertEquals(m, result.count(Status.MAX_ITERATIONS), "samples that took all iterations");
            Problem problem = BenchmarkProblem.spec(
                            n, m, Activation.parse(activation), precision, ITERATIONS, checkInterval)
                    .generate();
            // The last evaluation measures the residual of the state before it, which is the one returned.
            assertIterates(problem, ITERATIONS - 1, result);
        } finally {
            benchmark.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 128, 256, 512})
    void noSampleEndsBeforeItsFortiethIteration(int n) throws Exception {
        assertNoneEnds(benchmark(n, 256, "relu", Precision.F32, 40));
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 128, 256, 512})
    void withTanhNoSampleEndsBeforeItsThirtiethIteration(int n) throws Exception {
        assertNoneEnds(benchmark(n, 32, "tanh", Precision.F32, 30));
    }

    private static void assertNoneEnds(SolveBenchmark benchmark) throws Exception {
        benchmark.prepare();
        try {
            SolveResult result = benchmark.solve(new CalmProbe(), new CallCounter());
            assertEquals((long) benchmark.m * benchmark.iterations, result.totalIterations());
        } finally {
            benchmark.close();
        }
    }

    private static SolveBenchmark benchmark(int n, int m, String activation, Precision precision, int iterations) {
        SolveBenchmark benchmark = new SolveBenchmark();
        benchmark.activation = activation;
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
