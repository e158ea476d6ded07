package dev.stillpoint.solver;

/// Forward-backward splitting: `x+ = prox_{alpha f}((1 - alpha) x + alpha (Ax + Bu + bias))`, where `phi =
/// prox_f`.
///
/// One iteration is one product with `A` and one proximal map. Its fixed points are those of `phi(Ax + Bu +
/// bias)`. When `I - A` is strongly monotone with margin `m > 0` (`I - (A + A')/2 >= m I`) and Lipschitz with
/// constant `L`, it converges linearly for `0 < alpha < 2m/L^2`, by the factor `sqrt(1 - 2 alpha m + alpha^2
/// L^2)` a step, smallest at `alpha = m/L^2`. Activations that are no proximal map are refused. Source: NTK-22
/// §2.3.2, (3.3)-(3.4).
///
/// @param alpha the step, positive and finite
public record ForwardBackward(double alpha) implements Solver {
    /// Checks the step.
    ///
    /// @throws IllegalArgumentException when it is not positive and finite
    public ForwardBackward {
        Step.check(alpha);
    }

    @Override
    public String name() {
        return "forward-backward";
    }

    @Override
    public String label() {
        return name() + "(alpha=" + alpha + ")";
    }
}
