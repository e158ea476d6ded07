package dev.stillpoint.model.opteq;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The block form of a deep model as an implicit model in `v = (v_1, ..., v_L)`.
///
/// With `s_j = (1/mu_j) W_j' v_j` and `d = 1 - alpha` the layers are `z_l = alpha s_l + d z_(l-1)`, and `z_0`,
/// the fixed point, is `T_R(z_L)`. Where `T_R = rho I` these `L` linear equations give
///
///     z_l = sum_j K_lj s_j,   K_lj = rho alpha d^(l + L - j)/(1 - rho d^L) + (j <= l ? alpha d^(l - j) : 0),
///
/// and the model is `v_l = sigma_l(W_l z_(l-1) + U_l x + b_l)`: a state matrix `W K S`, where `W` and `S` are
/// block diagonal and `K` has blocks that are multiples of `I`. With `rho = 1` that is
/// `K_lj = alpha d^((l - j) mod L)/(1 - d^L)`: for `alpha = 1` the permutation of the paper, `1/L` everywhere as
/// `alpha` goes to 0.
///
/// Other terms are sums `z_0 = sum_k w_k p_k` of states of their own, `p_k = phi_k(M_k z_L + c_k)`: a soft
/// threshold of two, with ReLU, a gradient step on a square of one, with the identity. Then
/// `z_l = d^l z_0 + sum_(j <= l) alpha d^(l - j) s_j`.
///
/// Powers of `d` are computed as `exp(k log1p(-alpha))`, and `1 - d^L` accordingly, so that a small `alpha` loses
/// nothing. Source: OPT-21 (6), Lemma 3, (12)-(13).
///
/// @param problem the equation of `v`
/// @param output what takes `v` to the fixed point `z_0`
record BlockForm(FixedPointProblem problem, LinearOperator output) {
    static BlockForm of(DeepOptEqModel deep) {
        return new Builder(deep).build();
    }

    /// Coefficients and blocks of one model.
    private static final class Builder {
        private final List<OptEqModel> units;
        private final double alpha;
        private final int depth;
        private final int n;
        private final List<Own> own;
        private final double feedback;

        Builder(DeepOptEqModel deep) {
            units = deep.units();
            alpha = deep.alpha();
            depth = units.size();
            n = deep.size();
            double factor = 0;
            switch (deep.term()) {
                case FeatureTerm.Scaling scaling -> {
                    own = List.of();
                    factor = scaling.factor();
                }
                case FeatureTerm.Separable(List<FeatureTerm.Piece> pieces) ->
                    own = pieces.stream().map(this::own).toList();
                case FeatureTerm.Affine(Matrix m, Matrix c) ->
                    own = List.of(new Own(1, Activation.identity(), LinearOperator.dense(m), c));
            }
            // rho/(1 - rho d^L) = rho/((1 - rho) + rho (1 - d^L))
            double lost = alpha == 1 ? 1 : -Math.expm1(depth * Math.log1p(-alpha));
            feedback = factor / ((1 - factor) + factor * lost);
        }

        private Own own(FeatureTerm.Piece piece) {
            double[] shift = new double[n];
            Arrays.fill(shift, piece.shift());
            return new Own(
                    piece.weight(),
                    piece.phi(),
                    multiple(piece.slope()),
                    Matrix.ofRows(shift).frozen());
        }

        /// `d^k`.
        private double decay(int k) {
            return k == 0 ? 1 : Math.exp(k * Math.log1p(-alpha));
        }

        /// The coefficients of `s_1 .. s_L`, then of `p_1, p_2, ...`, in `z_l`.
        private double[] layer(int l) {
            double[] row = new double[depth + own.size()];
            for (int j = 1; j <= depth; j++) {
                double direct = j <= l ? alpha * decay(l - j) : 0;
                row[j - 1] = feedback * alpha * decay(l + depth - j) + direct;
            }
            for (int k = 0; k < own.size(); k++) {
                row[depth + k] = decay(l) * own.get(k).weight();
            }
            return row;
        }

        BlockForm build() {
            List<double[]> rows = new ArrayList<>();
            List<LinearOperator> left = new ArrayList<>();
            List<LinearOperator> right = new ArrayList<>();
            for (int l = 0; l < depth; l++) {
                rows.add(layer(l));
                left.add(LinearOperator.dense(units.get(l).w()));
                right.add(LinearOperator.dense(units.get(l).back()));
            }
            for (Own state : own) {
                rows.add(layer(depth));
                left.add(state.m());
                right.add(multiple(1));
            }
            LinearOperator sources = diagonal(right);
            double[] shifts = own.stream()
                    .flatMapToDouble(state -> Arrays.stream(state.c().toDoubleArray()))
                    .toArray();
            FixedPointProblem problem = new FixedPointProblem(
                    LinearOperator.product(diagonal(left), multiples(rows), sources),
                    LinearOperator.dense(
                            Products.stack(units.stream().map(OptEqModel::u).toList(), shifts.length)),
                    Products.biases(units, shifts),
                    activation());
            return new BlockForm(problem, LinearOperator.product(multiples(List.of(layer(0))), sources));
        }

        private Activation activation() {
            return DeepOptEqModel.activation(
                    units,
                    own.stream()
                            .map(state -> new BlockActivation.Part(state.phi(), n))
                            .toArray(BlockActivation.Part[]::new));
        }

        private LinearOperator diagonal(List<LinearOperator> blocks) {
            int count = blocks.size();
            @Nullable LinearOperator[][] placed = new @Nullable LinearOperator[count][count];
            for (int i = 0; i < count; i++) {
                placed[i][i] = blocks.get(i);
            }
            return LinearOperator.blocks(
                    blocks.stream().mapToInt(LinearOperator::rows).toArray(),
                    blocks.stream().mapToInt(LinearOperator::columns).toArray(),
                    placed);
        }

        /// `K`: a block `K_lj I` for each coefficient that is not zero.
        private LinearOperator multiples(List<double[]> rows) {
            int columns = rows.getFirst().length;
            @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[rows.size()][columns];
            for (int l = 0; l < rows.size(); l++) {
                for (int j = 0; j < columns; j++) {
                    double coefficient = rows.get(l)[j];
                    if (coefficient != 0) {
                        blocks[l][j] = multiple(coefficient);
                    }
                }
            }
            return LinearOperator.blocks(sizes(rows.size()), sizes(columns), blocks);
        }

        private int[] sizes(int count) {
            int[] sizes = new int[count];
            Arrays.fill(sizes, n);
            return sizes;
        }

        private DiagonalOperator multiple(double value) {
            double[] values = new double[n];
            Arrays.fill(values, value);
            return LinearOperator.diagonal(Matrix.of(values, 1, n).frozen());
        }
    }

    /// States `p = phi(M z_L + c)` that a term has, with `weight` in `z_0`.
    private record Own(double weight, Activation phi, LinearOperator m, Matrix c) {}
}
