package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.util.Arrays;

/// The operator of a matrix in compressed sparse rows: `y_i = sum_p v_p x_(c_p)` over the stored entries of row
/// `i`.
///
/// The entries of row `i` are those with `rowStarts[i] <= p < rowStarts[i + 1]`, in columns `columnIndices[p]` that
/// ascend without duplicates, with the values `values(0, p)`. A stored zero is an entry like any other.
///
/// **Order.** `t_i` is one fma chain over the stored entries of the row in increasing column that begins with
/// `z_i`. A zero that is not stored does nothing, where in a dense product it would make not-a-number of an
/// infinite component.
///
/// Immutable; the arrays are copied on the way in and out. Source: IDL-21 §5.2 (sparsity of the state matrix).
public final class SparseOperator implements LinearOperator {
    private final int rows;
    private final int columns;
    private final int[] rowStarts;
    private final int[] columnIndices;
    private final Matrix values;

    /// An operator of the given entries.
    ///
    /// @param rowStarts `rows + 1` numbers that begin with 0, do not fall, and end with the number of entries
    /// @param columnIndices the column of each entry, ascending in a row
    /// @param values the values, `(1, entries)`; kept as it is when immutable, else copied
    /// @throws ShapeException when the arrays do not fit the shape or each other
    /// @throws IllegalArgumentException when columns are not ascending in a row, or a value is not finite
    public SparseOperator(int rows, int columns, int[] rowStarts, int[] columnIndices, Matrix values) {
        if (rows < 0 || columns < 0) {
            throw new ShapeException("a sparse operator cannot be %d x %d".formatted(rows, columns));
        }
        if (rowStarts.length != rows + 1L) {
            throw new ShapeException("row starts are %d numbers, expected %d, one more than the %d rows"
                    .formatted(rowStarts.length, rows + 1L, rows));
        }
        this.rows = rows;
        this.columns = columns;
        this.rowStarts = rowStarts.clone();
        this.columnIndices = columnIndices.clone();
        ShapeException.check("values", values, 1, columnIndices.length);
        checkPattern();
        this.values = Entries.finite("values", values);
    }

    private void checkPattern() {
        if (rowStarts[0] != 0 || rowStarts[rows] != columnIndices.length) {
            throw new ShapeException("row starts run from %d to %d, expected from 0 to the %d entries"
                    .formatted(rowStarts[0], rowStarts[rows], columnIndices.length));
        }
        for (int i = 0; i < rows; i++) {
            if (rowStarts[i + 1] < rowStarts[i] || rowStarts[i + 1] > columnIndices.length) {
                throw new ShapeException(
                        "row starts %d and %d are %d and %d: they must not fall, nor pass the %d entries"
                                .formatted(i, i + 1, rowStarts[i], rowStarts[i + 1], columnIndices.length));
            }
            int last = -1;
            for (int p = rowStarts[i]; p < rowStarts[i + 1]; p++) {
                int column = columnIndices[p];
                if (column <= last || column >= columns) {
                    throw new IllegalArgumentException(
                            "row %d has an entry in column %d after one in column %d: expected ascending columns below %d"
                                    .formatted(i, column, last, columns));
                }
                last = column;
            }
        }
    }

    /// The operator of the entries of `dense` that are not zero.
    ///
    /// @throws ShapeException when they are more than a Java array can hold
    /// @throws IllegalArgumentException when a value is not finite
    public static SparseOperator of(Matrix dense) {
        int[] starts = new int[dense.rows() + 1];
        double[] row = new double[dense.columns()];
        long count = 0;
        for (int i = 0; i < dense.rows(); i++) {
            dense.getRow(i, row, 0);
            for (double value : row) {
                count += value == 0 ? 0 : 1;
            }
            if (count > Integer.MAX_VALUE - 8) {
                throw new ShapeException("the matrix has more than 2^31 entries that are not zero");
            }
            starts[i + 1] = (int) count;
        }
        int[] indices = new int[(int) count];
        Matrix values = Matrix.zeros(dense.precision(), 1, (int) count);
        int p = 0;
        for (int i = 0; i < dense.rows(); i++) {
            dense.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                if (row[j] != 0) {
                    indices[p] = j;
                    values.set(0, p++, row[j]);
                }
            }
        }
        return new SparseOperator(dense.rows(), dense.columns(), starts, indices, values.frozen());
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /// Number of stored entries.
    public int entries() {
        return columnIndices.length;
    }

    /// Where the entries of each row begin, and where the last one's end; a copy.
    public int[] rowStarts() {
        return rowStarts.clone();
    }

    /// The column of each entry; a copy.
    public int[] columnIndices() {
        return columnIndices.clone();
    }

    /// The value of each entry, `(1, entries)`, immutable.
    public Matrix values() {
        return values;
    }

    @Override
    public long flops() {
        return 2L * columnIndices.length;
    }

    @Override
    public Matrix toMatrix() {
        Matrix dense = Matrix.zeros(values.precision(), rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int p = rowStarts[i]; p < rowStarts[i + 1]; p++) {
                dense.set(i, columnIndices[p], values.get(0, p));
            }
        }
        return dense.frozen();
    }

    /// The same entries in compressed sparse rows of the transposed matrix, stored zeros included; a copy.
    @Override
    public SparseOperator transpose() {
        int[] starts = new int[columns + 1];
        for (int column : columnIndices) {
            starts[column + 1]++;
        }
        for (int j = 0; j < columns; j++) {
            starts[j + 1] += starts[j];
        }
        // Rows are visited in increasing order, so that the entries of each transposed row ascend.
        int[] next = Arrays.copyOf(starts, columns);
        int[] indices = new int[columnIndices.length];
        Matrix transposed = Matrix.zeros(values.precision(), 1, columnIndices.length);
        for (int i = 0; i < rows; i++) {
            for (int p = rowStarts[i]; p < rowStarts[i + 1]; p++) {
                int to = next[columnIndices[p]]++;
                indices[to] = i;
                transposed.set(0, to, values.get(0, p));
            }
        }
        return new SparseOperator(columns, rows, starts, indices, transposed.frozen());
    }

    /// Shape and number of entries, as in `sparse 3 x 4, 5 entries`.
    @Override
    public String toString() {
        return "sparse %d x %d, %d entries".formatted(rows, columns, columnIndices.length);
    }
}
