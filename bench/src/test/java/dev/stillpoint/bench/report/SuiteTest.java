package dev.stillpoint.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SuiteTest {
    @ParameterizedTest
    @EnumSource(Suite.class)
    void aSuiteIsFoundByItsLabel(Suite suite) {
        assertEquals(suite, Suite.of(suite.label()));
    }

    @Test
    void anUnknownOneIsRefused() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Suite.of("SOLVE"));
        assertEquals(
                "unknown benchmark 'SOLVE': expected one of solve, straggler, layers, projection, certify, solvers",
                refused.getMessage());
    }

    @Test
    void sizesAreThoseAskedForOrItsOwn() {
        assertEquals(List.of(7, 9), Suite.LAYERS.sizes(List.of(7, 9)));
        assertEquals(List.of(64, 256, 512), Suite.LAYERS.sizes(List.of()));
        assertEquals(List.of(3), Suite.STRAGGLER.batches(List.of(3), 256));
        assertEquals(List.of(4000), Suite.STRAGGLER.batches(List.of(), 256));
        assertEquals(List.of(4096), Suite.PROJECTION.sizes(List.of()));
        assertEquals(List.of(128, 256, 512, 1024), Suite.CERTIFY.sizes(List.of()));
        assertEquals(List.of(4096), Suite.PROJECTION.batches(List.of(), 4096));
    }

    @ParameterizedTest
    @CsvSource({"128, 16384", "256, 4096", "512, 1024", "1024, 256", "16384, 1", "20000, 1", "2147483647, 1"})
    void aBatchThatIsCertifiedIsAsMuchWorkForEachSize(int n, int samples) {
        assertEquals(List.of(samples), Suite.CERTIFY.batches(List.of(), n));
        assertEquals(List.of(7), Suite.CERTIFY.batches(List.of(7), n));
    }
}
