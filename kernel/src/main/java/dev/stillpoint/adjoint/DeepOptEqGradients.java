package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.model.opteq.DeepOptEqModel;
import dev.stillpoint.model.opteq.FeatureTerm;
import dev.stillpoint.model.opteq.OptEqModel;
import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.ProductOperator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;

/// The gradients of a loss with respect to the parameters of a [DeepOptEqModel].
///
/// Its block form is `A = W K S` and an outputs' operator `K_0 S`, perhaps with a head before it: `W` and `S` have
/// the `W_l` and the `R_l = (1/mu_l) W_l'` of the units on their diagonals, and the blocks of `K` and `K_0` are
/// multiples of the identity by coefficients that depend on `alpha` and the feature term. With `S_l` the sum of the
/// gradients with respect to `R_l`, `F_l` that with respect to the `W_l` of `W`, and `g_lj` the sum of those of the
/// diagonal of the block `K_lj`,
///
///     dW_l = F_l + (1/mu_l) S_l'    dmu_l = -(1/mu_l) <S_l, R_l>    dalpha = sum_lj g_lj dK_lj/dalpha
///
/// and likewise for the numbers of the term. `dU_l` and `db_l` are rows of those of the block form.
///
/// **Order.** In FP64: units as in [OptEqGradients]; `g_lj` is a chain of additions from `+0` along the diagonal;
/// `dalpha`, and those of the term, are fma chains from `+0` over the blocks that are present, of `K` row after
/// row, then of `K_0`.
///
/// **Cost.** The sums alone, and the block form is built once more.
///
/// Immutable. Source: OPT-21 (6), Lemma 3, (12)-(13), differentiated.
///
/// @param units those of the units, in the order of their application, none of which has a head
/// @param alpha `dalpha`; empty where `alpha` is 1: the block form then has no blocks for most of it
/// @param term those of the feature term; none has a single factor, which is 1
/// @param head the gradients with respect to the [letters][OperatorLetters] of the head; none where there is no
///     head
public record DeepOptEqGradients(
        List<OptEqGradients> units, OptionalDouble alpha, FeatureTermGradients term, List<Matrix> head) {
    /// Keeps the lists.
    public DeepOptEqGradients {
        units = List.copyOf(units);
        head = List.copyOf(head);
    }

    /// The gradients that follow from those of an implicit model of the given one, [DeepOptEqModel#model()] or
    /// [DeepOptEqModel#model(LinearOperator)].
    ///
    /// @throws ShapeException when the gradients are not those of such a model
    public static DeepOptEqGradients of(DeepOptEqModel deep, Gradients gradients) {
        ImplicitModel form = deep.model();
        List<Matrix> a = gradients.a();
        List<Matrix> u = gradients.b();
        List<Matrix> c = gradients.c();
        List<Matrix> outer = OperatorLetters.of(form.c());
        ChainRule.check("A", a, OperatorLetters.of(form.a()));
        ChainRule.check("U", u, OperatorLetters.of(form.b()));
        int before = Math.max(0, c.size() - outer.size());
        ChainRule.check("the outputs' operator after the head", c.subList(before, c.size()), outer);
        return new Chain(deep).gradients(form, a, u.getFirst(), gradients.bias(), c, before);
    }

    /// The sum `g` of the gradients of one block of `K`, of `z_l`: of `s_j` with `j` from 1 to `L`, else of a state
    /// of the term.
    private record Coefficient(int l, int j, double g) {}

    /// What is known of one model.
    private static final class Chain {
        private final DeepOptEqModel deep;
        private final int depth;
        private final int n;
        private final double factor;
        private final LayerCoefficients coefficients;
        private final List<Coefficient> found = new ArrayList<>();

        Chain(DeepOptEqModel deep) {
            this.deep = deep;
            depth = deep.units().size();
            n = deep.size();
            factor = deep.term() instanceof FeatureTerm.Scaling scaling ? scaling.factor() : 0;
            coefficients = new LayerCoefficients(deep.alpha(), depth, factor);
        }

        DeepOptEqGradients gradients(
                ImplicitModel form, List<Matrix> a, Matrix u, Matrix bias, List<Matrix> c, int before) {
            Iterator<Matrix> inner = a.iterator();
            List<Matrix> w = next(inner, depth);
            List<Matrix> own = next(inner, states(form));
            collect(form.a(), 1, inner);
            List<Matrix> r = next(inner, depth);
            Iterator<Matrix> outer = c.subList(before, c.size()).iterator();
            collect(form.c(), 0, outer);
            List<Matrix> units = next(outer, depth);
            List<OptEqGradients> chained = new ArrayList<>();
            int at = 0;
            for (int l = 0; l < depth; l++) {
                OptEqModel unit = deep.units().get(l);
                int h = unit.hiddenSize();
                chained.add(OptEqGradients.unit(
                        unit,
                        w.get(l),
                        ChainRule.plus(r.get(l), units.get(l)),
                        u.slice(at, at + h),
                        bias.slice(0, at, 1, h),
                        List.of()));
                at += h;
            }
            return new DeepOptEqGradients(chained, alpha(), term(own, bias, at), c.subList(0, before));
        }

        private static List<Matrix> next(Iterator<Matrix> letters, int count) {
            List<Matrix> next = new ArrayList<>();
            for (int l = 0; l < count; l++) {
                next.add(letters.next());
            }
            return next;
        }

        /// How many states of `n` values the term has.
        private int states(ImplicitModel form) {
            return blocks(form.a(), 0).blockRows() - depth;
        }

        private static BlockOperator blocks(LinearOperator product, int factor) {
            if (product instanceof ProductOperator(var factors)
                    && factors.get(factor) instanceof BlockOperator blocks) {
                return blocks;
            }
            throw new IllegalStateException("factor %d of %s, expected blocks".formatted(factor, product));
        }

        /// Takes the letters of the blocks of `K`, a factor of a product.
        private void collect(LinearOperator product, int at, Iterator<Matrix> letters) {
            BlockOperator k = blocks(product, at);
            for (int i = 0; i < k.blockRows(); i++) {
                for (int j = 0; j < k.blockColumns(); j++) {
                    if (k.block(i, j) != null) {
                        found.add(new Coefficient(Math.min(i, depth), j + 1, sum(letters.next(), 0)));
                    }
                }
            }
        }

        /// The sum of `n` values of a row.
        private double sum(Matrix row, int from) {
            double sum = 0;
            for (int i = from; i < from + n; i++) {
                sum += row.get(0, i);
            }
            return sum;
        }

        private OptionalDouble alpha() {
            if (deep.alpha() == 1) {
                return OptionalDouble.empty();
            }
            double sum = 0;
            for (Coefficient each : found) {
                double by = each.j <= depth
                        ? coefficients.byAlpha(each.l, each.j)
                        : -weight(each.j - depth - 1) * coefficients.decayByBase(each.l);
                sum = Math.fma(each.g, by, sum);
            }
            return OptionalDouble.of(sum);
        }

        /// The weight of a state of the term.
        private double weight(int k) {
            return deep.term() instanceof FeatureTerm.Separable(var pieces)
                    ? pieces.get(k).weight()
                    : 1;
        }

        private FeatureTermGradients term(List<Matrix> own, Matrix bias, int at) {
            return switch (deep.term()) {
                case FeatureTerm.Scaling _ -> new FeatureTermGradients.Scaling(byFactor());
                case FeatureTerm.Affine _ -> new FeatureTermGradients.Affine(own.getFirst(), bias.slice(0, at, 1, n));
                case FeatureTerm.Separable(var pieces) -> {
                    List<FeatureTermGradients.Piece> gradients = new ArrayList<>();
                    for (int k = 0; k < pieces.size(); k++) {
                        gradients.add(
                                new FeatureTermGradients.Piece(byWeight(k), sum(own.get(k), 0), sum(bias, at + k * n)));
                    }
                    yield new FeatureTermGradients.Separable(gradients);
                }
            };
        }

        private OptionalDouble byFactor() {
            double sum = 0;
            for (Coefficient each : found) {
                sum = Math.fma(each.g, coefficients.byFactor(each.l, each.j), sum);
            }
            return factor == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum);
        }

        private OptionalDouble byWeight(int k) {
            double sum = 0;
            for (Coefficient each : found) {
                if (each.j == depth + k + 1) {
                    sum = Math.fma(each.g, coefficients.decay(each.l), sum);
                }
            }
            return weight(k) == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum);
        }
    }
}
