package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.util.Arrays;

/// The operator of a diagonal matrix: `y_i = d_i x_i`.
///
/// **Order.** `t_i = fma(d_i, x_i, z_i)`. Source: IDL-21 §2.3 (diagonal state matrices).
///
/// @param diagonal `d`, `(1, n)`; kept as it is when immutable, else copied
public record DiagonalOperator(Matrix diagonal) implements LinearOperator {
    /// Checks the entries.
    ///
    /// @throws ShapeException when it is not a row
    /// @throws IllegalArgumentException when one is not finite
    public DiagonalOperator {
        ShapeException.check("diagonal", diagonal, 1, diagonal.columns());
        diagonal = Entries.finite("the diagonal", diagonal);
    }

    @Override
    public int rows() {
        return diagonal.columns();
    }

    @Override
    public int columns() {
        return diagonal.columns();
    }

    @Override
    public long flops() {
        return 2L * rows();
    }

    /// The same entries in compressed sparse rows, which have the same product.
    public SparseOperator toSparse() {
        int[] starts = new int[rows() + 1];
        int[] columns = new int[rows()];
        Arrays.setAll(starts, i -> i);
        Arrays.setAll(columns, i -> i);
        return new SparseOperator(rows(), rows(), starts, columns, diagonal);
    }

    @Override
    public Matrix toMatrix() {
        Matrix dense = Matrix.zeros(diagonal.precision(), rows(), rows());
        for (int i = 0; i < rows(); i++) {
            dense.set(i, i, diagonal.get(0, i));
        }
        return dense.frozen();
    }

    /// This operator: a diagonal matrix is its own transpose.
    @Override
    public DiagonalOperator transpose() {
        return this;
    }
}
