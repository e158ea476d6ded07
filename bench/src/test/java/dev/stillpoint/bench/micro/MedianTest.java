package dev.stillpoint.bench.micro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class MedianTest {
    @Test
    void itIsTheValueInTheMiddle() {
        double[] values = {16, 1, 4};
        assertEquals(4, Median.of(values));
        assertArrayEquals(new double[] {16, 1, 4}, values);
        assertEquals(2.5, Median.of(new double[] {4, 1, 16, 0}));
        assertEquals(7, Median.of(new double[] {7}));
    }
}
