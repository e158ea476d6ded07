package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.SparseOperator;
import java.util.Arrays;

/// A square matrix by its non-zero entries, row after row: those of row `i` are `value[start[i] .. start[i+1])`,
/// in columns `column[..]`, increasing.
///
/// The arrays are shared, not copied, and nobody writes to them. Values are the stored ones, exact in double.
///
/// @param size `n`
/// @param start where rows begin, `n + 1` values
/// @param column the column of each entry
/// @param value the entries, none zero
/// @param unit the unit roundoff of the precision they are stored in
@SuppressWarnings("ArrayRecordComponent") // package-private data that never leaves the package and is never compared
record SparseMatrix(int size, int[] start, int[] column, double[] value, double unit) {

    /// The non-zero entries of `a`, without a dense form where the operator is sparse, diagonal or a convolution.
    ///
    /// @throws ShapeException when `a` is not square, or empty
    /// @throws IllegalArgumentException when an entry is not finite, or there are more than a Java array can hold
    static SparseMatrix of(LinearOperator a) {
        int n = a.rows();
        if (n != a.columns() || n == 0) {
            throw new ShapeException(
                    "A is %d x %d, expected a square matrix of at least one row".formatted(a.rows(), a.columns()));
        }
        SparseOperator sparse = OperatorRows.sparseForm(a);
        return sparse == null ? of(a.toMatrix()) : of(sparse);
    }

    /// Stored zeros are left out.
    private static SparseMatrix of(SparseOperator a) {
        int n = a.rows();
        int[] starts = a.rowStarts();
        int[] indices = a.columnIndices();
        double[] values = a.values().toDoubleArray();
        int[] start = new int[n + 1];
        int[] column = new int[values.length];
        double[] value = new double[values.length];
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int p = starts[i]; p < starts[i + 1]; p++) {
                if (values[p] != 0) {
                    column[count] = indices[p];
                    value[count++] = values[p];
                }
            }
            start[i + 1] = count;
        }
        return new SparseMatrix(n, start, Arrays.copyOf(column, count), Arrays.copyOf(value, count), unit(a.values()));
    }

    private static SparseMatrix of(Matrix matrix) {
        int n = matrix.rows();
        double[] row = new double[n];
        int[] start = new int[n + 1];
        long count = 0;
        for (int i = 0; i < n; i++) {
            matrix.getRow(i, row, 0);
            for (int j = 0; j < n; j++) {
                if (!Double.isFinite(row[j])) {
                    throw new IllegalArgumentException(
                            "entry (%d, %d) of A is %s: every entry must be finite".formatted(i, j, row[j]));
                }
                if (row[j] != 0) {
                    count++;
                }
            }
            if (count > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("A has more than 2^31 non-zero entries");
            }
            start[i + 1] = (int) count;
        }
        int[] column = new int[(int) count];
        double[] value = new double[(int) count];
        int p = 0;
        for (int i = 0; i < n; i++) {
            matrix.getRow(i, row, 0);
            for (int j = 0; j < n; j++) {
                if (row[j] != 0) {
                    column[p] = j;
                    value[p++] = row[j];
                }
            }
        }
        return new SparseMatrix(n, start, column, value, unit(matrix));
    }

    private static double unit(Matrix stored) {
        return stored.precision() == Precision.F32 ? 0x1p-24 : Rounding.UNIT;
    }

    /// The non-zero entries of a dense matrix, one array a row, stored with unit roundoff `unit`.
    static SparseMatrix of(double[][] dense, double unit) {
        int n = dense.length;
        int[] start = new int[n + 1];
        for (int i = 0; i < n; i++) {
            start[i + 1] =
                    start[i] + (int) Arrays.stream(dense[i]).filter(v -> v != 0).count();
        }
        int[] column = new int[start[n]];
        double[] value = new double[start[n]];
        int p = 0;
        for (double[] row : dense) {
            for (int j = 0; j < n; j++) {
                if (row[j] != 0) {
                    column[p] = j;
                    value[p++] = row[j];
                }
            }
        }
        return new SparseMatrix(n, start, column, value, unit);
    }

    int nonZeros() {
        return column.length;
    }

    /// Entry `(i, i)`.
    double diagonal(int i) {
        for (int p = start[i]; p < start[i + 1]; p++) {
            if (column[p] == i) {
                return value[p];
            }
        }
        return 0;
    }

    /// The principal submatrix of the given increasing indices, dense, one array a row.
    double[][] principal(int[] indices) {
        int[] local = new int[size];
        for (int k = 0; k < indices.length; k++) {
            local[indices[k]] = k + 1;
        }
        double[][] dense = new double[indices.length][indices.length];
        for (int k = 0; k < indices.length; k++) {
            int i = indices[k];
            for (int p = start[i]; p < start[i + 1]; p++) {
                int j = local[column[p]];
                if (j > 0) {
                    dense[k][j - 1] = value[p];
                }
            }
        }
        return dense;
    }

    /// All of it, dense, one array a row.
    double[][] dense() {
        double[][] dense = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int p = start[i]; p < start[i + 1]; p++) {
                dense[i][column[p]] = value[p];
            }
        }
        return dense;
    }
}
