package dev.stillpoint.validation.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class DoubleDoubleTest {
    private static final MathContext EXACT = new MathContext(80);

    private static BigDecimal decimal(DoubleDouble x) {
        return new BigDecimal(x.high()).add(new BigDecimal(x.low()));
    }

    private static DoubleDouble any(Random random, int exponents) {
        double high = Math.scalb(random.nextDouble() - 0.5, random.nextInt(exponents) - exponents / 2);
        return DoubleDouble.sum(high, high * 0x1p-54 * (random.nextDouble() - 0.5));
    }

    private static void assertNear(BigDecimal expected, DoubleDouble found, double relative, String what) {
        BigDecimal error = expected.subtract(decimal(found)).abs();
        BigDecimal limit = expected.abs().multiply(new BigDecimal(relative));
        assertTrue(
                error.compareTo(limit) <= 0,
                () -> what + ": expected " + expected.round(new MathContext(40)) + ", found "
                        + decimal(found).round(new MathContext(40)));
        assertEquals(found.high(), found.high() + found.low(), what + ": is normalised");
    }

    /// `e^x` by its series at `x/2^64`, squared 64 times; 120 digits leave more than 80 correct.
    static BigDecimal exp(BigDecimal x) {
        MathContext digits = new MathContext(120);
        BigDecimal small = x.divide(BigDecimal.TWO.pow(64), digits);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int k = 1; k < 12; k++) {
            term = term.multiply(small, digits).divide(BigDecimal.valueOf(k), digits);
            sum = sum.add(term, digits);
        }
        for (int k = 0; k < 64; k++) {
            sum = sum.multiply(sum, digits);
        }
        return sum;
    }

    @Test
    void squareRoots() {
        for (long seed = 0; seed < 500; seed++) {
            DoubleDouble x = any(new Random(seed), 200).abs();
            assertNear(decimal(x).sqrt(EXACT), x.sqrt(), 0x1p-102, "seed " + seed);
        }
        assertEquals(DoubleDouble.ZERO, DoubleDouble.ZERO.sqrt());
    }

    static BigDecimal tanh(BigDecimal x) {
        BigDecimal e = exp(x.add(x));
        return e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), EXACT);
    }

    static BigDecimal logistic(BigDecimal x) {
        BigDecimal e = exp(x);
        return e.divide(e.add(BigDecimal.ONE), EXACT);
    }

    @Test
    void sumsAndProductsOfDoublesAreExact() {
        for (long seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            double a = any(random, 100).high();
            double b = any(random, 100).high();
            assertEquals(
                    0,
                    new BigDecimal(a).add(new BigDecimal(b)).compareTo(decimal(DoubleDouble.sum(a, b))),
                    "seed " + seed);
            assertEquals(
                    0,
                    new BigDecimal(a).multiply(new BigDecimal(b)).compareTo(decimal(DoubleDouble.product(a, b))),
                    "seed " + seed);
        }
    }

    @Test
    void arithmeticHasItsAccuracy() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            DoubleDouble a = any(random, 40);
            DoubleDouble b = any(random, 40);
            String what = "seed " + seed;
            assertNear(decimal(a).add(decimal(b)), a.plus(b), 0x1p-103, what + " sum");
            assertNear(decimal(a).subtract(decimal(b)), a.minus(b), 0x1p-103, what + " difference");
            assertNear(decimal(a).multiply(decimal(b)), a.times(b), 0x1p-103, what + " product");
            assertNear(decimal(a).divide(decimal(b), EXACT), a.dividedBy(b), 0x1p-101, what + " quotient");
        }
    }

    @Test
    void cancellationIsExactToTheLastBits() {
        DoubleDouble third = DoubleDouble.ONE.dividedBy(DoubleDouble.of(3));
        DoubleDouble rest = third.times(3).minus(DoubleDouble.ONE);
        assertTrue(Math.abs(rest.high()) <= 0x1p-101, () -> "rest " + rest);
    }

    private static void check(
            String name, UnaryOperator<DoubleDouble> found, UnaryOperator<BigDecimal> expected, double range) {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            double high = seed % 2 == 0
                    ? range * (2 * random.nextDouble() - 1)
                    : Math.scalb(2 * random.nextDouble() - 1, -random.nextInt(60));
            DoubleDouble x = DoubleDouble.sum(high, high * 0x1p-54 * (random.nextDouble() - 0.5));
            assertNear(
                    expected.apply(decimal(x)),
                    found.apply(x),
                    DoubleDouble.ROUNDOFF,
                    name + " of " + x + ", seed " + seed);
        }
    }

    @Test
    void functionsHaveTheirAccuracy() {
        check("exp", DoubleDouble::exp, DoubleDoubleTest::exp, 600);
        check("expm1", DoubleDouble::expm1, x -> exp(x).subtract(BigDecimal.ONE), 300);
        check("tanh", DoubleDouble::tanh, DoubleDoubleTest::tanh, 30);
        check("logistic", DoubleDouble::logistic, DoubleDoubleTest::logistic, 300);
    }

    @Test
    void functionsHaveTheirLimits() {
        assertEquals(DoubleDouble.ONE, DoubleDouble.ZERO.exp());
        assertEquals(0, DoubleDouble.ZERO.tanh().high());
        assertEquals(DoubleDouble.of(0.5), DoubleDouble.ZERO.logistic());
        assertEquals(1, DoubleDouble.of(1e300).tanh().high());
        assertEquals(-1, DoubleDouble.of(-1e300).tanh().high());
        assertEquals(1, DoubleDouble.of(1e300).logistic().high());
        assertEquals(0, DoubleDouble.of(-1e300).logistic().high());
        assertEquals(0, DoubleDouble.of(-1e300).exp().high());
        assertEquals(-1, DoubleDouble.of(-1e300).expm1().high());
        assertEquals(Double.POSITIVE_INFINITY, DoubleDouble.of(1000).exp().high());
    }
}
