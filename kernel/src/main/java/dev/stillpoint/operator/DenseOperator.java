package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;

/// The operator of a dense matrix: `y_i = sum_j M_ij x_j`, one fma chain a row in increasing `j`.
///
/// @param matrix the entries; kept as it is when immutable, else copied
public record DenseOperator(Matrix matrix) implements LinearOperator {
    /// Checks the entries.
    ///
    /// @throws IllegalArgumentException when one is not finite
    public DenseOperator {
        matrix = matrix.toImmutable();
        double[] row = new double[matrix.columns()];
        for (int i = 0; i < matrix.rows(); i++) {
            matrix.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                if (!Double.isFinite(row[j])) {
                    throw new IllegalArgumentException(
                            "entry (%d, %d) is %s: every entry must be finite".formatted(i, j, row[j]));
                }
            }
        }
    }

    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int columns() {
        return matrix.columns();
    }

    @Override
    public long flops() {
        return 2L * rows() * columns();
    }

    @Override
    public Matrix toMatrix() {
        return matrix;
    }

    /// The dense operator of `M'`, a copy.
    @Override
    public DenseOperator transpose() {
        return new DenseOperator(Entries.transposed(matrix));
    }
}
