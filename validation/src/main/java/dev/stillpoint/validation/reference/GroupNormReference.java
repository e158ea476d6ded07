package dev.stillpoint.validation.reference;

/// Group norm over blocks of `blockSize` values: `(v_i - mean)/sqrt(var + eps)` with the population variance.
record GroupNormReference(int blockSize, double eps) implements ReferenceActivation {
    /// `1/sqrt(eps)`, of which the two operations round by less than two units.
    @Override
    public double lipschitz() {
        return Math.nextUp(Math.nextUp(1 / Math.sqrt(eps)));
    }

    /// The squares of a block add up to `blockSize var/(var + eps)`.
    @Override
    public double radius() {
        return Math.nextUp(Math.sqrt(blockSize));
    }

    @Override
    public boolean isProximal() {
        return false;
    }

    @Override
    public double[] value(double[] v) {
        return DoubleDouble.round(value(DoubleDouble.of(v)));
    }

    @Override
    public DoubleDouble[] value(DoubleDouble[] v) {
        DoubleDouble[] x = new DoubleDouble[v.length];
        for (int begin = 0; begin < v.length; begin += blockSize) {
            DoubleDouble mean = mean(v, begin);
            for (int i = begin; i < begin + blockSize; i++) {
                x[i] = v[i].minus(mean);
            }
            DoubleDouble deviation = deviation(x, begin);
            for (int i = begin; i < begin + blockSize; i++) {
                x[i] = x[i].dividedBy(deviation);
            }
        }
        return x;
    }

    private DoubleDouble mean(DoubleDouble[] v, int begin) {
        DoubleDouble sum = DoubleDouble.ZERO;
        for (int i = begin; i < begin + blockSize; i++) {
            sum = sum.plus(v[i]);
        }
        return sum.dividedBy(DoubleDouble.of(blockSize));
    }

    /// `sqrt(var + eps)` from what is left without the mean.
    private DoubleDouble deviation(DoubleDouble[] centred, int begin) {
        DoubleDouble sum = DoubleDouble.ZERO;
        for (int i = begin; i < begin + blockSize; i++) {
            sum = sum.plus(centred[i].times(centred[i]));
        }
        return sum.dividedBy(DoubleDouble.of(blockSize)).plus(eps).sqrt();
    }

    /// The quotient rule, term by term: `dv = w - mean(w)`, `ds = sum(d dv)/(blockSize s)`, `(dv s - d ds)/s^2`.
    @Override
    public double[] derivativeTimes(double[] v, double[] w) {
        DoubleDouble[] exact = DoubleDouble.of(v);
        DoubleDouble[] direction = DoubleDouble.of(w);
        double[] product = new double[v.length];
        for (int begin = 0; begin < v.length; begin += blockSize) {
            DoubleDouble mean = mean(exact, begin);
            DoubleDouble drift = mean(direction, begin);
            DoubleDouble sum = DoubleDouble.ZERO;
            for (int i = begin; i < begin + blockSize; i++) {
                exact[i] = exact[i].minus(mean);
                direction[i] = direction[i].minus(drift);
                sum = sum.plus(exact[i].times(direction[i]));
            }
            DoubleDouble s = deviation(exact, begin);
            DoubleDouble change = sum.dividedBy(s.times(blockSize));
            for (int i = begin; i < begin + blockSize; i++) {
                product[i] = direction[i]
                        .times(s)
                        .minus(exact[i].times(change))
                        .dividedBy(s.times(s))
                        .high();
            }
        }
        return product;
    }

    @Override
    public double[] prox(double alpha, double[] v) {
        throw new IllegalStateException("group norm is no proximal map");
    }
}
