package dev.stillpoint.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.matrix.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Powers of two, which are exact.
final class RatiosTest {
    private static Measurement solve(Precision precision, double gflops) {
        return Measurement.of("solve", new Work(precision, 1), "engine", "problem")
                .withSpeed(gflops, 1.0);
    }

    @Test
    void aSpeedIsMeasuredAgainstThePeers() {
        Measurement ratio = Ratios.ofSpeeds(solve(Precision.F32, 24), solve(Precision.F32, 32));
        assertEquals(0.75, ratio.ratio());
        assertEquals(24.0, ratio.gflops());
    }

    /// An iteration of one sample at `n = 256` in a microsecond: `2 n^2` operations, `n^2` values.
    @ParameterizedTest
    @CsvSource({"F32, 262.144", "F64, 524.288"})
    void aSampleReadsEachValueOnceForTwoOperations(Precision precision, double gigabytes) {
        Measurement read = Ratios.ofReads(solve(precision, 2 * 256 * 256 * 1e-3), 4 * gigabytes);
        assertEquals(gigabytes, read.gigabytes());
        assertEquals(25.0, read.percentOfRead());
    }

    /// A gigabyte in an eighth of a second.
    @Test
    void aCallMovesItsBytes() {
        Measurement call = Measurement.of("projection", new Work(Precision.F64, 2), "engine", "matrix");
        assertEquals(call, Ratios.ofBytes(call, 1_000_000_000, 40));
        Measurement moved = Ratios.ofBytes(call.withTime(0.125), 1_000_000_000, 40);
        assertEquals(0.125, moved.seconds());
        assertEquals(8.0, moved.gigabytes());
        assertEquals(20.0, moved.percentOfRead());
        assertEquals(moved, moved.inPercentOf(100));
    }

    /// A thousand iterations in 3 seconds, where five hundred take 1 without a straggler.
    @Test
    void aStragglersBatchIsMeasuredAgainstItsSumOfIterations() {
        assertEquals(1.5, Ratios.ofTimes(3, 1000, 1, 500));
    }

    @Test
    void aLineWithoutASpeedHasNoPercentage() {
        Measurement line = Measurement.of("read", new Work(Precision.F32, 1), "engine", "loop");
        assertEquals(line, line.inPercentOf(100));
        assertEquals(50.0, solve(Precision.F32, 64).inPercentOf(128).percentOfPeak());
    }
}
