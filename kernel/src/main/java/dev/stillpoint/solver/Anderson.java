package dev.stillpoint.solver;

/// Anderson acceleration of Picard iteration, safeguarded. With `f_j = f(x_j)`, `g_j = f_j - x_j` and the
/// differences `DF = (f_j - f_(j-1), f_(j-1) - f_(j-2), ...)`, `DG` likewise, of the last iterations, at most
/// `history`,
///
///     x_(j+1) = f_j - DF gamma,   gamma the least-squares solution of DG gamma = g_j
///
/// by the normal equations, their columns scaled to length 1, with `16 u` added to the diagonal (`u` is the unit
/// of rounding) and solved by Cholesky, the newest column first: columns from the first pivot below `256 u` on
/// are left out, so that what has become linearly dependent is forgotten. A safeguard goes back: where the
/// residual exceeds ten times the least one so far, the next iterate is the Picard step from that best one, and
/// the history begins anew.
///
/// On linear problems it is a Krylov method (as GMRES, restarted or truncated), far faster than Picard iteration
/// near the edge of well-posedness, and it converges for many problems on which Picard does not, such as
/// rotations; for maps with kinks there is no proof. Where the map is a contraction, the safeguard keeps the
/// residual within ten times the least seen.
///
/// One iteration is one evaluation of `f` and about `6 h n` operations more for `h` columns; a panel holds `2 h +
/// 3` states more a sample. Sources: NTK-22 §2.1.2; D. G. Anderson, Iterative procedures for nonlinear integral
/// equations, J. ACM 12 (1965); H. F. Walker and P. Ni, Anderson acceleration for fixed-point iterations, SIAM J.
/// Numer. Anal. 49 (2011).
///
/// @param history columns at most, from 1 to 50
public record Anderson(int history) implements Solver {
    /// The history where none is given.
    public static final int DEFAULT_HISTORY = 10;

    /// Checks the history.
    ///
    /// @throws IllegalArgumentException when it is out of range
    public Anderson {
        History.check(history);
    }

    @Override
    public String name() {
        return "anderson";
    }

    @Override
    public String label() {
        return name() + "(history=" + history + ")";
    }
}
