package dev.stillpoint.validation.reference;

import dev.stillpoint.solver.Solver;

/// Finds a fixed point of `f(x) = phi(Ax + Bu + bias)` to about 90 bits.
///
/// First Picard iteration, or forward-backward splitting with `alpha = m/L^2` where only monotonicity is proved,
/// in doubles, down to a residual of a thousandth; then Newton's method on `f(x) - x = 0`, which is semismooth
/// where `phi` has kinks:
///
///     (I - J A) d = f(x) - x,   x+ = x + t d,   t = 1, 1/2, 1/4, ...
///
/// with the residual in double-double arithmetic and `t` the first that makes it smaller. A factorisation is used
/// again as long as each step divides the residual by a thousand, which turns the last steps into iterative
/// refinement. Where no `t` helps, more of the first iteration follows. Source: IDL-21 (2.6); NTK-22 §2.3.2; the
/// refinement is Golub and Van
/// Loan, *Matrix Computations*, §3.5.
///
/// Immutable and safe to share. A solve costs a few factorisations of `2n^3/3` operations.
public final class ReferenceSolver {
    /// A sample is solved when `|f(x) - x|_2` is at most this times `1 + |x|_2`.
    public static final double TOLERANCE = 0x1p-80;

    private static final double CLOSE = 1e-3;
    private static final int FIRST_STEPS = 100;
    private static final int ROUNDS = 20;
    private static final int NEWTON_STEPS = 60;
    private static final int HALVINGS = 12;

    private final ReferenceEquation equation;
    private final ErrorBounds bounds;
    private final Solver first;

    private ReferenceSolver(ReferenceEquation equation, ErrorBounds bounds, Solver first) {
        this.equation = equation;
        this.bounds = bounds;
        this.first = first;
    }

    /// The solver of an equation; it looks for error bounds itself.
    public static ReferenceSolver of(ReferenceEquation equation) {
        return of(equation, ErrorBounds.of(equation));
    }

    /// The solver of an equation of which the error bounds are known.
    public static ReferenceSolver of(ReferenceEquation equation, ErrorBounds bounds) {
        Solver first = Solver.picard();
        if (!bounds.isContraction() && bounds.margin().isPresent()) {
            double norm = SymmetricBound.norm2(Monotonicity.identityMinus(equation.stateMatrix(), 1));
            first = Solver.forwardBackward(bounds.margin().getAsDouble() / (norm * norm));
        }
        return new ReferenceSolver(equation, bounds, first);
    }

    /// Solves for one input, from zero.
    public ReferenceSolution solve(double[] u) {
        double[] start = new double[equation.stateSize()];
        Iterate best = evaluate(DoubleDouble.of(start), u);
        for (int round = 0; round < ROUNDS && !best.isSolved(); round++) {
            double[] x = approach(DoubleDouble.round(best.x), u);
            Iterate found = newton(evaluate(DoubleDouble.of(x), u), u);
            boolean progress = found.norm < best.norm;
            best = progress ? found : best;
            if (!progress && round > 0) {
                break;
            }
        }
        return solution(best, u);
    }

    /// Solves for one input, by Newton's method from a state near to the solution, however it was found; as
    /// [#solve(double[])] where that does not lead there.
    ///
    /// @param start `n` values
    public ReferenceSolution solve(double[] u, double[] start) {
        Iterate found = newton(evaluate(DoubleDouble.of(start), u), u);
        return found.isSolved() ? solution(found, u) : solve(u);
    }

    private ReferenceSolution solution(Iterate found, double[] u) {
        double[] x = DoubleDouble.round(found.x);
        double[] residual = equation.activation().blockNorms(DoubleDouble.round(found.residual));
        double[] rounding = equation.residualRounding(x, u);
        for (int l = 0; l < residual.length; l++) {
            residual[l] += rounding[l];
        }
        return new ReferenceSolution(
                equation.activation(), found.x, found.norm, found.isSolved(), bounds.bound(residual));
    }

    /// A point on the way and its residual.
    private static final class Iterate {
        private final DoubleDouble[] x;
        private final DoubleDouble[] residual;
        private final double norm;

        Iterate(DoubleDouble[] x, DoubleDouble[] residual, double norm) {
            this.x = x;
            this.residual = residual;
            this.norm = norm;
        }

        boolean isSolved() {
            return norm <= TOLERANCE * (1 + Norms.two(DoubleDouble.round(x)));
        }
    }

    private Iterate evaluate(DoubleDouble[] x, double[] u) {
        DoubleDouble[] residual = equation.residual(x, u);
        double norm = Norms.two(DoubleDouble.round(residual));
        return new Iterate(x, residual, Double.isNaN(norm) ? Double.POSITIVE_INFINITY : norm);
    }

    private double[] approach(double[] start, double[] u) {
        double[] x = start;
        for (int k = 0; k < FIRST_STEPS; k++) {
            double[] next = ReferenceIteration.step(equation, first, x, u);
            if (!(Norms.max(next) < Double.POSITIVE_INFINITY)) {
                break;
            }
            double[] change = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                change[i] = next[i] - x[i];
            }
            x = next;
            if (Norms.two(change) <= CLOSE * Norms.two(x)) {
                break;
            }
        }
        return x;
    }

    private Iterate newton(Iterate start, double[] u) {
        Iterate current = start;
        DenseLu factors = null;
        for (int step = 0; step < NEWTON_STEPS && current.norm > 0; step++) {
            boolean fresh = factors == null;
            if (factors == null) {
                factors = DenseLu.factorise(equation.newtonMatrix(DoubleDouble.round(current.x), u));
                if (factors == null) {
                    return current;
                }
            }
            Iterate next = damped(current, factors.solve(DoubleDouble.round(current.residual)), u, fresh);
            boolean fast = next.norm <= CLOSE * current.norm;
            boolean done = next.isSolved() && !fast;
            boolean stuck = fresh && next.norm >= current.norm;
            current = next.norm < current.norm ? next : current;
            if (done || stuck) {
                return current;
            }
            factors = fast ? factors : null;
        }
        return current;
    }

    /// The first of `x + d`, `x + d/2`, ... with a smaller residual, or `x`; only `x + d` unless `halve`.
    private Iterate damped(Iterate current, double[] d, double[] u, boolean halve) {
        double t = 1;
        for (int k = 0; k <= (halve ? HALVINGS : 0); k++) {
            DoubleDouble[] x = new DoubleDouble[d.length];
            for (int i = 0; i < d.length; i++) {
                x[i] = current.x[i].plus(t * d[i]);
            }
            Iterate next = evaluate(x, u);
            if (next.norm < current.norm) {
                return next;
            }
            t /= 2;
        }
        return current;
    }
}
