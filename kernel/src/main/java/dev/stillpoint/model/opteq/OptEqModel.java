package dev.stillpoint.model.opteq;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.wellposed.Bracket;
import dev.stillpoint.wellposed.SpectralNorm;
import org.jspecify.annotations.Nullable;

/// An optimization-induced equilibrium model, and the unit that deep ones are made of: the fixed point of
///
///     f(z) = (1/mu) W' sigma(Wz + Ux + b),   z of n values, sigma acting on h.
///
/// Shapes: `W (h, n)`, `U (h, p)`, `b (h)` or absent. `sigma` is a proximal map, componentwise or over blocks,
/// thus the gradient of a convex function, with the Lipschitz constant `gamma <= 1`. Where `mu >= gamma |W|_2^2`,
/// `f` is the proximal map of a convex function, which the fixed points of `f` minimise: see [OptEqObjective].
/// Where `mu` is larger still, `f` is a contraction, and the fixed point is unique.
///
/// **As an implicit model.** With `v = sigma(Wz + Ux + b)` the equation is `v = sigma(Av + Ux + b)` with
/// `A = (1/mu) W W'`, and `z = (1/mu) W'v` is its prediction. `I - A` is symmetric, and positive semidefinite
/// where `mu >= |W|_2^2`: every solver for monotone or non-expansive problems applies. `A` is formed in FP64
/// where its product then costs no more than those with its two factors, that is for `h <= 2n`; else it stays in
/// factors, and its product goes through `z`.
///
/// The methods that compute on `double[]` are a plain reference, in the order of operations of a plan in FP64.
///
/// Immutable. The construction computes verified bounds of `|W|_2`: about `h n^2` operations for `n <= h`, and
/// two dense matrices. Source: OPT-21 Theorem 1 with Assumption 1, and Lemma 5, (3); a `sigma` whose slope
/// exceeds 1 is not taken.
public final class OptEqModel {
    private final Matrix w;
    private final Matrix back;
    private final Matrix u;
    private final @Nullable Matrix bias;
    private final double mu;
    private final Activation activation;
    private final Bracket slope;

    private OptEqModel(Matrix w, Matrix u, @Nullable Matrix bias, double mu, Activation activation, Bracket slope) {
        this.w = w;
        this.back = Products.scaledTranspose(w, mu);
        this.u = u;
        this.bias = bias;
        this.mu = mu;
        this.activation = activation;
        this.slope = slope;
        if (!back.isFinite()) {
            throw new IllegalArgumentException("W/mu overflows: mu is " + mu + ", expected a larger number");
        }
    }

