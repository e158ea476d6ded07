package dev.stillpoint.validation.reference;

/// Softmax over blocks of `blockSize` values: `exp(v_i) / sum_j exp(v_j)`.
record SoftmaxReference(int blockSize) implements ReferenceActivation {
    private static final int MAX_STEPS = 200;
    private static final int REFINEMENTS = 3;

    @Override
    public double lipschitz() {
        return 0.5;
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
        for (int begin = 0; begin < v.length; begin += blockSize) {
            double shift = largest(v, begin);
            double sum = 0;
            for (int i = begin; i < begin + blockSize; i++) {
                x[i] = StrictMath.exp(v[i] - shift);
                sum += x[i];
            }
            for (int i = begin; i < begin + blockSize; i++) {
                x[i] /= sum;
            }
        }
        return x;
    }

    @Override
    public DoubleDouble[] value(DoubleDouble[] v) {
        DoubleDouble[] x = new DoubleDouble[v.length];
        for (int begin = 0; begin < v.length; begin += blockSize) {
            DoubleDouble shift = v[begin];
            for (int i = begin; i < begin + blockSize; i++) {
                shift = v[i].compareTo(shift) > 0 ? v[i] : shift;
            }
            DoubleDouble sum = DoubleDouble.ZERO;
            for (int i = begin; i < begin + blockSize; i++) {
                x[i] = v[i].minus(shift).exp();
                sum = sum.plus(x[i]);
            }
            for (int i = begin; i < begin + blockSize; i++) {
                x[i] = x[i].dividedBy(sum);
            }
        }
        return x;
    }

    /// `diag(x) w - x (x'w)` with `x = phi(v)`.
    @Override
    public double[] derivativeTimes(double[] v, double[] w) {
        double[] x = value(v);
        double[] product = new double[v.length];
        for (int begin = 0; begin < v.length; begin += blockSize) {
            double mean = 0;
            for (int i = begin; i < begin + blockSize; i++) {
                mean += x[i] * w[i];
            }
            for (int i = begin; i < begin + blockSize; i++) {
                product[i] = x[i] * (w[i] - mean);
            }
        }
        return product;
    }

    /// `t` is `log x` up to a constant in each block, so that the condition is
    /// `alpha s_i + (1 - alpha) e^(s_i) = v_i - nu` with `x_i = e^(s_i)` and `nu` such that the block sums to 1.
    /// The left side increases for `s <= 0`, hence every `s_i` falls as `nu` grows: one bracketed equation inside
    /// another, then Newton steps on all of them at once with residuals in double-double arithmetic.
    @Override
    public double[] prox(double alpha, double[] v) {
        double[] x = new double[v.length];
        for (int begin = 0; begin < v.length; begin += blockSize) {
            proxOfBlock(alpha, v, begin, x);
        }
        return x;
    }

    private void proxOfBlock(double alpha, double[] v, int begin, double[] x) {
        double top = largest(v, begin);
        double[] shifted = new double[blockSize];
        for (int i = 0; i < blockSize; i++) {
            shifted[i] = v[begin + i] - top;
        }
        double[] s = new double[blockSize];
        double nu = shift(alpha, shifted, s);
        DoubleDouble[] exact = DoubleDouble.of(s);
        DoubleDouble exactNu = DoubleDouble.of(nu);
        for (int step = 0; step < REFINEMENTS; step++) {
            DoubleDouble[] excess = new DoubleDouble[blockSize];
            DoubleDouble total = DoubleDouble.of(-1);
            double numerator = 0;
            double denominator = 0;
            for (int i = 0; i < blockSize; i++) {
                DoubleDouble e = exact[i].exp();
                excess[i] = condition(alpha, exact[i], e).plus(exactNu).minus(DoubleDouble.sum(v[begin + i], -top));
                double slope = alpha + (1 - alpha) * e.high();
                numerator += e.high() * excess[i].high() / slope;
                denominator += e.high() / slope;
                total = total.plus(e);
            }
            double change = (total.high() - numerator) / denominator;
            for (int i = 0; i < blockSize; i++) {
                double slope = alpha + (1 - alpha) * exact[i].exp().high();
                exact[i] = exact[i].plus(-(excess[i].high() + change) / slope);
            }
            exactNu = exactNu.plus(change);
        }
        for (int i = 0; i < blockSize; i++) {
            x[begin + i] = exact[i].exp().high();
        }
    }

    private static DoubleDouble condition(double alpha, DoubleDouble s, DoubleDouble e) {
        return e.times(DoubleDouble.sum(1, -alpha)).plus(s.times(alpha));
    }

    /// `nu` for which the block sums to 1, where the largest of `v` is 0. At `nu = alpha - 1` the largest value is
    /// 1 already; where it would be `1/blockSize` the sum is at most 1.
    private double shift(double alpha, double[] v, double[] s) {
        double left = alpha - 1;
        double right = alpha * StrictMath.log(blockSize) - (1 - alpha) / blockSize;
        right = Math.max(left, right);
        double nu = left + (right - left) / 2;
        for (int step = 0; step < MAX_STEPS; step++) {
            double sum = 0;
            double slope = 0;
            for (int i = 0; i < v.length; i++) {
                s[i] = logarithm(alpha, v[i] - nu);
                double e = StrictMath.exp(s[i]);
                sum += e;
                slope -= e / (alpha + (1 - alpha) * e);
            }
            if (sum > 1) {
                left = nu;
            } else {
                right = nu;
            }
            double next = nu - (sum - 1) / slope;
            if (!(next > left && next < right)) {
                next = left + (right - left) / 2;
            }
            if (next == nu || next == left || next == right || Math.abs(sum - 1) <= 0x1p-50) {
                break;
            }
            nu = next;
        }
        return nu;
    }

    /// `s <= 0` with `alpha s + (1 - alpha) e^s = c`, or 0 where `c` is beyond the value at 0.
    private static double logarithm(double alpha, double c) {
        if (c >= 1 - alpha) {
            return 0;
        }
        double left = Math.min(0, (c - Math.max(0, 1 - alpha)) / alpha);
        double right = Math.min(0, (c - Math.min(0, 1 - alpha)) / alpha);
        double s = right;
        for (int step = 0; step < MAX_STEPS; step++) {
            double e = StrictMath.exp(s);
            double excess = alpha * s + (1 - alpha) * e - c;
            if (excess > 0) {
                right = s;
            } else {
                left = s;
            }
            double next = s - excess / (alpha + (1 - alpha) * e);
            if (!(next > left && next < right)) {
                next = left + (right - left) / 2;
            }
            if (next == s || next == left || next == right) {
                break;
            }
            s = next;
        }
        return s;
    }

    private double largest(double[] v, int begin) {
        double largest = v[begin];
        for (int i = begin; i < begin + blockSize; i++) {
            largest = Math.max(largest, v[i]);
        }
        return largest;
    }
}
