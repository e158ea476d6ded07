package dev.stillpoint.internal.analysis;

/// A number in about twice the precision of double, `high + low` with `|low| <= ulp(high)/2`, unless something
/// overflows, which gives not-a-number, or underflows.
///
/// With `u = 2^-53`: sums are off by `4 u^2 (|a| + |b|)` at most, products by `8 u^2` and quotients by `16 u^2`
/// of themselves. Source: T. J. Dekker, A floating-point technique for extending the available precision, Numer.
/// Math. 18 (1971); D. E. Knuth, The Art of Computer Programming 2, §4.2.2.
///
/// @param high the rounded number
/// @param low what the rounding lost
public record Twofold(double high, double low) {
    /// `ln 2` in three parts, the first of 33 bits, so that its product with an exponent is exact.
    private static final double LN2_HIGH = 0x1.62e42feep-1;

    private static final double LN2_MIDDLE = 0x1.a39ef35793c76p-33;
    private static final double LN2_LOW = 0x1.cc01f97b57a08p-87;

    /// `exp` of a number of this size is a normal double, and so is its square's rounding.
    private static final double SMALLEST = -600;

    private static final int TERMS = 13;
    private static final int SQUARINGS = 6;

    /// `a + b`, exactly.
    public static Twofold sum(double a, double b) {
        double sum = a + b;
        double shadow = sum - a;
        return new Twofold(sum, (a - (sum - shadow)) + (b - shadow));
    }

    private static Twofold normal(double high, double low) {
        double sum = high + low;
        return new Twofold(sum, low - (sum - high));
    }

    /// `this + other`.
    public Twofold plus(Twofold other) {
        Twofold sum = sum(high, other.high);
        return normal(sum.high, sum.low + (low + other.low));
    }

    /// `this - other`.
    public Twofold minus(Twofold other) {
        return plus(new Twofold(-other.high, -other.low));
    }

    /// `this * other`.
    public Twofold times(Twofold other) {
        double product = high * other.high;
        double lost = Math.fma(high, other.high, -product);
        return normal(product, lost + Math.fma(high, other.low, low * other.high));
    }

    /// `this / other`.
    public Twofold over(Twofold other) {
        double quotient = high / other.high;
        double rest = Math.fma(-quotient, other.high, high) + Math.fma(-quotient, other.low, low);
        return normal(quotient, rest / other.high);
    }

    /// `this / divisor`.
    public Twofold over(double divisor) {
        double quotient = high / divisor;
        return normal(quotient, (Math.fma(-quotient, divisor, high) + low) / divisor);
    }

    /// The square root of a positive number.
    public Twofold root() {
        double root = Math.sqrt(high);
        return normal(root, (Math.fma(-root, root, high) + low) / (2 * root));
    }

    /// `exp` of a number between -600 and 0, to `(4096 + 8 |a|) u^2` of itself; 0 below.
    ///
    /// `a = k ln 2 + 64 s`, `|s| < 0.0055`; the series of `exp(s)` to where its terms are below `u^2`, and six
    /// squarings, each of which doubles the relative error.
    public Twofold exponential() {
        if (high < SMALLEST) {
            return new Twofold(0, 0);
        }
        double k = Math.rint(high / LN2_HIGH);
        double product = k * LN2_MIDDLE;
        Twofold rest = sum(Math.fma(-k, LN2_HIGH, high), -product)
                .plus(new Twofold(low - Math.fma(k, LN2_MIDDLE, -product), 0))
                .plus(new Twofold(-k * LN2_LOW, 0));
        double scale = 1.0 / (1 << SQUARINGS);
        Twofold s = new Twofold(rest.high * scale, rest.low * scale);
        Twofold one = new Twofold(1, 0);
        Twofold e = one;
        for (int j = TERMS; j >= 1; j--) {
            e = one.plus(s.times(e).over(j));
        }
        for (int j = 0; j < SQUARINGS; j++) {
            e = e.times(e);
        }
        double power = Math.scalb(1.0, (int) k);
        return new Twofold(e.high * power, e.low * power);
    }
}
