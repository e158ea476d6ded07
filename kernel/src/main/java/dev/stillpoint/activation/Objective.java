package dev.stillpoint.activation;

import java.util.function.DoubleUnaryOperator;

/// What the functions `f` of proximal activations are made of.
final class Objective {
    private Objective() {}

    /// What asking for the function of an activation that is no proximal map throws.
    static IllegalStateException none(Activation phi) {
        return new IllegalStateException("activation " + phi.label() + " is the proximal map of no convex function");
    }

    /// The sum of `f` over the components of `x`; not-a-number where a component is.
    static double sum(double[] x, DoubleUnaryOperator f) {
        double sum = 0;
        for (double component : x) {
            sum += Double.isNaN(component) ? Double.NaN : f.applyAsDouble(component);
        }
        return sum;
    }

    /// `x ln x`, 0 at 0, `+Inf` for `x < 0`.
    static double entropy(double x) {
        if (x == 0) {
            return 0;
        }
        return x < 0 ? Double.POSITIVE_INFINITY : x * StrictMath.log(x);
    }

    /// `(1 + x) ln(1 + x)` for `x >= -1`, accurate near 0, 0 at -1.
    static double entropy1p(double x) {
        return x == -1 ? 0 : (1 + x) * StrictMath.log1p(x);
    }
}
