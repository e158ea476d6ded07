package dev.stillpoint.activation;

/// The hyperbolic tangent, the proximal map of
///
///     f(x) = x artanh(x) + ln(1 - x^2)/2 - x^2/2   on |x| <= 1,  +Inf elsewhere,
///
/// by continuity `ln 2 - 1/2` at the ends. `prox_{alpha f}(v) = tanh(t)` with `(1 - alpha) tanh(t) + alpha t = v`.
public record Tanh() implements Activation {

    @Override
    public String label() {
        return "tanh";
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
        return false;
    }

    @Override
    public double objective(double[] x) {
        return Objective.sum(x, Tanh::objective);
    }

    /// `x artanh(x) + ln(1 - x^2)/2` is `((1 + x) ln(1 + x) + (1 - x) ln(1 - x))/2`, finite at the ends.
    private static double objective(double x) {
        return Math.abs(x) > 1
                ? Double.POSITIVE_INFINITY
                : (Objective.entropy1p(x) + Objective.entropy1p(-x) - x * x) / 2;
    }
}
