package dev.stillpoint.model.opteq;

import dev.stillpoint.matrix.ShapeException;

/// The convex function that the equilibrium of an [OptEqModel] minimises, for one input.
///
///     phi(z) = psi*(z) - |z|^2/2,   psi(y) = (1/mu) 1' S(Wy + q),   q = Ux + b,
///
/// where `S` is a primitive of `sigma` and `psi*` the conjugate: `f = grad psi` is the proximal map of `phi`, and
/// its fixed points are the minimisers of `phi`.
///
/// **Evaluation.** `phi` is finite on the range of `W'` only, and for many a `sigma` on a part of that: a `z`
/// that carries a rounding error lies outside as a rule. So it is evaluated at points that are given by what they
/// are made from, `z = (1/mu) W'v` with `v = sigma(Wy + q)`, where the conjugate needs no maximisation:
///
///     phi(z) = (1/mu) (F(v) + |v|^2/2 - q'v) - |z|^2/2,   sigma = prox_F,
///
/// since `S* = F + |.|^2/2` and `Wy + q` is a subgradient of it at `v`. For other `v` in the domain of `F` the
/// same expression is an upper bound of `phi(z)`, exact where `W` has full row rank; as a function of `v` it is
/// convex, and its minimum is that of `phi`, at the `v` of the equilibrium.
///
/// Values are up to a constant that depends on `sigma` and `mu` alone. They are computed in double precision, and
/// carry rounding errors of some `h` units of the largest of the terms. Immutable. Source: OPT-21 Theorem 1,
/// Lemma 5; for ReLU and an invertible `W` the function printed after Theorem 1.
public final class OptEqObjective {
    private final OptEqModel model;
    private final double[] q;

    OptEqObjective(OptEqModel model, double[] q) {
        this.model = model;
        this.q = q;
    }

    /// `phi(f(y))`. At an equilibrium, where `f(y) = y`, it is the minimum.
    ///
    /// @param y `n` values, not modified
    /// @throws ShapeException when the size does not fit
    public double at(double[] y) {
        return ofHidden(model.hiddenOf(y, q));
    }

    /// The value at `z = (1/mu) W'v`: `phi(z)` where `v = sigma(Wy + q)` for some `y`, or `W` has full row rank;
    /// else an upper bound of it. `+Inf` where `v` is outside of the domain of `F`.
    ///
    /// @param v `h` values, not modified
    /// @throws ShapeException when the size does not fit
    public double ofHidden(double[] v) {
        double[] z = model.output(v);
        double conjugate = model.activation().objective(v) + Products.dot(v, v) / 2 - Products.dot(q, v);
        return conjugate / model.mu() - Products.dot(z, z) / 2;
    }

    /// A subgradient of `phi` at `f(y)`: `y - f(y)`, by what a proximal map is.
    ///
    /// @param y `n` values, not modified
    /// @return a new array
    /// @throws ShapeException when the size does not fit
    public double[] subgradient(double[] y) {
        double[] z = model.output(model.hiddenOf(y, q));
        for (int i = 0; i < z.length; i++) {
            z[i] = y[i] - z[i];
        }
        return z;
    }

    /// How far `phi(f(y))` is above the minimum at most: `c/(2(1 - c)) |y - f(y)|^2` with the upper bound `c` of
    /// [OptEqModel#slope], `+Inf` where that is not below 1. `phi` is strongly convex with the constant
    /// `1/c - 1`, since `psi` is `c`-smooth. Up to the rounding of the residual.
    ///
    /// @param y `n` values, not modified
    /// @throws ShapeException when the size does not fit
    public double gap(double[] y) {
        double c = model.slope().upper();
        double[] residual = subgradient(y);
        return c < 1 ? c / (2 * (1 - c)) * Products.dot(residual, residual) : Double.POSITIVE_INFINITY;
    }
}