    /// A model of dense matrices.
    ///
    /// @param w `W`, `(h, n)`, both positive
    /// @param u `U`, `(h, p)`
    /// @param bias `b`, `(1, h)`, or null for none
    /// @param mu `mu`, positive and finite
    /// @param activation `sigma`, a proximal map
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a value is not finite, `sigma` is no proximal map, or
    ///     `mu < gamma |W|_2^2` is proved; the message gives the smallest `mu` that will do
    public static OptEqModel of(Matrix w, Matrix u, @Nullable Matrix bias, double mu, Activation activation) {
        if (w.rows() == 0 || w.columns() == 0) {
            throw new ShapeException(
                    "W is %d x %d, expected at least one row and column".formatted(w.rows(), w.columns()));
        }
        ShapeException.check("U", u, w.rows(), u.columns());
        if (bias != null) {
            ShapeException.check("bias", bias, 1, w.rows());
        }
        activation.checkSize(w.rows());
        if (!(mu > 0 && mu < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("mu is " + mu + ", expected a positive number");
        }
        if (!activation.isProximal()) {
            throw new IllegalArgumentException(
                    "activation %s is no proximal map, so that the model minimises no convex function"
                            .formatted(activation.label()));
        }
        Matrix kept = Products.finite("W", w);
        Bracket norm = SpectralNorm.of(weighted(kept, activation));
        double gamma = activation.lipschitz().constant();
        double least = Rounding.multiplyDown(gamma, Rounding.multiplyDown(norm.lower(), norm.lower()));
        double enough = Rounding.multiplyUp(gamma, Rounding.multiplyUp(norm.upper(), norm.upper()));
        if (mu < least) {
            throw new IllegalArgumentException(
                    "mu is %s, below gamma |W|_2^2 >= %s: expected mu of at least %s".formatted(mu, least, enough));
        }
        Bracket slope = new Bracket(Math.max(0, Rounding.divideDown(least, mu)), Rounding.divideUp(enough, mu));
        return new OptEqModel(
                kept,
                Products.finite("U", u),
                bias == null ? null : Products.finite("bias", bias),
                mu,
                activation,
                slope);
    }

    /// `W`, its rows multiplied by a power of two that is at least `sqrt(gamma_i/gamma)`, where `gamma_i` is the
    /// constant of the part of `sigma` that the row belongs to, and `gamma` the largest: exact, and for one
    /// `gamma` `W` itself.
    private static Matrix weighted(Matrix w, Activation activation) {
        if (!(activation instanceof BlockActivation parts)) {
            return w;
        }
        double gamma = activation.lipschitz().constant();
        Matrix weighted = Matrix.zeros(Precision.F64, w.rows(), w.columns());
        int row = 0;
        for (BlockActivation.Part part : parts.parts()) {
            double ratio = part.activation().lipschitz().constant() / gamma;
            double factor = 1;
            while (factor * factor / 4 >= ratio && factor > Double.MIN_NORMAL) {
                factor /= 2;
            }
            for (int end = row + part.size(); row < end; row++) {
                for (int j = 0; j < w.columns(); j++) {
                    weighted.set(row, j, factor * w.get(row, j));
                }
            }
        }
        return weighted.frozen();
    }

    /// `W`, `(h, n)`.
    public Matrix w() {
        return w;
    }

    /// `(1/mu) W'`, `(n, h)`: what takes `v` to `z`.
    public Matrix back() {
        return back;
    }

    /// `U`, `(h, p)`.
    public Matrix u() {
        return u;
    }

    /// `b`, `(1, h)`, or null for none.
    public @Nullable Matrix bias() {
        return bias;
    }

    /// `mu`.
    public double mu() {
        return mu;
    }

    /// `sigma`.
    public Activation activation() {
        return activation;
    }

    /// `n`, the number of values of `z`.
    public int size() {
        return w.columns();
    }

    /// `h`, the number of values of `v`.
    public int hiddenSize() {
        return w.rows();
    }

    /// `p`, the number of input values.
    public int inputSize() {
        return u.columns();
    }

    /// Verified bounds of `gamma |W|_2^2 / mu`, a Lipschitz constant of `f`. Where parts of `sigma` have
    /// constants of their own, each row of `W` counts with that of its part: with 1/4 for a sigmoid beside a
    /// tanh, while one of between 1/4 and 1 of the largest, softmax's 1/2, counts as the largest.
    public Bracket slope() {
        return slope;
    }

    /// Whether `f` is proved to be a proximal map: [#slope] is at most 1. It may be one without proof where `mu`
    /// is `gamma |W|_2^2` up to rounding; where it is proved to be none, there is no model.
    public boolean isProximal() {
        return slope.upper() <= 1;
    }

    /// The implicit model in `v` whose prediction is the equilibrium `z`.
    public ImplicitModel model() {
        return new ImplicitModel(problem(), LinearOperator.dense(back), null);
    }

    /// The implicit model in `v` whose prediction is `Hz` of the equilibrium `z`.
    ///
    /// @param head `H`, `(q, n)`
    /// @throws ShapeException when the shapes do not fit
    public ImplicitModel model(LinearOperator head) {
        return new ImplicitModel(problem(), LinearOperator.product(head, LinearOperator.dense(back)), null);
    }

    private FixedPointProblem problem() {
        LinearOperator factors = LinearOperator.product(LinearOperator.dense(w), LinearOperator.dense(back));
        boolean dense = hiddenSize() <= 2L * size();
        return new FixedPointProblem(
                dense ? LinearOperator.dense(factors.toMatrix()) : factors, LinearOperator.dense(u), bias, activation);
    }

    /// The convex function of `z` that the equilibrium minimises for an input.
    ///
    /// @param x the input, `p` values, not modified
    /// @throws ShapeException when it has another size
    public OptEqObjective objective(double[] x) {
        return new OptEqObjective(this, injection(x));
    }

    /// `f(z)`, in double precision.
    ///
    /// @param z `n` values, not modified
    /// @param x the input, `p` values, not modified
    /// @return a new array
    /// @throws ShapeException when the sizes do not fit
    public double[] map(double[] z, double[] x) {
        return output(hidden(z, x));
    }

    /// `v = sigma(Wz + Ux + b)`, in double precision: the pre-activation is one chain that begins with `b` and
    /// goes through `Ux` and `Wz`.
    ///
    /// @param z `n` values, not modified
    /// @param x the input, `p` values, not modified
    /// @return a new array, `h` values
    /// @throws ShapeException when the sizes do not fit
    public double[] hidden(double[] z, double[] x) {
        return hiddenOf(z, injection(x));
    }

    /// `z = (1/mu) W'v`, in double precision.
    ///
    /// @param v `h` values, not modified
    /// @return a new array, `n` values
    /// @throws ShapeException when the size does not fit
    public double[] output(double[] v) {
        Products.checkSize("v", v, hiddenSize());
        return Products.of(back, v);
    }

    /// `Ux + b`.
    private double[] injection(double[] x) {
        Products.checkSize("x", x, inputSize());
        return Products.add(Products.row(bias, hiddenSize()), u, x);
    }

    /// `sigma(Wz + q)`.
    double[] hiddenOf(double[] z, double[] q) {
        Products.checkSize("z", z, size());
        return activation.value(Products.add(q, w, z));
    }
}
