package dev.stillpoint.solver;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import org.jspecify.annotations.Nullable;

/// The equation `x = phi(Ax + Bu + bias)` without its inputs.
///
/// @param a `A`, `(n, n)`, `n >= 1`
/// @param b `B`, `(n, p)`
/// @param bias the bias, `(1, n)`, or null for none; kept as it is when immutable, else copied
/// @param activation `phi`
public record FixedPointProblem(
        LinearOperator a, LinearOperator b, @Nullable Matrix bias, Activation activation) {
    /// Checks shapes and values.
    ///
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a value of the bias is not finite
    public FixedPointProblem {
        if (a.rows() != a.columns()) {
            throw new ShapeException("A is %d x %d, expected a square matrix".formatted(a.rows(), a.columns()));
        }
        if (a.rows() == 0) {
            throw new ShapeException("A is 0 x 0: a model needs at least one state");
        }
        if (b.rows() != a.rows()) {
            throw new ShapeException("B is %d x %d, expected %d rows as in A (%d x %d)"
                    .formatted(b.rows(), b.columns(), a.rows(), a.rows(), a.columns()));
        }
        if (bias != null) {
            ShapeException.check("bias", bias, 1, a.rows());
            if (!bias.isFinite()) {
                throw new IllegalArgumentException("bias holds a value that is not finite");
            }
            bias = bias.toImmutable();
        }
        activation.checkSize(a.rows());
    }

    /// `n`, the number of state values.
    public int stateSize() {
        return a.rows();
    }

    /// `p`, the number of input values.
    public int inputSize() {
        return b.columns();
    }
}
