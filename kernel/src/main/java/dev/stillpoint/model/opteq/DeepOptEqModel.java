package dev.stillpoint.model.opteq;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import java.util.ArrayList;
import java.util.List;

/// A deep optimization-induced equilibrium model: the fixed point of
///
///     T_R(T(z)),   T = f_L o ... o f_1,
///     f_l(z) = alpha (1/mu_l) W_l' sigma_l(W_l z + U_l x + b_l) + (1 - alpha) z,
///
/// with `L >= 1` units ([OptEqModel]) that share the size of `z` and the input, `alpha` in (0, 1], and a
/// [FeatureTerm] that may append `T_R`. `f_l` is the proximal map of `alpha` times the Moreau envelope, with the
/// parameter `1 - alpha`, of the convex function of the unit: a unit alone keeps its equilibrium. `T` is
/// non-expansive, and a contraction where the slope of one unit is below 1; its fixed point is then unique.
///
/// **As an implicit model.** The fixed point is that of the block form, `L` equations in `z_1 .. z_L`. These are
/// linear in `z`, so that they are solved for it beforehand, and what remains is an implicit model in
/// `v_l = sigma_l(W_l z_(l-1) + U_l x + b_l)`, with the fixed point `z` as its prediction. A term that is no
/// multiple of the identity adds blocks of `n` states.
///
/// The methods that compute on `double[]` are a plain reference: a unit in the order of [OptEqModel#map], then
/// `z + alpha (f(z) - z)`, which loses nothing where `alpha` is small.
///
/// Immutable. Source: OPT-21 (4)-(6), Lemma 3, Theorem 3, §4.1. The layer that makes `x` of the input of a
/// network, `g` in (4), is no part of it.
public final class DeepOptEqModel {
    private final List<OptEqModel> units;
    private final double alpha;
    private final FeatureTerm term;

    private DeepOptEqModel(List<OptEqModel> units, double alpha, FeatureTerm term) {
        this.units = units;
        this.alpha = alpha;
        this.term = term;
    }

    /// A model without a feature term.
    ///
    /// @throws ShapeException when the units differ in the size of `z` or of the input
    /// @throws IllegalArgumentException when there is no unit, or `alpha` is not in (0, 1]
    public static DeepOptEqModel of(List<OptEqModel> units, double alpha) {
        return of(units, alpha, FeatureTerm.none());
    }

    /// A model of its units.
    ///
    /// @param units the units, that which is applied first being the first
    /// @param alpha the averaging, in (0, 1]
    /// @param term what is appended
    /// @throws ShapeException when the units differ in the size of `z` or of the input, or the term is of another
    ///     size
    /// @throws IllegalArgumentException when there is no unit, or `alpha` is not in (0, 1]
    public static DeepOptEqModel of(List<OptEqModel> units, double alpha, FeatureTerm term) {
        List<OptEqModel> kept = List.copyOf(units);
        if (kept.isEmpty()) {
            throw new IllegalArgumentException("a deep model needs at least one unit");
        }
        OptEqModel first = kept.getFirst();
        for (int l = 1; l < kept.size(); l++) {
            OptEqModel unit = kept.get(l);
            if (unit.size() != first.size() || unit.inputSize() != first.inputSize()) {
                throw new ShapeException("unit %d has %d values and %d inputs, expected %d and %d as unit 1"
                        .formatted(l + 1, unit.size(), unit.inputSize(), first.size(), first.inputSize()));
            }
        }
        if (!(alpha > 0 && alpha <= 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + ", expected a number in (0, 1]");
        }
        if (term instanceof FeatureTerm.Affine affine && affine.m().rows() != first.size()) {
            throw new ShapeException(
                    "the term is of %d values, expected %d".formatted(affine.m().rows(), first.size()));
        }
        return new DeepOptEqModel(kept, alpha, term);
    }

    /// The units, in the order of their application.
    public List<OptEqModel> units() {
        return units;
    }

    /// `alpha`.
    public double alpha() {
        return alpha;
    }

