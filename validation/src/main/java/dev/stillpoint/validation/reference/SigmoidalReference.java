package dev.stillpoint.validation.reference;

/// The hyperbolic tangent and the logistic function.
record SigmoidalReference(Curve curve) implements ReferenceActivation {
    private static final int MAX_STEPS = 2000;

    /// Which curve.
    enum Curve {
        /// `tanh(v)`.
        TANH,
        /// `1/(1 + exp(-v))`.
        LOGISTIC
    }

    @Override
    public int blockSize() {
        return 1;
    }

    @Override
    public double lipschitz() {
        return curve == Curve.TANH ? 1 : 0.25;
    }

    @Override
    public double radius() {
        return 1;
    }

    @Override
    public boolean isProximal() {
        return true;
    }

    @Override
    public double[] value(double[] v) {
        double[] x = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            x[i] = value(v[i]);
        }
        return x;
    }

    @Override
    public DoubleDouble[] value(DoubleDouble[] v) {
        DoubleDouble[] x = new DoubleDouble[v.length];
        for (int i = 0; i < v.length; i++) {
            x[i] = value(v[i]);
        }
        return x;
    }

    @Override
    public double[] derivativeTimes(double[] v, double[] w) {
        double[] product = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            product[i] = derivative(v[i]) * w[i];
        }
        return product;
    }

    @Override
    public double[] prox(double alpha, double[] v) {
        double[] x = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            x[i] = prox(alpha, v[i]);
        }
        return x;
    }

    private double value(double v) {
        return curve == Curve.TANH ? StrictMath.tanh(v) : 1 / (1 + StrictMath.exp(-v));
    }

    private DoubleDouble value(DoubleDouble v) {
        return curve == Curve.TANH ? v.tanh() : v.logistic();
    }

    /// `1 - tanh^2 = 4e/(1 + e)^2` with `e = exp(-2|v|)`, and `s(1 - s) = e/(1 + e)^2` with `e = exp(-|v|)`:
    /// without the cancellation of the familiar forms.
    private double derivative(double v) {
        double e = StrictMath.exp(curve == Curve.TANH ? -2 * Math.abs(v) : -Math.abs(v));
        return (curve == Curve.TANH ? 4 * e : e) / ((1 + e) * (1 + e));
    }

    /// `h(t) = (1 - alpha) phi(t) + alpha t` increases, its derivative being between `1` and `alpha` or more, and
    /// `phi` lies between its limits: so `t` has a bracket, in which Newton's method is kept by bisection.
    private double prox(double alpha, double v) {
        if (!Double.isFinite(v)) {
            return value(v);
        }
        double lowest = curve == Curve.TANH ? -1 : 0;
        double one = (v - (1 - alpha) * lowest) / alpha;
        double other = (v - (1 - alpha)) / alpha;
        double left = Math.nextDown(Math.min(one, other));
        double right = Math.nextUp(Math.max(one, other));
        double t = left + (right - left) / 2;
        for (int step = 0; step < MAX_STEPS && left < right; step++) {
            double excess = excess(alpha, v, DoubleDouble.of(t)).high();
            if (excess == 0) {
                break;
            }
            if (excess > 0) {
                right = t;
            } else {
                left = t;
            }
            double next = t - excess / slope(alpha, t);
            if (!(next > left && next < right)) {
                next = left + (right - left) / 2;
            }
            if (next == left || next == right || next == t) {
                break;
            }
            t = next;
        }
        DoubleDouble refined = DoubleDouble.of(t);
        refined = refined.plus(-excess(alpha, v, refined).high() / slope(alpha, t));
        return value(refined).high();
    }

    private DoubleDouble excess(double alpha, double v, DoubleDouble t) {
        return value(t).times(DoubleDouble.sum(1, -alpha)).plus(t.times(alpha)).plus(-v);
    }

    private double slope(double alpha, double t) {
        return (1 - alpha) * derivative(t) + alpha;
    }
}
