package dev.stillpoint.validation.reference;

import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.StoppingRule;

/// How far an engine's result may be from the truth: derived, sample by sample, from what the engine promises.
///
/// The engine returns a state `x` and says that its residual is `nu`. It computes in a precision with unit
/// roundoff `u`,
/// and promises [#ELEMENTARY_ROUNDINGS] and [#PROX_ROUNDINGS]. Let `r = f(x) - x` be the true residual of that
/// very `x`,
/// `c` the one the engine computed before it took the norm, and `rho` the bound on the rounding error of one
/// evaluation of `f`, block by block ([RoundingModel] has its terms). Then
///
/// 1. the subtraction, `n` squares, their sum in any order and the root give
///    `|nu - |c|_2| <= gamma_(n+4) |c|_2 + sqrt(n tiny)`, and `eta(r) <= eta(c)(1 + u) + rho`. Hence `nu` is
///   honest when
///    `|nu - |r|_2|` is at most [#residualSlack];
/// 2. a sample that converged has `nu <= absolute + relative |f(x)|_2`, computed, hence `|r|_2` at most
/// [#residualLimit];
/// 3. the distance from the fixed point is at most that of [ErrorBounds] for a residual `c + rho` with `|c|_2` at
/// most `nu'`, [#residualNorm]: [#stateBounds], whatever the solver was. For a contraction it is, block by block,
/// with `M = (I - N(A, gamma))^-1`,
///
///        |row_l(M)|_2 nu'  +  (M rho)_l
///
///    the part that the tolerance leaves and the part that rounding leaves; for a monotone model
///    `|2I - A|_2/m (nu' + |rho|_2)`.
///
/// Immutable. Every bound costs `O(n^2 + n p)`.
public final class Thresholds {
    /// Units of roundoff that an engine's exponential, hyperbolic tangent and logistic function may be wrong by,
    /// relative
    /// to the result: 2.5 units in the last place, the bound of `StrictMath`, and more than an engine promises.
    public static final int ELEMENTARY_ROUNDINGS = 5;

    /// Units of roundoff, of `|v| + |1 - alpha||x|`, that the argument `v` of a proximal map `x` seems moved by
    /// when the
    /// map is computed from its optimality condition `(1 - alpha) x + alpha t = v`: two for each of its four
    /// operations.
    public static final int PROX_ROUNDINGS = 8;

    private final ReferenceEquation equation;
    private final ErrorBounds bounds;
    private final RoundingModel model;

    private Thresholds(ReferenceEquation equation, ErrorBounds bounds, RoundingModel model) {
        this.equation = equation;
        this.bounds = bounds;
        this.model = model;
    }

    /// The thresholds of an engine that computes in `precision`.
    public static Thresholds of(ReferenceEquation equation, ErrorBounds bounds, Precision precision) {
        return new Thresholds(equation, bounds, new RoundingModel(equation, precision));
    }

    /// `rho`: how far rounding can move one evaluation of `f` at `x`, block by block in the 2-norm.
    public double[] mapRounding(double[] x, double[] u) {
        double[] magnitudes = magnitudes(x);
        double[] magnitude = equation.magnitude(x, u);
        return model.map(magnitude, model.argument(magnitude, magnitudes, u));
    }

    /// How much the reported residual of `x` may differ from the true one.
    ///
    /// @param residual the true `|f(x) - x|_2`
    public double residualSlack(double[] x, double[] u, double residual) {
        double rounding = Norms.two(mapRounding(x, u));
        return rounding + model.gamma(x.length + 5.0) * (residual + rounding) + underflow(x.length);
    }

    /// The largest true residual of a sample that converged by `rule`.
    public double residualLimit(double[] x, double[] u, StoppingRule rule) {
        double rounding = Norms.two(mapRounding(x, u));
        double norm = Norms.two(equation.map(x, u)) + rounding;
        double tolerance = rule.absolute() + rule.relative() * norm;
        return tolerance * (1 + model.gamma(2.0 * x.length + 16)) + rounding + 2 * underflow(x.length);
    }

    /// `nu'`: the largest `|c|_2` behind a reported residual.
    public double residualNorm(int n, double reported) {
        return (reported + underflow(n)) * (1 + model.gamma(2.0 * n + 10));
    }

    /// How far `x` may be from the fixed point: a bound on the 2-norm of every block of the difference, infinite
    /// where no
    /// bound can be proved.
    ///
    /// @param reported the residual that the engine reports for `x`
    public double[] stateBounds(double[] x, double[] u, double reported) {
        return bounds.bound(residualNorm(x.length, reported), mapRounding(x, u));
    }

    /// How far a computed prediction `Cx + Du` of the computed state `x` may be from the true prediction of that
    /// state.
    ///
    /// @param magnitude `|C||x| + |D||u|`: [ReferencePrediction#magnitude]
    /// @param terms `n + p`
    public double[] predictionBounds(double[] magnitude, int terms) {
        double[] bound = new double[magnitude.length];
        for (int i = 0; i < bound.length; i++) {
            bound[i] = (model.gamma(terms + 1.0) + terms * 0x1p-52) * magnitude[i] + terms * model.tiny();
        }
        return bound;
    }

    private double underflow(int n) {
        return Math.sqrt(n * model.tiny()) * (1 + 0x1p-50);
    }

    private static double[] magnitudes(double[] x) {
        double[] magnitudes = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            magnitudes[i] = Math.abs(x[i]);
        }
        return magnitudes;
    }
}