    /// What is appended.
    public FeatureTerm term() {
        return term;
    }

    /// `n`, the number of values of `z`.
    public int size() {
        return units.getFirst().size();
    }

    /// `p`, the number of input values.
    public int inputSize() {
        return units.getFirst().inputSize();
    }

    /// `T_R(T(z))`, in double precision.
    ///
    /// @param z `n` values, not modified
    /// @param x the input, `p` values, not modified
    /// @return a new array
    /// @throws ShapeException when the sizes do not fit
    public double[] map(double[] z, double[] x) {
        double[] t = z;
        for (OptEqModel unit : units) {
            t = averaged(unit, t, x);
        }
        return term.apply(t);
    }

    /// `f_1(z), f_2(f_1(z)), ..., T(z)`, in double precision: at a fixed point without a term, the blocks of
    /// Lemma 3.
    ///
    /// @param z `n` values, not modified
    /// @param x the input, `p` values, not modified
    /// @return `L` new arrays
    /// @throws ShapeException when the sizes do not fit
    public List<double[]> layers(double[] z, double[] x) {
        List<double[]> layers = new ArrayList<>();
        double[] t = z;
        for (OptEqModel unit : units) {
            t = averaged(unit, t, x);
            layers.add(t);
        }
        return layers;
    }

    private double[] averaged(OptEqModel unit, double[] z, double[] x) {
        double[] t = unit.map(z, x);
        for (int i = 0; i < t.length; i++) {
            t[i] = alpha == 1 ? t[i] : Math.fma(alpha, t[i] - z[i], z[i]);
        }
        return t;
    }

    /// The implicit model whose prediction is the fixed point `z`.
    public ImplicitModel model() {
        BlockForm form = BlockForm.of(this);
        return new ImplicitModel(form.problem(), form.output(), null);
    }

    /// The implicit model whose prediction is `Hz` of the fixed point `z`.
    ///
    /// @param head `H`, `(q, n)`: `W_(L+1)` of the paper
    /// @throws ShapeException when the shapes do not fit
    public ImplicitModel model(LinearOperator head) {
        BlockForm form = BlockForm.of(this);
        return new ImplicitModel(form.problem(), LinearOperator.product(head, form.output()), null);
    }

    /// The wide model of one layer that this one tends to, without its term, as `alpha` goes to 0:
    ///
    ///     z = (1/L) sum_l (1/mu) W_l' sigma_l(W_l z + U_l x + b_l),
    ///
    /// whose `W` is that of all units below each other, with `L mu` for `mu`. The fixed points differ by
    /// `O(alpha)`. The paper proves the limit where the slope of a unit is below 1.
    ///
    /// @throws IllegalStateException when the units differ in `mu`: the limit is then no model of this form
    public OptEqModel wide() {
        double mu = units.getFirst().mu();
        for (OptEqModel unit : units) {
            if (unit.mu() != mu) {
                throw new IllegalStateException(
                        "units have mu %s and %s: expected one mu for all".formatted(mu, unit.mu()));
            }
        }
        boolean biased = units.stream().anyMatch(unit -> unit.bias() != null);
        Matrix bias = biased ? Products.biases(units) : null;
        return OptEqModel.of(
                Products.stack(units.stream().map(OptEqModel::w).toList(), 0),
                Products.stack(units.stream().map(OptEqModel::u).toList(), 0),
                bias,
                units.size() * mu,
                activation(units));
    }

    /// The activations of the units, each on its part of `v`; parts of `others` after them.
    static Activation activation(List<OptEqModel> units, BlockActivation.Part... others) {
        List<BlockActivation.Part> parts = new ArrayList<>();
        for (OptEqModel unit : units) {
            parts.add(new BlockActivation.Part(unit.activation(), unit.hiddenSize()));
        }
        parts.addAll(List.of(others));
        BlockActivation joined = new BlockActivation(parts);
        return joined.parts().size() == 1 ? joined.parts().getFirst().activation() : joined;
    }
}
