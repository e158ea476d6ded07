package dev.stillpoint.validation.reference;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/// From residuals to errors: how far a state `x` can be from the fixed point, given `r = f(x) - x`.
///
/// The proofs are those of a contraction, `eta(x - x*) <= (I - N(A, gamma))^-1 eta(r)`, and of strong
/// monotonicity, `|x - x*|_2 <= |2I - A|_2/m |r|_2` for a proximal activation, whichever can be given; where both
/// can, a block gets the
/// smaller bound. Rounding in the proofs is accounted for. Source: IDL-21 Theorem 2.2; NTK-22 §2.3.2.
public final class ErrorBounds {
    private final ReferenceActivation activation;
    private final Optional<Contraction> contraction;
    private final Optional<Monotonicity> monotonicity;

    private ErrorBounds(
            ReferenceActivation activation, Optional<Contraction> contraction, Optional<Monotonicity> monotonicity) {
        this.activation = activation;
        this.contraction = contraction;
        this.monotonicity = monotonicity;
    }

    /// Looks for both proofs, at a cost of about `25 n^3` operations.
    public static ErrorBounds of(ReferenceEquation equation) {
        return new ErrorBounds(equation.activation(), Contraction.of(equation), Monotonicity.of(equation));
    }

    /// Whether there is a proof. Without one every bound is infinite.
    public boolean exist() {
        return contraction.isPresent() || monotonicity.isPresent();
    }

    /// Whether `lambda_PF(N(A, gamma)) < 1` was proved.
    public boolean isContraction() {
        return contraction.isPresent();
    }

    /// A verified lower bound on `m = lambda_min(I - (A + A')/2)`, where it is positive and the activation
    /// proximal.
    public OptionalDouble margin() {
        return monotonicity.isPresent() ? OptionalDouble.of(monotonicity.get().margin()) : OptionalDouble.empty();
    }

    /// A bound on the 2-norm of every block of `x - x*`, where `eta(r) <= c + rho` for some `c` with
    /// `|c|_2 <= norm`.
    ///
    /// @param norm the part of the residual of which the 2-norm is known
    /// @param rho the part that is known block by block
    public double[] bound(double norm, double[] rho) {
        double[] bound = new double[rho.length];
        Arrays.fill(bound, Double.POSITIVE_INFINITY);
        if (contraction.isPresent()) {
            bound = contraction.get().bound(norm, rho);
        }
        if (monotonicity.isPresent()) {
            double whole = monotonicity.get().bound((norm + Norms.two(rho)) * (1 + (rho.length + 4) * 0x1p-53));
            for (int l = 0; l < bound.length; l++) {
                bound[l] = Math.min(bound[l], whole);
            }
        }
        return bound;
    }

    /// A bound on the 2-norm of every block of `x - x*` from the block norms of its residual.
    public double[] bound(double[] residual) {
        return bound(0, residual);
    }

    /// `phi`.
    ReferenceActivation activation() {
        return activation;
    }
}
