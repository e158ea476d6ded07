package dev.stillpoint.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The generator is SplitMix64, and its doubles are uniform.
final class SplitMix64Test {
    /// The first numbers of the authors' C program for the seed 1234567.
    @Test
    void numbersAreThoseOfTheReference() {
        SplitMix64 random = new SplitMix64(1234567);
        assertEquals("6457827717110365317", Long.toUnsignedString(random.nextLong()));
        assertEquals("3203168211198807973", Long.toUnsignedString(random.nextLong()));
        assertEquals("9817491932198370423", Long.toUnsignedString(random.nextLong()));
        assertEquals("4593380528125082431", Long.toUnsignedString(random.nextLong()));
        assertEquals("16408922859458223821", Long.toUnsignedString(random.nextLong()));
    }

    @Test
    void doublesFillTheirInterval() {
        SplitMix64 random = new SplitMix64(7);
        int count = 100_000;
        double sum = 0;
        double least = 1;
        double largest = 0;
        for (int i = 0; i < count; i++) {
            double value = random.nextDouble();
            sum += value;
            least = Math.min(least, value);
            largest = Math.max(largest, value);
        }
        assertTrue(least >= 0 && largest < 1);
        // Six standard deviations of the mean, and of the extremes a chance of e^-14 each.
        assertEquals(0.5, sum / count, 6 / Math.sqrt(12.0 * count));
        assertTrue(least < 14.0 / count && largest > 1 - 14.0 / count);
        double scaled = new SplitMix64(7).nextDouble(-2, 6);
        assertEquals(-2 + 8 * new SplitMix64(7).nextDouble(), scaled);
    }
}
