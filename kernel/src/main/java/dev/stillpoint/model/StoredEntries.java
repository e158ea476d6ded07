package dev.stillpoint.model;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.operator.SparseOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The entries of a matrix that are not zero, each with the number that is stored for it.
///
/// @param pattern where they are
/// @param value the numbers, exact in double; nobody writes to them
/// @param precision the precision that they are stored in
@SuppressWarnings("ArrayRecordComponent") // package-private data that never leaves the package and is never compared
record StoredEntries(Pattern pattern, double[] value, Precision precision) implements Form {

    static StoredEntries zero(int rows, int columns) {
        return new StoredEntries(
                new Pattern(rows, columns, new int[rows + 1], new int[0]), new double[0], Precision.F32);
    }

    static StoredEntries of(Matrix matrix) {
        Builder entries = new Builder(matrix.rows(), matrix.columns(), matrix.precision());
        double[] row = new double[matrix.columns()];
        for (int i = 0; i < matrix.rows(); i++) {
            matrix.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                entries.add(j, row[j]);
            }
            entries.endRow();
        }
        return entries.build();
    }

    static StoredEntries of(SparseOperator operator) {
        int[] start = operator.rowStarts();
        int[] column = operator.columnIndices();
        Matrix values = operator.values();
        double[] value = new double[column.length];
        values.getRow(0, value, 0);
        Builder entries = new Builder(operator.rows(), operator.columns(), values.precision());
        for (int i = 0; i < operator.rows(); i++) {
            for (int p = start[i]; p < start[i + 1]; p++) {
                entries.add(column[p], value[p]);
            }
            entries.endRow();
        }
        return entries.build();
    }

    static StoredEntries ofDiagonal(Matrix diagonal) {
        int n = diagonal.columns();
        Builder entries = new Builder(n, n, diagonal.precision());
        for (int i = 0; i < n; i++) {
            entries.add(i, diagonal.get(0, i));
            entries.endRow();
        }
        return entries.build();
    }

    @Override
    public int rows() {
        return pattern.rows();
    }

    @Override
    public int columns() {
        return pattern.columns();
    }

    int count() {
        return value.length;
    }

    /// The part of the entries that is not zero.
    double density() {
        return count() / ((double) rows() * columns());
    }

    @Override
    public StoredEntries selected(int[] rows, int[] columns) {
        int[] local = new int[columns()];
        Arrays.fill(local, -1);
        for (int j = 0; j < columns.length; j++) {
            local[columns[j]] = j;
        }
        Builder entries = new Builder(rows.length, columns.length, precision);
        long[] keys = new long[columns.length];
        for (int i : rows) {
            int count = 0;
            for (int p = pattern.start()[i]; p < pattern.start()[i + 1]; p++) {
                int j = local[pattern.column()[p]];
                if (j >= 0) {
                    keys[count++] = ((long) j << Integer.SIZE) | p;
                }
            }
            Arrays.sort(keys, 0, count);
            for (int k = 0; k < count; k++) {
                entries.add((int) (keys[k] >> Integer.SIZE), value[(int) keys[k]]);
            }
            entries.endRow();
        }
        return entries.build();
    }

    @Override
    public StoredEntries slice(int row, int column, int rowCount, int columnCount) {
        Builder entries = new Builder(rowCount, columnCount, precision);
        for (int i = row; i < row + rowCount; i++) {
            int p = Arrays.binarySearch(pattern.column(), pattern.start()[i], pattern.start()[i + 1], column);
            p = p < 0 ? -p - 1 : p;
            for (; p < pattern.start()[i + 1] && pattern.column()[p] < column + columnCount; p++) {
                entries.add(pattern.column()[p] - column, value[p]);
            }
            entries.endRow();
        }
        return entries.build();
    }

    @Override
    public StoredEntries placed(int row, int column, int rows, int columns) {
        int[] start = new int[rows + 1];
        for (int i = 0; i < rows; i++) {
            start[i + 1] = pattern.start()[Math.clamp(i + 1L - row, 0, rows())];
        }
        int[] shifted =
                Arrays.stream(pattern.column(), 0, count()).map(j -> j + column).toArray();
        return new StoredEntries(new Pattern(rows, columns, start, shifted), value, precision);
    }

    StoredEntries transposed() {
        int[] start = new int[columns() + 1];
        for (int p = 0; p < count(); p++) {
            start[pattern.column()[p] + 1]++;
        }
        Arrays.parallelPrefix(start, Integer::sum);
        int[] next = start.clone();
        int[] column = new int[count()];
        double[] values = new double[count()];
        for (int i = 0; i < rows(); i++) {
            for (int p = pattern.start()[i]; p < pattern.start()[i + 1]; p++) {
                int q = next[pattern.column()[p]]++;
                column[q] = i;
                values[q] = value[p];
            }
        }
        return new StoredEntries(new Pattern(columns(), rows(), start, column), values, precision);
    }

    /// The entries whose numbers pass a test.
    StoredEntries where(DoublePredicate test) {
        Builder entries = new Builder(rows(), columns(), precision);
        for (int i = 0; i < rows(); i++) {
            for (int p = pattern.start()[i]; p < pattern.start()[i + 1]; p++) {
                if (test.test(value[p])) {
                    entries.add(pattern.column()[p], value[p]);
                }
            }
            entries.endRow();
        }
        return entries.build();
    }

    boolean isDisjointFrom(StoredEntries other) {
        for (int i = 0; i < rows(); i++) {
            for (int p = other.pattern.start()[i]; p < other.pattern.start()[i + 1]; p++) {
                if (pattern.has(i, other.pattern.column()[p])) {
                    return false;
                }
            }
        }
        return true;
    }

    /// These entries and those of a matrix that has none in the same place.
    StoredEntries with(StoredEntries other) {
        Precision wider = precision == other.precision ? precision : Precision.F64;
        Builder entries = new Builder(rows(), columns(), wider);
        for (int i = 0; i < rows(); i++) {
            int p = pattern.start()[i];
            int q = other.pattern.start()[i];
            int last = pattern.start()[i + 1];
            int otherLast = other.pattern.start()[i + 1];
            while (p < last || q < otherLast) {
                if (q == otherLast
                        || (p < last && pattern.column()[p] < other.pattern.column()[q])) {
                    entries.add(pattern.column()[p], value[p++]);
                } else {
                    entries.add(other.pattern.column()[q], other.value[q++]);
                }
            }
            entries.endRow();
        }
        return entries.build();
    }

    @Override
    public double[] times(double[] x) {
        double[] y = new double[rows()];
        for (int i = 0; i < y.length; i++) {
            for (int p = pattern.start()[i]; p < pattern.start()[i + 1]; p++) {
                y[i] = Math.fma(value[p], x[pattern.column()[p]], y[i]);
            }
        }
        return y;
    }

    /// The dense matrix, in the stored precision, immutable.
    Matrix toMatrix() {
        Matrix dense = Matrix.zeros(precision, rows(), columns());
        double[] row = new double[columns()];
        for (int i = 0; i < rows(); i++) {
            scatter(i, row);
            dense.setRow(i, row, 0);
        }
        return dense.frozen();
    }

    /// The dense matrix, one array a row.
    double[][] toRows() {
        double[][] dense = new double[rows()][columns()];
        for (int i = 0; i < rows(); i++) {
            scatter(i, dense[i]);
        }
        return dense;
    }

    private void scatter(int i, double[] row) {
        Arrays.fill(row, 0);
        for (int p = pattern.start()[i]; p < pattern.start()[i + 1]; p++) {
            row[pattern.column()[p]] = value[p];
        }
    }

    /// Of dense, sparse, diagonal, and a smaller dense matrix of the rows and columns that have entries, the
    /// cheapest; the first of these where they cost the same.
    @Override
    public LinearOperator cheapest() {
        double cost = OperatorCost.dense(rows(), columns());
        double sparse = OperatorCost.sparse(count());
        if (isDiagonal() && OperatorCost.sparse(rows()) < cost && OperatorCost.sparse(rows()) <= sparse) {
            return toDiagonal();
        }
        LinearOperator core = core(Math.min(cost, sparse));
        if (core != null) {
            return core;
        }
        return sparse < cost ? toSparse() : new DenseOperator(toMatrix());
    }

    private boolean isDiagonal() {
        if (rows() != columns()) {
            return false;
        }
        for (int i = 0; i < rows(); i++) {
            for (int p = pattern.start()[i]; p < pattern.start()[i + 1]; p++) {
                if (pattern.column()[p] != i) {
                    return false;
                }
            }
        }
        return true;
    }

    private DiagonalOperator toDiagonal() {
        Matrix diagonal = Matrix.zeros(precision, 1, rows());
        for (int i = 0; i < rows(); i++) {
            if (pattern.start()[i] < pattern.start()[i + 1]) {
                diagonal.set(0, i, value[pattern.start()[i]]);
            }
        }
        return new DiagonalOperator(diagonal.frozen());
    }

    private SparseOperator toSparse() {
        Matrix values = Matrix.zeros(precision, 1, count());
        values.setRow(0, value, 0);
        return new SparseOperator(
                rows(), columns(), pattern.start(), Arrays.copyOf(pattern.column(), count()), values.frozen());
    }

    /// `S M T` where `M` is dense and without zero rows and columns, and `S` and `T` place its rows and columns;
    /// null where that costs `limit` or more.
    private @Nullable LinearOperator core(double limit) {
        int[] rows = indices(pattern.usedRows());
        int[] columns = indices(pattern.usedColumns());
        double cost = OperatorCost.dense(rows.length, columns.length);
        cost += rows.length < rows() ? OperatorCost.sparse(rows.length) : 0;
        cost += columns.length < columns() ? OperatorCost.sparse(columns.length) : 0;
        if (cost >= limit || count() == 0) {
            return null;
        }
        List<LinearOperator> factors = new ArrayList<>();
        if (rows.length < rows()) {
            factors.add(selection(rows, rows()).transposed().toSparse());
        }
        factors.add(new DenseOperator(selected(rows, columns).toMatrix()));
        if (columns.length < columns()) {
            factors.add(selection(columns, columns()).toSparse());
        }
        return new ProductOperator(factors);
    }

    private StoredEntries selection(int[] chosen, int size) {
        Builder entries = new Builder(chosen.length, size, precision);
        for (int j : chosen) {
            entries.add(j, 1);
            entries.endRow();
        }
        return entries.build();
    }

    private static int[] indices(boolean[] used) {
        return IntStream.range(0, used.length).filter(i -> used[i]).toArray();
    }

    /// Entries as they come, row after row in increasing columns.
    private static final class Builder {
        private final int rows;
        private final int columns;
        private final Precision precision;
        private final int[] start;
        private final Pattern.Growing column = new Pattern.Growing();
        private double[] value = new double[64];
        private int row;

        Builder(int rows, int columns, Precision precision) {
            this.rows = rows;
            this.columns = columns;
            this.precision = precision;
            start = new int[rows + 1];
        }

        void add(int j, double number) {
            if (number == 0) {
                return;
            }
            if (column.count() == value.length) {
                value = Arrays.copyOf(value, Math.toIntExact(Math.min(2L * value.length, Integer.MAX_VALUE - 8)));
            }
            value[column.count()] = number;
            column.add(j);
        }

        void endRow() {
            start[++row] = column.count();
        }

        StoredEntries build() {
            return new StoredEntries(
                    new Pattern(rows, columns, start, column.toArray()),
                    Arrays.copyOf(value, column.count()),
                    precision);
        }
    }
}
