package dev.stillpoint.validation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Ticks of logarithmic axes.
final class RangeTest {
    private static Range of(double... values) {
        Range range = new Range(Axis.logarithmic("", ""));
        for (double value : values) {
            range.add(value);
        }
        return range;
    }

    @Test
    void ticksArePowersOfTen() {
        assertEquals(List.of(1e-4, 1e-3, 1e-2, 1e-1), of(2e-4, 0.1).ticks());
    }

    @Test
    void manyDecadesGetFewerTicks() {
        assertEquals(
                List.of(1e-16, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1.0),
                of(1e-16, 1).ticks());
    }

    @Test
    void fewDecadesGetMoreTicks() {
        assertEquals(List.of(1.0, 2.0, 5.0, 10.0, 20.0, 50.0), of(3, 7).ticks());
    }

    @Test
    void whatHasNoPlaceDoesNotCount() {
        assertEquals(List.of(), of(0, -1, Double.NaN).ticks());
        assertEquals(
                List.of(1e-2, 1e-1, 1.0, 10.0),
                of(0, 1e-2, Double.POSITIVE_INFINITY, 10).ticks());
    }

    @Test
    void theMiddleIsThatOfTheScale() {
        assertEquals(1, of(1e-4, 1e4).middle(), 0x1p-50);
        assertEquals(2.5, new Range(Axis.linear("", "")).add(1).add(4).middle());
    }
}
