package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is timed are the solves they are said to be, at their places whichever begins a round.
final class CertifyBenchmarkTest {
    private static final int FEW = 3;
    private static final int MANY = 15;

    @ParameterizedTest
    @CsvSource({"32, 0, 50, F32, 1, ''", "37, 3, 9, F64, 2, ''", "13, 0, 5, F32, 1, scalar"})
    void roundsHaveTheFourSolves(int n, int p, int m, Precision precision, int threads, String device)
            throws Exception {
        CertifyBenchmark benchmark = new CertifyBenchmark();
        benchmark.n = n;
        benchmark.p = p;
        benchmark.m = m;
        benchmark.precision = precision;
        benchmark.threads = threads;
        benchmark.device = device;
        benchmark.few = FEW;
        benchmark.many = MANY;
        benchmark.prepare();
        try {
            CallCounter calls = new CallCounter();
            CertifyCounter counter = new CertifyCounter();
            long flops = 0;
            for (int round = 1; round <= 5; round++) {
                List<SolveResult> results = benchmark.round(new CalmProbe(), calls, counter);
                assertEquals(4, results.size());
                assertEquals((long) m * FEW, results.get(0).totalIterations());
                assertEquals((long) m * MANY, results.get(1).totalIterations());
                SolveResult plain = results.get(2);
                SolveResult certified = results.get(3);
                plain.orThrow();
                certified.orThrow();
                assertEquals(plain.totalIterations(), certified.totalIterations());
                for (int i = 0; i < m; i++) {
                    assertTrue(plain.iterations(i) > FEW, "sample " + i);
                    assertEquals(plain.iterations(i), certified.iterations(i), "sample " + i);
                    assertTrue(plain.errorBound(i).isEmpty(), "sample " + i);
                    assertTrue(certified.errorBound(i).isPresent(), "sample " + i);
                }
                assertEquals(round, counter.rounds);
                assertEquals(round * plain.totalIterations(), counter.iterations);
                long products = (long) m * (FEW + MANY) + 2 * plain.totalIterations();
                flops += 2L * n * n * products + 4L * 2 * m * n * (p == 0 ? n : p);
                assertEquals(flops, calls.flops);
                long all = counter.fewNanos + counter.manyNanos + counter.plainNanos + counter.certifiedNanos;
                assertTrue(all > 0 && all <= calls.nanos, () -> all + " of " + calls.nanos);
            }
            assertTrue(counter.certificateNanos > 0);
            assertEquals(0, counter.certificateNanos % 5);
        } finally {
            benchmark.close();
        }
    }
}
