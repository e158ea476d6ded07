package dev.stillpoint.activation;

/// `relu(v) = v < 0 ? 0 : v`; not-a-number and `-0` pass.
///
/// It is the projection on `x >= 0`: the proximal map of `f(x) = 0` there and `+Inf` elsewhere, for every step.
public record Relu() implements Activation {

    @Override
    public String label() {
        return "relu";
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
        return Objective.sum(x, component -> component >= 0 ? 0 : Double.POSITIVE_INFINITY);
    }
}
