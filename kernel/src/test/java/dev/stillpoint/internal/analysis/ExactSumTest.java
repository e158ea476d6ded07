package dev.stillpoint.internal.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ExactSumTest {
    /// Against sums in exact decimal arithmetic, compared with the doubles next to them, and with the sum itself
    /// where it is one.
    @Test
    void theSignIsExact() {
        SplittableRandom random = new SplittableRandom(3);
        int ties = 0;
        for (int trial = 0; trial < 2000; trial++) {
            int n = random.nextInt(1, 30);
            int spread = random.nextInt(1, 1000);
            double[] a = new double[n + 1];
            a[n] = Double.NaN;
            BigDecimal sum = BigDecimal.ZERO;
            for (int i = 0; i < n; i++) {
                int exponent = -random.nextInt(spread);
                a[i] = trial % 2 == 0
                        ? Math.scalb(random.nextGaussian(), exponent)
                        : Math.scalb((double) random.nextInt(-9, 10), exponent % 50);
                sum = sum.add(new BigDecimal(Math.abs(a[i])));
            }
            double nearest = sum.doubleValue();
            for (double bound : new double[] {nearest, Math.nextUp(nearest), Math.nextDown(nearest)}) {
                int expected = sum.compareTo(new BigDecimal(bound));
                ties += expected == 0 ? 1 : 0;
                assertEquals(expected, ExactSum.compareAbsolute(a, n, bound), "trial " + trial + ", bound " + bound);
            }
        }
        assertEquals(true, ties > 500, ties + " ties");
    }

    /// As many components as there can be: every fourth exponent of the format, each with a bit far below.
    @Test
    void manyComponents() {
        double[] a = new double[520];
        for (int i = 0; i < a.length; i++) {
            a[i] = Math.scalb(1.0, -1074 + 4 * i);
        }
        double largest = a[a.length - 1];
        assertEquals(1, ExactSum.compareAbsolute(a, a.length, largest));
        assertEquals(-1, ExactSum.compareAbsolute(a, a.length, 2 * largest));
        assertEquals(0, ExactSum.compareAbsolute(a, 0, 0));
    }
}
