package dev.stillpoint.validation.reference;

/// `phi(v) = v` where `v >= 0`, and `slope * v` below: ReLU (slope 0), leaky ReLU and the identity (slope 1).
record PiecewiseLinearReference(double slope) implements ReferenceActivation {
    @Override
    public int blockSize() {
        return 1;
    }

    @Override
    public double lipschitz() {
        return Math.max(1, Math.abs(slope));
    }

    @Override
    public double radius() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public boolean isProximal() {
        return slope >= 0 && slope <= 1;
    }

    @Override
    public double[] value(double[] v) {
        double[] x = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            x[i] = v[i] < 0 ? below(slope, v[i]) : v[i];
        }
        return x;
    }

    @Override
    public DoubleDouble[] value(DoubleDouble[] v) {
        DoubleDouble[] x = new DoubleDouble[v.length];
        for (int i = 0; i < v.length; i++) {
            DoubleDouble below = slope == 0 ? DoubleDouble.ZERO : v[i].times(slope);
            x[i] = v[i].isNegative() ? below : v[i];
        }
        return x;
    }

    @Override
    public double[] derivativeTimes(double[] v, double[] w) {
        double[] product = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            product[i] = v[i] < 0 ? below(slope, w[i]) : w[i];
        }
        return product;
    }

    /// Where `t >= 0`, `(1 - alpha) t + alpha t = v` gives `t = v`; below, `((1 - alpha) slope + alpha) t = v`.
    @Override
    public double[] prox(double alpha, double[] v) {
        if (!isProximal()) {
            throw new IllegalStateException("leaky-relu:" + slope + " is no proximal map: its slope is not in [0, 1]");
        }
        double[] x = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            x[i] = v[i] < 0 ? below(slope / (slope + alpha * (1 - slope)), v[i]) : v[i];
        }
        return x;
    }

    /// `slope * v`, and 0 for a slope of 0 whatever `v` is.
    private static double below(double slope, double v) {
        return slope == 0 ? 0 : slope * v;
    }
}
