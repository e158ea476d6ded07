package dev.stillpoint.activation;

/// The logistic function `1/(1 + exp(-v))`, the proximal map of
///
///     f(x) = x ln(x) + (1 - x) ln(1 - x) - x^2/2   on 0 <= x <= 1,  +Inf elsewhere,
///
/// with `0 ln 0 = 0`. `prox_{alpha f}(v) = phi(t)` with `(1 - alpha) phi(t) + alpha t = v`.
public record Sigmoid() implements Activation {

    @Override
    public String label() {
        return "sigmoid";
    }

    @Override
    public Lipschitz lipschitz() {
        return new Lipschitz(0.25, Lipschitz.Norm.ABSOLUTE);
    }

    @Override
    public boolean isProximal() {
        return true;
    }

    @Override
    public boolean isPositivelyHomogeneous() {
        return false;
    }

    @Override
    public double objective(double[] x) {
        return Objective.sum(x, Sigmoid::objective);
    }

    private static double objective(double x) {
        return x < 0 || x > 1 ? Double.POSITIVE_INFINITY : Objective.entropy(x) + Objective.entropy1p(-x) - x * x / 2;
    }
}
