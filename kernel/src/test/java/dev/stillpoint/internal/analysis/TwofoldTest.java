package dev.stillpoint.internal.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Against decimal arithmetic of 60 digits, within the errors that are documented.
class TwofoldTest {
    private static final MathContext DIGITS = new MathContext(60);
    private static final BigDecimal SQUARE = BigDecimal.ONE.divide(BigDecimal.TWO.pow(106));
    private final SplittableRandom random = new SplittableRandom(1);

    private Twofold any() {
        double high = random.nextDouble(-1, 1) * Math.pow(2, random.nextInt(-20, 20));
        return Twofold.sum(high, high * random.nextDouble(-1, 1) * 0x1p-53);
    }

    private static BigDecimal exact(Twofold number) {
        return new BigDecimal(number.high()).add(new BigDecimal(number.low()));
    }

    private static void assertNear(BigDecimal expected, Twofold actual, double units, BigDecimal scale) {
        BigDecimal error = exact(actual).subtract(expected).abs();
        BigDecimal bound = scale.abs().multiply(SQUARE).multiply(new BigDecimal(units));
        assertTrue(error.compareTo(bound) <= 0, () -> actual + " is off by " + error + ", more than " + bound);
        assertEquals(actual.high(), actual.high() + actual.low());
    }

    @Test
    void arithmetic() {
        for (int trial = 0; trial < 2000; trial++) {
            Twofold a = any();
            Twofold b = any();
            BigDecimal x = exact(a);
            BigDecimal y = exact(b);
            assertNear(x.add(y), a.plus(b), 4, x.abs().add(y.abs()));
            assertNear(x.subtract(y), a.minus(b), 4, x.abs().add(y.abs()));
            assertNear(x.multiply(y), a.times(b), 8, x.multiply(y));
            BigDecimal quotient = x.divide(y, DIGITS);
            assertNear(quotient, a.over(b), 16, quotient);
            BigDecimal third = x.divide(new BigDecimal(3), DIGITS);
            assertNear(third, a.over(3), 16, third);
            Twofold square = a.times(a);
            BigDecimal root = exact(square).sqrt(DIGITS);
            assertNear(root, square.root(), 16, root);
        }
    }

    @Test
    void exponentials() {
        for (int trial = 0; trial < 300; trial++) {
            double high = -random.nextDouble() * Math.pow(10, random.nextDouble(-3, 2.7));
            Twofold a = Twofold.sum(high, high * random.nextDouble(-1, 1) * 0x1p-53);
            BigDecimal exact = exponential(exact(a));
            assertNear(exact, a.exponential(), 4096 + 8 * Math.abs(high), exact);
        }
        assertEquals(new Twofold(1, 0), new Twofold(0, 0).exponential());
        assertEquals(new Twofold(0, 0), new Twofold(-601, 0).exponential());
    }

    /// By the series at `x/2^12`.
    private static BigDecimal exponential(BigDecimal x) {
        MathContext more = new MathContext(80);
        BigDecimal s = x.divide(new BigDecimal(4096), more);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int j = 1; j < 60; j++) {
            term = term.multiply(s, more).divide(new BigDecimal(j), more);
            sum = sum.add(term, more);
        }
        for (int k = 0; k < 12; k++) {
            sum = sum.multiply(sum, more);
        }
        return sum;
    }
}
