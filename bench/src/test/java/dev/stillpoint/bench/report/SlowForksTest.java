package dev.stillpoint.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SlowForksTest {
    private static Optional<String> find(double... gflops) {
        return SlowForks.find("solve", Arrays.stream(gflops).boxed().toList());
    }

    @Test
    void halfTheMedianIsSlowAndMoreIsNot() {
        assertEquals(Optional.empty(), find(100, 90, 50.1, 110, 100));
        assertEquals(
                Optional.of("solve: 1 of 5 JVMs stayed at half the median or less: 50.00 GFLOP/s, median 100.00"),
                find(100, 90, 50, 110, 100));
    }

    /// Two slow ones are no excuse for each other, and a lucky one is no charge against the rest.
    @Test
    void theMedianIsWhatMostDo() {
        double[] forks = new double[20];
        Arrays.fill(forks, 80);
        forks[3] = 6;
        forks[19] = 7;
        assertEquals(
                Optional.of("solve: 2 of 20 JVMs stayed at half the median or less: 6.00 GFLOP/s, median 80.00"),
                find(forks));
        Arrays.fill(forks, 80);
        forks[7] = 170;
        assertEquals(Optional.empty(), find(forks));
    }

    @Test
    void anEvenNumberHasTheMeanOfTheMiddleTwo() {
        assertEquals(Optional.empty(), find(34, 100));
        assertEquals(
                Optional.of("solve: 1 of 2 JVMs stayed at half the median or less: 25.00 GFLOP/s, median 62.50"),
                find(100, 25));
    }

    @Test
    void oneJvmHasNobodyToBeComparedWith() {
        assertEquals(Optional.empty(), find(3));
    }
}
