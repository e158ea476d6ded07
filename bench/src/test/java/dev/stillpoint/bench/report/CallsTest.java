package dev.stillpoint.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.bench.report.Calls.Counts;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Sums of powers of two, which are exact, but for the unit of time.
final class CallsTest {
    private static final Counts DISTURBED = new Counts(2, 64, 128, 0, 0, 0, 0);

    /// Two calls at 2 GFLOP/s, and two undisturbed ones at 8.
    private static final Counts MIXED = new Counts(4, 128, 640, 2, 64, 512, 9);

    @Test
    void theSpeedIsThatOfUndisturbedCalls() {
        Calls calls = Calls.of(List.of(List.of(DISTURBED, MIXED), List.of(MIXED, DISTURBED)));
        assertEquals(8, calls.gflops());
        assertEquals(9, calls.best());
        assertEquals(1e-9 * 32, calls.seconds());
        assertEquals(4 / 12.0, calls.undisturbed());
        assertEquals(List.of(5.0, 5.0), calls.forks());
    }

    @Test
    void whereAllAreDisturbedItIsThatOfAll() {
        Calls calls = Calls.of(List.of(List.of(DISTURBED, DISTURBED)));
        assertEquals(2, calls.gflops());
        assertEquals(0, calls.best());
        assertEquals(1e-9 * 32, calls.seconds());
        assertEquals(0, calls.undisturbed());
    }

    /// Two sums, not the mean of two speeds.
    @Test
    void aJvmIsAsFastAsItsBestIteration() {
        Calls calls = Calls.of(List.of(List.of(DISTURBED, MIXED), List.of(DISTURBED)));
        assertEquals(List.of(5.0, 2.0), calls.forks());
    }
}
