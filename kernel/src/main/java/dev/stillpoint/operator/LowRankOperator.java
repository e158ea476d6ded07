package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;

/// The operator of a matrix of low rank in its factors: `y = L (R'x)`, with `L` `(rows, k)` and `R` `(columns, k)`.
///
/// **Order.** `s_c` is one fma chain of `R_jc x_j` in increasing `j` that begins with `+0`; then `t_i` is one chain
/// of `L_ic s_c` in increasing `c` that begins with `z_i`. [#toMatrix()] computes `LR'` in FP64.
///
/// Source: IDL-21 §5.3.
///
/// @param left `L`; kept as it is when immutable, else copied
/// @param right `R`; kept as it is when immutable, else copied
public record LowRankOperator(Matrix left, Matrix right) implements LinearOperator {
    /// Checks shapes and entries.
    ///
    /// @throws ShapeException when the two have different numbers of columns
    /// @throws IllegalArgumentException when an entry is not finite
    public LowRankOperator {
        if (left.columns() != right.columns()) {
            throw new ShapeException("L is %d x %d and R is %d x %d, expected the same number of columns"
                    .formatted(left.rows(), left.columns(), right.rows(), right.columns()));
        }
        left = Entries.finite("L", left);
        right = Entries.finite("R", right);
    }

    @Override
    public int rows() {
        return left.rows();
    }

    @Override
    public int columns() {
        return right.rows();
    }

    /// `k`, a bound of the rank.
    public int rank() {
        return left.columns();
    }

    @Override
    public long flops() {
        return 2L * rank() * ((long) rows() + columns());
    }

    @Override
    public Matrix toMatrix() {
        return Entries.product(left, transposedRight());
    }

    /// `(LR')' = RL'`: the factors change places, and are shared.
    @Override
    public LowRankOperator transpose() {
        return new LowRankOperator(right, left);
    }

    /// `R'`, `(k, columns)`, immutable.
    public Matrix transposedRight() {
        return Entries.transposed(right);
    }
}
