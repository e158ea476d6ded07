package dev.stillpoint.validation.reference;

/// Max-pooling over blocks of `blockSize` values: the maximum first, then zeros. The first of equal values counts.
record MaxPoolReference(int blockSize) implements ReferenceActivation {
    @Override
    public double lipschitz() {
        return 1;
    }

    @Override
    public double radius() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public boolean isProximal() {
        return false;
    }

    @Override
    public double[] value(double[] v) {
        double[] x = new double[v.length];
        for (int begin = 0; begin < v.length; begin += blockSize) {
            x[begin] = v[largest(DoubleDouble.of(v), begin)];
        }
        return x;
    }

    @Override
    public DoubleDouble[] value(DoubleDouble[] v) {
        DoubleDouble[] x = new DoubleDouble[v.length];
        for (int i = 0; i < v.length; i++) {
            x[i] = i % blockSize == 0 ? v[largest(v, i)] : DoubleDouble.ZERO;
        }
        return x;
    }

    @Override
    public double[] derivativeTimes(double[] v, double[] w) {
        double[] product = new double[v.length];
        for (int begin = 0; begin < v.length; begin += blockSize) {
            product[begin] = w[largest(DoubleDouble.of(v), begin)];
        }
        return product;
    }

    @Override
    public double[] prox(double alpha, double[] v) {
        throw new IllegalStateException("max-pooling is no proximal map");
    }

    private int largest(DoubleDouble[] v, int begin) {
        int largest = begin;
        for (int i = begin; i < begin + blockSize; i++) {
            largest = v[i].compareTo(v[largest]) > 0 ? i : largest;
        }
        return largest;
    }
}
