package dev.stillpoint.internal.reference;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/// Elementary functions to 30 digits and more, by Taylor series in decimal arithmetic.
public final class ExactFunctions {
    /// The working precision; results lose up to ten digits of it to cancellation and repeated squaring.
    public static final MathContext DIGITS = new MathContext(42, RoundingMode.HALF_EVEN);

    private static final BigDecimal TWO = BigDecimal.TWO;
    private static final int LEAST_POWER = -1100;
    private static final List<BigDecimal> POWERS = powers();

    private ExactFunctions() {}

    /// `2^k` for `|k| <= 1100`.
    public static BigDecimal power(int k) {
        return POWERS.get(k - LEAST_POWER);
    }

    private static List<BigDecimal> powers() {
        BigDecimal power = BigDecimal.ONE.divide(TWO.pow(-LEAST_POWER), DIGITS);
        List<BigDecimal> powers = new ArrayList<>();
        for (int k = LEAST_POWER; k <= -LEAST_POWER; k++) {
            powers.add(power);
            power = power.multiply(TWO, DIGITS);
        }
        return List.copyOf(powers);
    }

    /// `e^x` for `|x| < 2000`: the series of `e^(x/2^m)`, squared `m` times.
    public static BigDecimal exp(BigDecimal x) {
        int halvings = 0;
        double size = Math.abs(x.doubleValue());
        while (size > 1.0 / 64) {
            size /= 2;
            halvings++;
        }
        BigDecimal r = x.multiply(power(-halvings), DIGITS);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int k = 1; k < 19; k++) {
            term = term.multiply(r, DIGITS).divide(BigDecimal.valueOf(k), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, DIGITS);
        }
        return sum;
    }

    /// `e^x - 1` for `|x| < 2000`.
    public static BigDecimal expm1(BigDecimal x) {
        if (Math.abs(x.doubleValue()) > 0x1p-16) {
            return exp(x).subtract(BigDecimal.ONE, DIGITS);
        }
        BigDecimal sum = BigDecimal.ONE;
        for (int k = 10; k > 1; k--) {
            sum = BigDecimal.ONE.add(x.multiply(sum, DIGITS).divide(BigDecimal.valueOf(k), DIGITS), DIGITS);
        }
        return x.multiply(sum, DIGITS);
    }

    /// `tanh x`; beyond 100 it is 1 to 80 digits.
    public static BigDecimal tanh(BigDecimal x) {
        if (Math.abs(x.doubleValue()) > 100) {
            return BigDecimal.valueOf(x.signum());
        }
        BigDecimal m = expm1(x.add(x));
        return m.divide(m.add(TWO, DIGITS), DIGITS);
    }

    /// `x - tanh x`.
    public static BigDecimal tanhGap(BigDecimal x) {
        if (Math.abs(x.doubleValue()) > 0x1p-10) {
            return x.subtract(tanh(x), DIGITS);
        }
        // x^3/3 - 2x^5/15 + 17x^7/315 - 62x^9/2835, the next term being below 2^-80 of the first.
        BigDecimal w = x.multiply(x, DIGITS);
        BigDecimal sum = ratio(-62, 2835);
        sum = ratio(17, 315).add(w.multiply(sum, DIGITS), DIGITS);
        sum = ratio(-2, 15).add(w.multiply(sum, DIGITS), DIGITS);
        sum = ratio(1, 3).add(w.multiply(sum, DIGITS), DIGITS);
        return x.multiply(w, DIGITS).multiply(sum, DIGITS);
    }

    /// `1/(1 + e^-x)` for `|x| < 2000`.
    public static BigDecimal sigmoid(BigDecimal x) {
        return BigDecimal.ONE.divide(BigDecimal.ONE.add(exp(x.negate()), DIGITS), DIGITS);
    }

    /// `ln x` for the numbers of `double`: a third-order step from the double-precision value.
    public static BigDecimal log(BigDecimal x) {
        BigDecimal y = new BigDecimal(StrictMath.log(x.doubleValue()));
        BigDecimal e = exp(y);
        return y.add(TWO.multiply(x.subtract(e, DIGITS)).divide(x.add(e, DIGITS), DIGITS), DIGITS);
    }

    /// The inverse of `tanh`.
    public static BigDecimal artanh(BigDecimal x) {
        if (Math.abs(x.doubleValue()) < 0x1p-16) {
            // x + x^3/3 + x^5/5 + x^7/7, the next term being below 2^-120 of the first.
            BigDecimal w = x.multiply(x, DIGITS);
            BigDecimal sum = ratio(1, 5).add(w.multiply(ratio(1, 7), DIGITS), DIGITS);
            sum = ratio(1, 3).add(w.multiply(sum, DIGITS), DIGITS);
            return x.add(x.multiply(w, DIGITS).multiply(sum, DIGITS), DIGITS);
        }
        BigDecimal quotient = BigDecimal.ONE.add(x).divide(BigDecimal.ONE.subtract(x), DIGITS);
        return log(quotient).divide(TWO, DIGITS);
    }

    private static BigDecimal ratio(int numerator, int denominator) {
        return BigDecimal.valueOf(numerator).divide(BigDecimal.valueOf(denominator), DIGITS);
    }
}
