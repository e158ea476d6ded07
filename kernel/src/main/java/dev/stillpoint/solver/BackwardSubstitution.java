package dev.stillpoint.solver;

/// Backward substitution, for a triangular `A`: no iteration, each value in closed form from those before it.
///
/// For an upper triangular `A`, from the last row to the first (a lower triangular one from the first to the
/// last),
///
///     x_i = prox_{f/(1 - a_ii)}(t_i/(1 - a_ii)),   t_i = z_i + sum_(j > i) a_ij x_j,   phi = prox_f,
///
/// is the only solution of `x_i = phi(a_ii x_i + t_i)`: with `v = a x + t`, `v - x` is in the subdifferential of
/// `f` at `x`, and `(t - (1 - a) x)/(1 - a)` in that of `f/(1 - a)`. For ReLU it is `max(0, t/(1 - a))`, which is
/// the formula of IDL-21, Remark 2.5; that remark states it for any activation, where it does not hold, and the
/// proximal map above stands for it.
///
/// `A` may be upper or lower triangular, of any kind, or block triangular with such blocks on the diagonal; blocks
/// that are absent there are had in one pass with any activation. Over a triangle the activation acts on single
/// values, and is a proximal map in rows whose `a_ii` is not zero; `a_ii < 1` is needed (at 1 and above there is
/// no solution, or many), for the entry as rounded to the working precision. All else is refused.
///
/// The result is exact but for rounding, and it is measured: one evaluation of `f` gives the residual. A sample is
/// CONVERGED only where that meets the stopping rule, and DIVERGED where a value is not finite; otherwise its
/// status is MAX_ITERATIONS, and more iterations would not help: the tolerance is below the rounding. Each sample
/// counts one iteration; a start is not used.
///
/// The cost is the triangle, half a product, and a product for the residual; the rows of a tile of 32 are done one
/// by one. Source: IDL-21 (2.6), Remark 2.5.
public record BackwardSubstitution() implements Solver {
    @Override
    public String name() {
        return "backward-substitution";
    }

    @Override
    public String label() {
        return name();
    }
}
