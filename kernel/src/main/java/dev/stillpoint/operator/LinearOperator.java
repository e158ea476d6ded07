package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A linear map `y = Op x` with `x` of [#columns()] and `y` of [#rows()] values.
///
/// An operator is an immutable description; it computes nothing itself. A backend packs it into the form that its
/// products want when a plan is prepared.
///
/// The kind of an operator says in which order its product `t = z + Op x` is computed, and so is part of the
/// result: each kind states its order, and all are together in the manual of the package `dev.stillpoint.backend`.
/// The same matrix as operators of two kinds may give results that differ by rounding.
public sealed interface LinearOperator
        permits DenseOperator,
                SparseOperator,
                DiagonalOperator,
                LowRankOperator,
                ProductOperator,
                SumOperator,
                ConvolutionOperator,
                BlockOperator,
                BlockTriangularOperator {
    /// Size of `y`.
    int rows();

    /// Size of `x`.
    int columns();

    /// Floating-point operations of one product with one vector (a fused multiply-add counts two).
    long flops();

    /// The operator as a dense matrix, `rows` by `columns`, immutable: in the precision it is stored in where its
    /// entries are stored, in FP64 where they are computed (products and sums, see there).
    ///
    /// @throws ShapeException when it has more entries than a Java array can hold
    Matrix toMatrix();

    /// The operator of the transposed map, `y = Op' x` with `x` of [#rows()] and `y` of [#columns()] values.
    ///
    /// Its entries are the very ones that are stored here, in their precision: nothing is computed. It is of this
    /// operator's kind, but where its kind says otherwise (a convolution that has no transposed one is sparse, and
    /// what is block triangular becomes blocks), and its product has the order of the kind it is of. So
    /// `transpose().toMatrix()` is the transpose of [#toMatrix()], to the bit where entries are stored and where a
    /// product has two factors, else to the rounding of sums in another order.
    ///
    /// Where the entries of a matrix have to change places they are copied, else they are shared; the same number
    /// of operations as here, and memory in proportion to the stored entries.
    ///
    /// @throws ShapeException when entries that are copied are more than a Java array can hold
    LinearOperator transpose();

    /// The operator of a dense matrix.
    ///
    /// @throws IllegalArgumentException when a value is not finite
    static DenseOperator dense(Matrix matrix) {
        return new DenseOperator(matrix);
    }

    /// The operator of the entries of a dense matrix that are not zero.
    ///
    /// @throws IllegalArgumentException when a value is not finite
    static SparseOperator sparse(Matrix dense) {
        return SparseOperator.of(dense);
    }

    /// The operator of a matrix in compressed sparse rows; see [SparseOperator].
    ///
    /// @throws ShapeException when the arrays do not fit the shape or each other
    /// @throws IllegalArgumentException when columns are not ascending in a row, or a value is not finite
    static SparseOperator sparse(int rows, int columns, int[] rowStarts, int[] columnIndices, Matrix values) {
        return new SparseOperator(rows, columns, rowStarts, columnIndices, values);
    }

    /// The operator `y_i = d_i x_i`.
    ///
    /// @param diagonal `d`, `(1, n)`
    /// @throws ShapeException when it is not a row
    /// @throws IllegalArgumentException when a value is not finite
    static DiagonalOperator diagonal(Matrix diagonal) {
        return new DiagonalOperator(diagonal);
    }

    /// The operator `y = L (R'x)`.
    ///
    /// @param left `L`, `(rows, k)`
    /// @param right `R`, `(columns, k)`
    /// @throws ShapeException when the two have different numbers of columns
    /// @throws IllegalArgumentException when a value is not finite
    static LowRankOperator lowRank(Matrix left, Matrix right) {
        return new LowRankOperator(left, right);
    }

    /// The operator `y = F_1 (F_2 ( ... (F_m x)))`.
    ///
    /// @throws ShapeException when the shapes of neighbours do not fit
    /// @throws IllegalArgumentException when there is no factor
    static ProductOperator product(LinearOperator... factors) {
        return new ProductOperator(List.of(factors));
    }

    /// The operator `y = F_1 x + F_2 x + ... + F_m x`.
    ///
    /// @throws ShapeException when the shapes differ
    /// @throws IllegalArgumentException when there is no term
    static SumOperator sum(LinearOperator... terms) {
        return new SumOperator(List.of(terms));
    }

    /// A 2-D convolution with windows of `kernelHeight` by `kernelWidth`; see [ConvolutionOperator].
    ///
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a number is out of range, or a weight not finite
    static ConvolutionOperator convolution(
            ImageShape input, Matrix weights, int kernelHeight, int kernelWidth, int stride, int padding, int groups) {
        return new ConvolutionOperator(input, weights, kernelHeight, kernelWidth, stride, padding, groups);
    }

    /// An operator that is made of blocks; see [BlockOperator].
    ///
    /// @throws ShapeException when the shapes do not fit
    static BlockOperator blocks(int[] rowSizes, int[] columnSizes, @Nullable LinearOperator[][] blocks) {
        return new BlockOperator(rowSizes, columnSizes, blocks);
    }

    /// An upper block triangular operator; see [BlockTriangularOperator].
    ///
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when there is a block below the diagonal
    static BlockTriangularOperator blockTriangular(int[] sizes, @Nullable LinearOperator[][] blocks) {
        return new BlockTriangularOperator(sizes, blocks);
    }
}
