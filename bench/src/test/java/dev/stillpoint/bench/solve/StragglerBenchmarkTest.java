package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StragglerBenchmarkTest {
    private static StragglerBenchmark benchmark(int n, int m, Precision precision, int iterations, int last) {
        StragglerBenchmark benchmark = new StragglerBenchmark();
        benchmark.n = n;
        benchmark.m = m;
        benchmark.precision = precision;
        benchmark.threads = 1;
        benchmark.iterations = iterations;
        benchmark.last = last;
        benchmark.device = "";
        return benchmark;
    }

    @ParameterizedTest
    @CsvSource({
        "32, 200, F32, 1, 20, 2000, ''",
        "32, 200, F64, 2, 20, 2000, ''",
        "13, 70, F32, 2, 5, 500, scalar",
        "256, 40, F32, 1, 20, 20, ''",
        "7, 1, F64, 1, 3, 300, ''",
        "7, 9, F32, 1, 1, 100, ''"
    })
    void everySampleTakesTheIterationsItIsSaidTo(
            int n, int m, Precision precision, int threads, int iterations, int last, String device) throws Exception {
        StragglerBenchmark benchmark = benchmark(n, m, precision, iterations, last);
        benchmark.threads = threads;
        benchmark.device = device;
        benchmark.prepare();
        try {
            CallCounter counter = new CallCounter();
            SolveResult result = benchmark.solve(new CalmProbe(), counter);
            for (int sample = 0; sample < m; sample++) {
                assertEquals(sample == m - 1 ? last : iterations, result.iterations(sample), "sample " + sample);
                assertEquals(Status.CONVERGED, result.status(sample), "sample " + sample);
                assertEquals(0, result.residual(sample), "sample " + sample);
                for (int i = 0; i < n; i++) {
                    assertEquals(0, result.states().get(sample, i), "sample " + sample);
                }
            }
            assertEquals(2L * n * n * ((m - 1L) * iterations + last), counter.flops);
        } finally {
            benchmark.close();
        }
    }

    @Test
    void anotherNumberOfIterationsIsAFailure() throws Exception {
        StragglerBenchmark benchmark = benchmark(5, 4, Precision.F32, 3, 30);
        benchmark.prepare();
        try {
            benchmark.last = 31;
            IllegalStateException failed = assertThrows(
                    IllegalStateException.class, () -> benchmark.solve(new CalmProbe(), new CallCounter()));
            assertEquals("the samples took 39 iterations, expected 40", failed.getMessage());
        } finally {
            benchmark.close();
        }
    }
}
