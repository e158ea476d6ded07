package dev.stillpoint.wellposed;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/// The projection onto an l1 ball by bisection of its dual, as in IDL-21 §6.2 with the cases of step 3 the right
/// way round, in decimal arithmetic.
///
/// A positive subgradient `g(lambda) = sum_i max(|a_i| - lambda, 0) - kappa` means that lambda is too small. The
/// bisection ends when the interval is so narrow that no value is further than `2^-70 kappa/n` from its limit.
final class L1Bisection {
    private static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);
    private static final BigDecimal HALF = new BigDecimal("0.5");

    private final BigDecimal[] sizes;
    private final BigDecimal kappa;
    private final BigDecimal lambda;

    /// @param a a row with `|a|_1 > kappa`
    /// @param kappa positive
    L1Bisection(double[] a, double kappa) {
        this.kappa = new BigDecimal(kappa);
        sizes = Arrays.stream(a)
                .map(Math::abs)
                .mapToObj(BigDecimal::new)
                .sorted()
                .toArray(BigDecimal[]::new);
        lambda = bisect();
    }

    private BigDecimal bisect() {
        BigDecimal squares = BigDecimal.ZERO;
        for (BigDecimal size : sizes) {
            squares = squares.add(size.multiply(size), DIGITS);
        }
        BigDecimal low = BigDecimal.ZERO;
        BigDecimal high = squares.divide(kappa.add(kappa), DIGITS);
        BigDecimal narrow = kappa.divide(BigDecimal.TWO.pow(70), DIGITS).divide(new BigDecimal(sizes.length), DIGITS);
        while (high.subtract(low).compareTo(narrow) > 0) {
            BigDecimal middle = low.add(high).multiply(HALF);
            if (subgradient(middle).signum() > 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low.add(high).multiply(HALF);
    }

    private BigDecimal subgradient(BigDecimal at) {
        BigDecimal sum = kappa.negate();
        for (int i = sizes.length - 1; i >= 0 && sizes[i].compareTo(at) > 0; i--) {
            sum = sum.add(sizes[i].subtract(at));
        }
        return sum;
    }

    /// The value that `a_i` becomes.
    BigDecimal project(double value) {
        BigDecimal rest = new BigDecimal(Math.abs(value)).subtract(lambda).max(BigDecimal.ZERO);
        return value < 0 ? rest.negate() : rest;
    }
}
