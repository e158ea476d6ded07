package dev.stillpoint.validation.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SplitMix64Test {
    /// The sequence that other implementations publish for this seed.
    @Test
    void givesThePublishedSequence() {
        SplitMix64 random = new SplitMix64(1234567);
        String[] published = {
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821"
        };
        for (String expected : published) {
            assertEquals(expected, Long.toUnsignedString(random.nextLong()));
        }
    }

    /// The mean of `k` numbers of variance 1 is within 6 deviations `1/sqrt(k)` of 0, and the mean of their
    /// squares within 6 deviations of 1: the fourth moment of a sum of three uniform numbers is 2.6, so that of
    /// a square is `sqrt(1.6/k)`.
    @Test
    void bellHasMeanZeroAndVarianceOneAndIsNeverZero() {
        int count = 1 << 20;
        SplitMix64 random = new SplitMix64(3);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double value = random.nextBell();
            assertTrue(Math.abs(value) < 3 && value != 0, () -> "value " + value);
            sum += value;
            squares += value * value;
        }
        assertEquals(0, sum / count, 6 / Math.sqrt(count));
        assertEquals(1, squares / count, 6 * Math.sqrt(1.6 / count));
    }

    @Test
    void doublesAreInTheUnitIntervalAndWholeNumbersInRange() {
        SplitMix64 random = new SplitMix64(-1);
        int[] counts = new int[7];
        for (int i = 0; i < 7000; i++) {
            double value = random.nextDouble();
            assertTrue(value >= 0 && value < 1, () -> "value " + value);
            counts[random.nextInt(7)]++;
        }
        for (int count : counts) {
            assertEquals(1000, count, 6 * Math.sqrt(7000 * (1.0 / 7) * (6.0 / 7)));
        }
    }

    @Test
    void streamsDiffer() {
        assertNotEquals(
                SplitMix64.stream(1, 'A').nextLong(), SplitMix64.stream(1, 'B').nextLong());
        assertNotEquals(
                SplitMix64.stream(1, 'A').nextLong(), SplitMix64.stream(2, 'A').nextLong());
        assertEquals(
                SplitMix64.stream(1, 'A').nextLong(), SplitMix64.stream(1, 'A').nextLong());
    }
}
