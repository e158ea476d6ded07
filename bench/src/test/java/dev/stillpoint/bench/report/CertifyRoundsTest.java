package dev.stillpoint.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.bench.report.CertifyRounds.Round;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Powers of two and their sums, exact but for the unit of time.
final class CertifyRoundsTest {
    /// Eight iterations more take 64; the certificate takes 32 beside 256.
    private static final Round STEADY = new Round(40, 104, 256, 288, 320, 1024);

    /// The whole round took twice the time.
    private static final Round SLOW = new Round(80, 208, 512, 576, 320, 1024);

    /// The solve with a certificate alone was disturbed.
    private static final Round DISTURBED = new Round(40, 104, 256, 8192, 320, 1024);

    @Test
    void theCostIsInIterationsOfTheWholeBatch() {
        CertifyRounds found = CertifyRounds.of(List.of(STEADY), 8, 16);
        assertEquals(1e-9 * 288, found.certified());
        assertEquals(288.0 / 256, found.ratio());
        assertEquals(32.0 / 8, found.extra());
        assertEquals(320.0 / 16, found.iterations());
        assertEquals(1e-9 * 1024, found.certificate());
    }

    @Test
    void oneRoundOfThreeMovesNothing() {
        CertifyRounds steady = CertifyRounds.of(List.of(STEADY), 8, 16);
        assertEquals(steady, CertifyRounds.of(List.of(SLOW, STEADY, STEADY), 8, 16));
        assertEquals(steady, CertifyRounds.of(List.of(STEADY, DISTURBED, STEADY), 8, 16));
    }

    /// Times of a round are compared with each other: where all take twice the time, the figures stay.
    @Test
    void aSlowMachineHasTheSameFigures() {
        CertifyRounds steady = CertifyRounds.of(List.of(STEADY), 8, 16);
        CertifyRounds slow = CertifyRounds.of(List.of(SLOW, SLOW), 8, 16);
        assertEquals(2 * steady.certified(), slow.certified());
        assertEquals(steady.ratio(), slow.ratio());
        assertEquals(steady.extra(), slow.extra());
    }
}
