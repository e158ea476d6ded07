package dev.stillpoint.solver;

/// Picard iteration, relaxed by `theta`: `x+ = theta f(x) + (1 - theta) x` with `f(x) = phi(Ax + Bu + bias)`.
///
/// One iteration is one evaluation of `f`. It converges linearly, from any start, when `f` is a contraction in some
/// norm, for instance when `lambda_PF(N(A, gamma)) < 1`; with `0 < theta < 1` also when `f` is merely nonexpansive in
/// the 2-norm and has a fixed point (Krasnoselskii-Mann). Source: IDL-21 (2.6); NTK-22 §2.1.2.
///
/// @param relaxation `theta`, in (0, 2); 1 is the plain iteration
public record Picard(double relaxation) implements Solver {
    /// Checks the relaxation.
    ///
    /// @throws IllegalArgumentException when it is outside of (0, 2)
    public Picard {
        if (!(relaxation > 0 && relaxation < 2)) {
            throw new IllegalArgumentException("relaxation is " + relaxation + ", expected a number in (0, 2)");
        }
    }

    @Override
    public String name() {
        return "picard";
    }

    @Override
    public String label() {
        return relaxation == 1 ? name() : name() + "(relaxation=" + relaxation + ")";
    }
}
