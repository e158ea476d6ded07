package dev.stillpoint.validation.reference;

/// A number held as the unevaluated sum `high + low` of two doubles, `|low| <= ulp(high)/2`: about 106 bits.
///
/// Sums, differences and products have a relative error below `2^-103`, quotients below `2^-101`, square roots
/// below `2^-102`, `exp`, `expm1`, `tanh` and the logistic function below `2^-94`, as long as nothing overflows and
/// no part underflows (an absolute error of a few times `2^-1074` is added then). Source of the algorithms: Joldes,
/// Muller and Popescu, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic", ACM
/// TOMS 44, 2017, algorithms 6, 12 and 17.
///
/// @param high the number rounded to nearest
/// @param low what is missing
public record DoubleDouble(double high, double low) implements Comparable<DoubleDouble> {
    /// A bound on the relative error of every function here.
    public static final double ROUNDOFF = 0x1p-94;

    /// 0.
    public static final DoubleDouble ZERO = new DoubleDouble(0, 0);

    /// 1.
    public static final DoubleDouble ONE = new DoubleDouble(1, 0);

    private static final DoubleDouble LN2 = new DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);
    private static final int HALVINGS = 9;
    private static final int TERMS = 10;

    /// `value`, exactly.
    public static DoubleDouble of(double value) {
        return new DoubleDouble(value, 0);
    }

    /// `a + b`, exactly.
    public static DoubleDouble sum(double a, double b) {
        double high = a + b;
        double shadow = high - a;
        return new DoubleDouble(high, (a - (high - shadow)) + (b - shadow));
    }

    /// `a b`, exactly.
    public static DoubleDouble product(double a, double b) {
        double high = a * b;
        return new DoubleDouble(high, Math.fma(a, b, -high));
    }

    /// Every value, exactly.
    public static DoubleDouble[] of(double[] values) {
        DoubleDouble[] copy = new DoubleDouble[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = of(values[i]);
        }
        return copy;
    }

    /// Every value, rounded.
    public static double[] round(DoubleDouble[] values) {
        double[] rounded = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = values[i].high;
        }
        return rounded;
    }

    /// `this + other`.
    public DoubleDouble plus(DoubleDouble other) {
        DoubleDouble highs = sum(high, other.high);
        DoubleDouble lows = sum(low, other.low);
        DoubleDouble partial = renormalised(highs.high, highs.low + lows.high);
        return renormalised(partial.high, lows.low + partial.low);
    }

    /// `this + other`.
    public DoubleDouble plus(double other) {
        return plus(of(other));
    }

    /// `this - other`.
    public DoubleDouble minus(DoubleDouble other) {
        return plus(other.negated());
    }

    /// `this * other`.
    public DoubleDouble times(DoubleDouble other) {
        DoubleDouble highs = product(high, other.high);
        double cross = Math.fma(high, other.low, low * other.high);
        return renormalised(highs.high, highs.low + cross);
    }

    /// `this * other`.
    public DoubleDouble times(double other) {
        return times(of(other));
    }

    /// `this / other`.
    public DoubleDouble dividedBy(DoubleDouble other) {
        double first = high / other.high;
        DoubleDouble rest = minus(other.times(first));
        double second = rest.high / other.high;
        double third = rest.minus(other.times(second)).high / other.high;
        return renormalised(first, second).plus(third);
    }

    /// The square root, by one step of Newton's method from that of doubles; 0 of 0.
    public DoubleDouble sqrt() {
        double root = Math.sqrt(high);
        if (root == 0 || !(root < Double.POSITIVE_INFINITY)) {
            return of(root);
        }
        double rest = minus(product(root, root)).high;
        return renormalised(root, rest / (2 * root));
    }

    /// `-this`, exactly.
    public DoubleDouble negated() {
        return new DoubleDouble(-high, -low);
    }

    /// `|this|`, exactly.
    public DoubleDouble abs() {
        return isNegative() ? negated() : this;
    }

    /// Whether this is below 0.
    public boolean isNegative() {
        return high < 0 || (high == 0 && low < 0);
    }

    /// `e^this - 1`, without cancellation near 0.
    public DoubleDouble expm1() {
        if (high < -80) {
            return exp().plus(-1);
        }
        double k = Math.rint(high / LN2.high);
        DoubleDouble reduced = expm1OfReduced(minus(LN2.times(k)));
        return k == 0 ? reduced : reduced.plus(1).scaled((int) k).plus(-1);
    }

    /// `e^this`.
    public DoubleDouble exp() {
        if (high > 709.8) {
            return of(Double.POSITIVE_INFINITY);
        }
        if (high < -745.2) {
            return ZERO;
        }
        double k = Math.rint(high / LN2.high);
        return expm1OfReduced(minus(LN2.times(k))).plus(1).scaled((int) k);
    }

    /// `e^r - 1` for `|r| <= ln(2)/2`: the series at `r/2^9`, then `e^(2s) - 1 = (e^s - 1)(2 + (e^s - 1))` nine
    /// times.
    private static DoubleDouble expm1OfReduced(DoubleDouble r) {
        DoubleDouble s = r.scaled(-HALVINGS);
        DoubleDouble series = ONE;
        for (int term = TERMS; term >= 2; term--) {
            series = series.times(s).dividedBy(of(term)).plus(1);
        }
        DoubleDouble value = series.times(s);
        for (int i = 0; i < HALVINGS; i++) {
            value = value.times(value.plus(2));
        }
        return value;
    }

    /// The hyperbolic tangent: `-t/(2 + t)` with `t = e^(-2|x|) - 1`, and the sign of `x`.
    public DoubleDouble tanh() {
        DoubleDouble t = abs().scaled(1).negated().expm1();
        DoubleDouble value = t.negated().dividedBy(t.plus(2));
        return isNegative() ? value.negated() : value;
    }

    /// The logistic function: `e^-|x|` decides between `1/(1 + e^-x)` and `e^x/(1 + e^x)`.
    public DoubleDouble logistic() {
        DoubleDouble e = abs().negated().exp();
        return (isNegative() ? e : ONE).dividedBy(e.plus(1));
    }

    /// `this * 2^power`, exact but for overflow and underflow.
    public DoubleDouble scaled(int power) {
        return new DoubleDouble(Math.scalb(high, power), Math.scalb(low, power));
    }

    @Override
    public int compareTo(DoubleDouble other) {
        int first = Double.compare(high, other.high);
        return first != 0 ? first : Double.compare(low, other.low);
    }

    /// The sum of two numbers of which the first is the larger one.
    private static DoubleDouble renormalised(double larger, double smaller) {
        double high = larger + smaller;
        return new DoubleDouble(high, smaller - (high - larger));
    }
}
