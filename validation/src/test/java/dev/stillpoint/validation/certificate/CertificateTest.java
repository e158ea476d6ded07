package dev.stillpoint.validation.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Problems `0 ... N - 1`, `N` by the system property `stillpoint.certificate.problems`.
final class CertificateTest {
    private static final long PROBLEMS = Long.getLong("stillpoint.certificate.problems", 600);

    /// What a bound may be of the true error where the contraction factor is below 0.9.
    private static final double LOOSEST = 100;

    @Test
    void noBoundLies() {
        List<CertificateTrial.Outcome> outcomes = LongStream.range(0, PROBLEMS)
                .parallel()
                .mapToObj(CertificateTrial::run)
                .toList();
        long bounds = 0;
        long missing = 0;
        CertificateTrial.Outcome loosest = outcomes.getFirst();
        for (CertificateTrial.Outcome outcome : outcomes) {
            assertEquals(List.of(), outcome.lies(), outcome.problem());
            bounds += outcome.bounds();
            missing += outcome.missing();
            loosest = outcome.loosest() > loosest.loosest() ? outcome : loosest;
        }
        System.out.printf(
                "%d problems: %d bounds at or above the true error, %d without, loosest %.1f times%n",
                outcomes.size(), bounds, missing, loosest.loosest());
        assertTrue(loosest.loosest() <= LOOSEST, loosest.toString());
        assertTrue(bounds > missing, bounds + " bounds, " + missing + " missing");
    }
}
