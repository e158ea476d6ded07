package dev.stillpoint.validation.reference;

/// Products of two functions of the values of a pair: `(outer(v_1) inner(v_2), 0)`.
///
/// @param outer what acts on the first value, componentwise
/// @param inner what acts on the second value, componentwise
record GateReference(ReferenceActivation outer, ReferenceActivation inner) implements ReferenceActivation {
    @Override
    public int blockSize() {
        return 2;
    }

    @Override
    public double lipschitz() {
        return outer.lipschitz() < 1 && inner.lipschitz() < 1 ? 0.25 : 1;
    }

    @Override
    public double radius() {
        return 1;
    }

    @Override
    public boolean isProximal() {
        return false;
    }

    @Override
    public double[] value(double[] v) {
        double[] first = outer.value(v);
        double[] second = inner.value(v);
        double[] x = new double[v.length];
        for (int i = 0; i < v.length; i += 2) {
            x[i] = first[i] * second[i + 1];
        }
        return x;
    }

    @Override
    public DoubleDouble[] value(DoubleDouble[] v) {
        DoubleDouble[] first = outer.value(v);
        DoubleDouble[] second = inner.value(v);
        DoubleDouble[] x = new DoubleDouble[v.length];
        for (int i = 0; i < v.length; i++) {
            x[i] = i % 2 == 0 ? first[i].times(second[i + 1]) : DoubleDouble.ZERO;
        }
        return x;
    }

    @Override
    public double[] derivativeTimes(double[] v, double[] w) {
        double[] first = outer.value(v);
        double[] second = inner.value(v);
        double[] byOuter = outer.derivativeTimes(v, w);
        double[] byInner = inner.derivativeTimes(v, w);
        double[] product = new double[v.length];
        for (int i = 0; i < v.length; i += 2) {
            product[i] = byOuter[i] * second[i + 1] + first[i] * byInner[i + 1];
        }
        return product;
    }

    @Override
    public double[] prox(double alpha, double[] v) {
        throw new IllegalStateException("a gate is no proximal map");
    }
}
