package dev.stillpoint.solver;

/// Peaceman-Rachford splitting, with `V = ((1 + alpha) I - alpha A)^-1` and `z = Bu + bias`:
///
///     x = prox_{alpha f}(v),   w = 2 x - v,   v+ = 2 V (w + alpha z) - w
///
/// with `phi = prox_f`. At a fixed point `x = phi(Ax + z)` and `v = x + alpha (Ax + z - x)`, and so it starts:
/// from `v = x_0 + alpha (A x_0 + z - x_0)`.
///
/// When `I - A` is strongly monotone with margin `m > 0` (`I - (A + A')/2 >= m I`) and Lipschitz with constant
/// `L`, it converges linearly for every `alpha > 0`, by `sqrt(1 - 4 alpha m/(1 + alpha L)^2)` a step at most, a
/// bound that is least at `alpha = 1/L`. Its steps are the fastest of the splittings where the problem is
/// ill-conditioned.
///
/// One iteration is one product with `V` and one proximal map; a check is one product with `A` and one evaluation
/// of `phi` more, so that a check interval above 1 pays. A plan makes `V` once, in double precision: about `2
/// n^3` operations, and `n^2` values whatever the form of `A`. Activations that are no proximal map are refused.
/// Source: NTK-22 §2.3.2, (3.5)-(3.6).
///
/// @param alpha the step, positive and finite
public record PeacemanRachford(double alpha) implements Solver {
    /// Checks the step.
    ///
    /// @throws IllegalArgumentException when it is not positive and finite
    public PeacemanRachford {
        Step.check(alpha);
    }

    @Override
    public String name() {
        return "peaceman-rachford";
    }

    @Override
    public String label() {
        return name() + "(alpha=" + alpha + ")";
    }
}
