package dev.stillpoint.activation;

/// `phi(v) = v < 0 ? slope * v : v`.
///
/// For `0 <= slope <= 1` it is the proximal map of
///
///     f(x) = 0 for x >= 0,  (1/slope - 1) x^2/2 for x < 0    (+Inf where slope = 0),
///
/// and `prox_{alpha f}` is the same map with the slope `slope/(slope + alpha (1 - slope))`. Other slopes are legal and
/// have no proximal form, since a proximal map neither decreases nor expands. `phi` expands where `|slope| > 1`.
///
/// @param slope any finite number
public record LeakyRelu(double slope) implements Activation {
    /// Checks the slope.
    ///
    /// @throws IllegalArgumentException when it is not finite
    public LeakyRelu {
        if (!Double.isFinite(slope)) {
            throw new IllegalArgumentException("slope is " + slope + ", expected a finite number");
        }
    }

    @Override
    public String label() {
        return "leaky-relu:" + slope;
    }

    @Override
    public Lipschitz lipschitz() {
        return new Lipschitz(Math.max(1, Math.abs(slope)), Lipschitz.Norm.ABSOLUTE);
    }

    @Override
    public boolean isProximal() {
        return slope >= 0 && slope <= 1;
    }

    @Override
    public boolean isPositivelyHomogeneous() {
        return true;
    }

    @Override
    public double objective(double[] x) {
        checkProximal();
        double curvature = 1 / Math.abs(slope) - 1;
        return Objective.sum(x, component -> component >= 0 ? 0 : curvature * component * component / 2);
    }
}
