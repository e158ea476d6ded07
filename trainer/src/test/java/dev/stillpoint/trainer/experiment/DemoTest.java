package dev.stillpoint.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.trainer.data.KnownDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo on a small model and a part of the digits.
final class DemoTest {
    private static final int LIMIT = 300;
    private static final DemoOptions SMALL = DemoOptions.defaults()
            .withStateSize(64)
            .withLimit(LIMIT)
            .withSeed(11)
            .withThreads(2);

    @Test
    void theDigitsAreReadAndBothPrecisionsAgree() throws IOException {
        List<Long> reports = new ArrayList<>();
        List<String> phases = new ArrayList<>();
        DemoResult result = Demo.run(SMALL, (phase, done, total) -> {
            if (phases.isEmpty() || !phases.getLast().equals(phase)) {
                assertTrue(reports.isEmpty() || reports.getLast() == 0, "the phase before did not end");
                phases.add(phase);
                assertEquals(0, done, phase);
            } else {
                assertTrue(total - done <= reports.getLast(), phase);
            }
            reports.add(total - done);
        });
        assertEquals(0, reports.getLast());
        assertEquals(6, phases.size(), phases.toString());

        assertTrue(result.lambdaUpper() <= 0.8);
        assertTrue(result.allConverged());
        for (DemoResult.Solve solve : List.of(result.single(), result.twofold())) {
            assertEquals(2 * LIMIT, solve.samples());
            assertEquals(
                    2 * LIMIT,
                    solve.iterations().stream().mapToInt(Integer::intValue).sum());
            assertTrue(solve.leastIterations() <= solve.meanIterations());
            assertTrue(solve.meanIterations() <= solve.mostIterations());
        }
        // Guessing one of ten classes reads half of 300 digits with a probability below e^-150.
        assertTrue(
                result.readout().testAccuracy() > 0.5,
                "accuracy " + result.readout().testAccuracy());
        int right = 0;
        int all = 0;
        for (int i = 0; i < 10; i++) {
            right += result.readout().confusion().get(i).get(i);
            all += result.readout().confusion().get(i).stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        }
        assertEquals(LIMIT, all);
        assertEquals(result.readout().testAccuracy(), (double) right / LIMIT);

        DemoResult.Agreement agreement = result.agreement();
        assertEquals(0, agreement.samplesBeyondBound());
        assertTrue(agreement.largestDifference() > 0);
        assertTrue(agreement.largestExpected() < agreement.largestBound());
        int binned =
                agreement.histogram().stream().mapToInt(DemoResult.Bin::samples).sum();
        assertEquals(2 * LIMIT, binned + agreement.equalSamples());

        for (DemoResult.Trace trace : result.traces()) {
            for (int k = 1; k < trace.residuals().size(); k++) {
                assertTrue(trace.residuals().get(k) <= trace.residuals().get(k - 1), "the least residual rose");
            }
        }
        for (int i = 0; i < result.examples().samples(); i++) {
            boolean misread =
                    result.examplePredictions().get(i) != result.examples().label(i);
            assertEquals(i < LIMIT - right && i < 18, misread, "example " + i);
        }
        assertTrue(result.summary().contains("Optical digits: 300 samples"), result.summary());
    }

    @Test
    void aSeedDecidesEverythingButTheTimes() throws IOException {
        DemoOptions tiny = SMALL.withStateSize(17).withLimit(40);
        DemoResult first = Demo.run(tiny.withThreads(1), Progress.none());
        DemoResult again = Demo.run(tiny.withThreads(3), Progress.none());
        assertEquals(first.readout(), again.readout());
        assertEquals(first.agreement(), again.agreement());
        assertEquals(first.traces(), again.traces());
        assertEquals(first.single().iterations(), again.single().iterations());
        assertEquals(first.twofold().iterations(), again.twofold().iterations());
        assertEquals(first.examplePredictions(), again.examplePredictions());
        assertFalse(first.agreement()
                .equals(Demo.run(tiny.withSeed(12), Progress.none()).agreement()));
    }

    @Test
    void thePageShowsTheResult(@TempDir Path folder) throws IOException {
        DemoResult result = Demo.run(SMALL.withStateSize(17).withLimit(40), Progress.none());
        Path file = folder.resolve("demo.html");
        DemoPage.write(result, file);
        String html = Files.readString(file);
        assertTrue(html.contains("<h1>Stillpoint demo: optical digits</h1>"));
        assertEquals(4, html.split("class=\"plot\"", -1).length - 1);
        assertEquals(result.examples().samples(), html.split("<img ", -1).length - 1);
        assertTrue(html.contains(result.device()));
    }

    @Test
    void anInterruptEndsTheRun() {
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> Demo.run(SMALL, Progress.none()));
        assertTrue(Thread.interrupted());
    }

    @Test
    void dataThatAreMissingAreNamed() {
        DemoOptions fashion = SMALL.withData(KnownDataset.FASHION, null);
        assertThrows(NoSuchFileException.class, () -> Demo.run(fashion, Progress.none()));
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> SMALL.withKappa(1));
        assertThrows(IllegalArgumentException.class, () -> SMALL.withTolerance(0));
        assertThrows(IllegalArgumentException.class, () -> SMALL.withThreads(0));
        assertThrows(IllegalArgumentException.class, () -> SMALL.withLimit(9));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> SMALL.withStateSize(1));
        assertEquals("state size is 1, expected at least 2", refused.getMessage());
    }
}
