package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import java.util.List;
import java.util.OptionalDouble;

/// The gradients of a loss with respect to the numbers that a
/// [feature term][dev.stillpoint.model.opteq.FeatureTerm] holds, of its kind.
///
/// How they depend on the weights that a factory was given is up to the caller: for the soft threshold, the weight
/// is minus the shift of both pieces, so that its gradient is minus the sum of theirs. Immutable.
public sealed interface FeatureTermGradients {
    /// Those of `T_R(z) = factor z`.
    ///
    /// @param factor empty where the factor is 0: the block form then has no blocks for it
    record Scaling(OptionalDouble factor) implements FeatureTermGradients {}

    /// Those of `T_R(z)_i = sum_k weight_k phi_k(slope_k z_i + shift_k)`.
    ///
    /// @param pieces of each piece, in their order
    record Separable(List<Piece> pieces) implements FeatureTermGradients {
        /// Keeps the list.
        public Separable {
            pieces = List.copyOf(pieces);
        }
    }

    /// Those of a summand `weight phi(slope z + shift)`.
    ///
    /// @param weight empty where the weight is 0: the block form then has no blocks for it
    /// @param slope with respect to the slope
    /// @param shift with respect to the shift
    record Piece(OptionalDouble weight, double slope, double shift) {}

    /// Those of `T_R(z) = Mz + c`.
    ///
    /// @param m `dM`, `(n, n)`
    /// @param c `dc`, `(1, n)`
    record Affine(Matrix m, Matrix c) implements FeatureTermGradients {}
}
