package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is timed is a projection: of every row, each time, from the same matrix.
final class ProjectionBenchmarkTest {
    @ParameterizedTest
    @CsvSource({"40, 30, F32, 1", "200, 170, F64, 2", "512, 3, F64, 1"})
    void everyRowIsProjectedOnEveryCall(int n, int m, Precision precision, int threads) throws Exception {
        ProjectionBenchmark benchmark = new ProjectionBenchmark();
        benchmark.n = n;
        benchmark.m = m;
        benchmark.precision = precision;
        benchmark.threads = threads;
        benchmark.prepare();
        double[] before = benchmark.matrix().toDoubleArray();
        CallCounter counter = new CallCounter();
        Matrix result = benchmark.project(new CalmProbe(), counter);
        double[] first = result.toDoubleArray();
        assertArrayEquals(before, benchmark.matrix().toDoubleArray(), "the matrix is not overwritten");
        // What each row loses in FP32 is less than a unit in the last place of every value.
        double least = ProjectionBenchmark.KAPPA * (1 - 2 * precision.unitRoundoff() - 0x1p-47);
        for (int i = 0; i < m; i++) {
            assertTrue(norm(before, i, n) > 2 * ProjectionBenchmark.KAPPA, "row " + i + " is far outside");
            double norm = norm(first, i, n);
            double rounding = n * 0x1p-53;
            assertTrue(norm >= least * (1 - rounding), "row " + i + " has norm " + norm);
            assertTrue(norm <= ProjectionBenchmark.KAPPA * (1 + rounding), "row " + i + " has norm " + norm);
        }
        assertEquals((long) m * n, counter.flops);
        assertEquals(1, counter.calls);
        assertArrayEquals(first, benchmark.project(new CalmProbe(), counter).toDoubleArray());
        assertEquals(2, counter.calls);
    }

    private static double norm(double[] values, int i, int n) {
        return Arrays.stream(values, i * n, (i + 1) * n).map(Math::abs).sum();
    }

    @Test
    void everyValueIsReadAndWritten() {
        assertEquals(2 * 8 * 4096L * 4096, ProjectionBenchmark.bytes(4096, 4096, Precision.F64));
        assertEquals(2 * 4 * 21L, ProjectionBenchmark.bytes(3, 7, Precision.F32));
    }
}
