package dev.stillpoint.activation;

/// `phi(v) = v`, the proximal map of `f = 0`.
public record Identity() implements Activation {

    @Override
    public String label() {
        return "identity";
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
    public double objective(double[] x) {
        return Objective.sum(x, component -> 0);
    }
}
