package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;

/// A linear map `y = Op x` with `x` of [#columns()] and `y` of [#rows()] values.
///
/// An operator is an immutable description; it computes nothing itself. A backend packs it into the form that its
/// products want when a plan is prepared.
public sealed interface LinearOperator permits DenseOperator {
    /// Size of `y`.
    int rows();

    /// Size of `x`.
    int columns();

    /// Floating-point operations of one product with one vector (a fused multiply-add counts two).
    long flops();

    /// The operator as a dense matrix, `rows` by `columns`, immutable, in the precision it is stored in.
    Matrix toMatrix();

    /// The operator of a dense matrix.
    ///
    /// @throws IllegalArgumentException when a value is not finite
    static DenseOperator dense(Matrix matrix) {
        return new DenseOperator(matrix);
    }
}
