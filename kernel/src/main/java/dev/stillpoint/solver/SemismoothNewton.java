package dev.stillpoint.solver;

/// The semismooth Newton method, globalised by a search along its steps. With `T = Ax + Bu + bias` and a (generalised)
/// Jacobian `J` of `phi` at `T`, the one that [dev.stillpoint.activation.Activation#derivativeTimes] takes at kinks,
///
///     (I - J A) d = f(x) - x,    x+ = x + d
///
/// or `x + d/2`, `x + d/4`, ... until the residual falls below that of `x`; after six halvings the whole step is
/// taken, and its residual accepted whatever it is. For piecewise linear maps (ReLU) the step is exact as soon as
/// the signs of `T` are those of the solution, and each step is one of an active-set method.
///
/// **Inner systems.** [Inner#ACTIVE_SET] eliminates, sample by sample, on the components with `J_ii` other than 0,
/// with row pivoting: `2 k^3/3` operations for `k` of them, for componentwise activations. [Inner#KRYLOV] is GMRES
/// with at most thirty columns, to a hundredth of the residual, on all lanes at once: each column is a product with
/// `A`, and counts as an iteration. Where a system is singular the step is Picard's.
///
/// It converges locally, superlinearly or in finitely many steps, where every `I - J A` near a solution is
/// invertible; globally there is no proof. Sources: L. Qi and J. Sun, A nonsmooth version of Newton's method, Math.
/// Prog. 58 (1993); M. Hintermüller, K. Ito and K. Kunisch, The primal-dual active set strategy as a semismooth
/// Newton method, SIAM J. Optim. 13 (2002); Y. Saad and M. H. Schultz, GMRES, SIAM J. Sci. Stat. Comput. 7 (1986).
///
/// @param inner how the linear systems are solved
public record SemismoothNewton(Inner inner) implements Solver {
    /// How the linear systems are solved.
    public enum Inner {
        /// By elimination for componentwise activations and up to [#MOST_ELIMINATED] states, else by a Krylov method.
        BY_SIZE("by-size"),
        /// By elimination on the active set.
        ACTIVE_SET("active-set"),
        /// By GMRES.
        KRYLOV("krylov");

        private final String label;

        Inner(String label) {
            this.label = label;
        }

        /// The name on command lines and in reports.
        public String label() {
            return label;
        }
    }

    /// The largest `n` for which [Inner#BY_SIZE] eliminates.
    public static final int MOST_ELIMINATED = 64;

    /// Columns of a Krylov space at most.
    private static final int COLUMNS = 30;

    @Override
    public String name() {
        return "newton";
    }

    @Override
    public String label() {
        return name() + "(inner=" + inner.label() + ")";
    }

    /// Columns of a Krylov space for `problem`, or 0 where the systems are eliminated.
    ///
    /// @throws IllegalArgumentException when an active set is asked for, and the activation is not componentwise
    public int columns(FixedPointProblem problem) {
        boolean componentwise = problem.activation().isComponentwise();
        if (inner == Inner.ACTIVE_SET && !componentwise) {
            throw new IllegalArgumentException("newton eliminates on an active set for componentwise activations alone,"
                    + " and " + problem.activation().label() + " is none: use " + Inner.KRYLOV.label());
        }
        boolean eliminates = switch (inner) {
            case ACTIVE_SET -> true;
            case KRYLOV -> false;
            case BY_SIZE -> componentwise && problem.stateSize() <= MOST_ELIMINATED;
        };
        return eliminates ? 0 : Math.min(COLUMNS, problem.stateSize());
    }
}
