package dev.stillpoint.solver;

/// Broyden's (good) method on `g(x) = f(x) - x`, with limited memory, safeguarded. With the steps `s_0, s_1, ...` since
/// the last restart, the next one solves `B s = g(x)`, where `B` begins as `I/tau` and each step corrects it by the
/// matrix of rank one that makes it agree with what the step has shown. The inverse is never formed:
///
///     v <- tau g(x)
///     v <- v + s_(i+1) s_i'v / |s_i|^2            i = 0, ..., k - 2
///     s_k = v / (1 - s_(k-1)'v / |s_(k-1)|^2),    x+ = x + s_k
///
/// so that one array a step is all its memory. It begins anew, with a step `s = tau g(x)`, when `history` steps are
/// kept, and where a step is not finite. `tau` begins as 1, which makes that a Picard step. A safeguard goes back:
/// where the residual exceeds ten times the least one so far, `tau` is halved (and 1 again after ten times), and the
/// next iterate is `x + tau g(x)` from that best one.
///
/// On linear problems it ends within `2n` steps if the history is as long; else it converges superlinearly near a
/// solution with an invertible Jacobian, and far from one there is no proof. Beside Anderson acceleration with the
/// same history it has half the memory and about half the work beside `f`.
///
/// One iteration is one evaluation of `f` and about `6 h n` operations more for `h` steps; a panel holds `h + 1`
/// states more a sample. Sources: NTK-22 §2.1.2; C. G. Broyden, A class of methods for solving nonlinear
/// simultaneous equations, Math. Comp. 19 (1965); C. T. Kelley, Iterative Methods for Linear and Nonlinear
/// Equations (1995), ch. 7.3.
///
/// @param history steps at most, from 1 to 50
public record Broyden(int history) implements Solver {
    /// The history where none is given.
    public static final int DEFAULT_HISTORY = 20;

    /// Checks the history.
    ///
    /// @throws IllegalArgumentException when it is out of range
    public Broyden {
        History.check(history);
    }

    @Override
    public String name() {
        return "broyden";
    }

    @Override
    public String label() {
        return name() + "(history=" + history + ")";
    }
}
