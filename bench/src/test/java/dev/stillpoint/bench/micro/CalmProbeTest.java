package dev.stillpoint.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalmProbeTest {
    /// A peak that no machine reaches, and none.
    @ParameterizedTest
    @CsvSource({"1e30, 1, 0", "1e30, 3, 0", "0, 1, 3", "0, 2, 3"})
    void callsCountAsUndisturbedWhereThePeakIsReached(double peak, int threads, long undisturbed) throws Exception {
        CalmProbe probe = new CalmProbe();
        probe.precision = Precision.F32;
        probe.threads = threads;
        probe.peak = peak;
        probe.start();
        try {
            CallCounter counter = new CallCounter();
            for (int i = 1; i <= 3; i++) {
                int call = i;
                assertEquals(call, probe.call(counter, () -> call, result -> 100L * result));
            }
            assertEquals(3, counter.calls);
            assertEquals(600, counter.flops);
            assertTrue(counter.nanos > 0);
            assertEquals(undisturbed, counter.calmCalls);
            assertEquals(2 * undisturbed * 100, counter.calmFlops);
            assertEquals(undisturbed > 0, counter.best > 0);
            assertEquals(undisturbed > 0 ? counter.nanos : 0, counter.calmNanos);
        } finally {
            probe.end();
        }
    }
}
