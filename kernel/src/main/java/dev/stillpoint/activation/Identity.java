package dev.stillpoint.activation;

import dev.stillpoint.internal.reference.PanelActivationF64;

/// `phi(v) = v`.
public record Identity() implements Activation {

    @Override
    public String label() {
        return "identity";
    }

    @Override
    public int blockSize() {
        return 1;
    }

    @Override
    public Lipschitz lipschitz() {
        return new Lipschitz(1, Lipschitz.Norm.ABSOLUTE);
    }

    @Override
    public boolean isProximal() {
        return true;
    }

    @Override
    public boolean isPositivelyHomogeneous() {
        return true;
    }

    @Override
    public double[] value(double[] v) {
        double[] p = new double[v.length];
        PanelActivationF64.value(this, v, 0, p, 0, v.length, 1);
        return p;
    }

    @Override
    public double[] derivativeTimes(double[] v, double[] w) {
        throw new IllegalStateException("placeholder");
    }

    @Override
    public double[] prox(double alpha, double[] v) {
        throw new IllegalStateException("placeholder");
    }

    @Override
    public double objective(double[] x) {
        throw new IllegalStateException("placeholder");
    }
}
