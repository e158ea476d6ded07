package dev.stillpoint.internal.reference;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.SparseOperator;
import java.util.Arrays;

/// The gradient of the stored entries of a sparse or diagonal matrix: that of [DenseGradient] at those entries,
/// each one chain `g = fma(v_si, x_sj, g)` over the samples in increasing order that begins with `+0`.
///
/// A block is kept as `[value][sample]`, so that a chain runs along memory. A chain waits for each of its own
/// operations, so four of them run side by side; each is as if alone. A part is a piece of the list of entries.
public final class PatternGradient extends LeafGradient {
    private static final int PART = 256;

    private final int rows;
    private final int columns;

    /// The row, and the column, of each entry.
    private final int[] entryRows;

    private final int[] entryColumns;
    private final double[] sums;
    private int capacity;
    private double[] v = {};
    private double[] x = {};

    private PatternGradient(int rows, int columns, int[] entryRows, int[] entryColumns) {
        this.rows = rows;
        this.columns = columns;
        this.entryRows = entryRows;
        this.entryColumns = entryColumns;
        sums = new double[entryRows.length];
    }

    /// The gradient of the values of a sparse matrix, `(1, entries)`.
    public static PatternGradient of(SparseOperator operator) {
        int[] starts = operator.rowStarts();
        int[] rows = new int[operator.entries()];
        for (int i = 0; i < operator.rows(); i++) {
            Arrays.fill(rows, starts[i], starts[i + 1], i);
        }
        return new PatternGradient(operator.rows(), operator.columns(), rows, operator.columnIndices());
    }

    /// The gradient of a diagonal, `(1, n)`.
    public static PatternGradient of(DiagonalOperator operator) {
        int[] indices = new int[operator.rows()];
        Arrays.setAll(indices, i -> i);
        return new PatternGradient(indices.length, indices.length, indices, indices);
    }

    @Override
    public long values() {
        return (long) rows + columns;
    }

    @Override
    public void reserve(int capacity) {
        this.capacity = capacity;
        v = new double[Math.multiplyExact(rows, capacity)];
        x = new double[Math.multiplyExact(columns, capacity)];
    }

    @Override
    public void store(SampleRows v, SampleRows x, int first, int count) {
        transpose(v, rows, this.v, first, count);
        transpose(x, columns, this.x, first, count);
    }

    private void transpose(SampleRows samples, int values, double[] to, int first, int count) {
        double[] from = samples.values();
        for (int i = 0; i < values; i++) {
            for (int s = 0; s < count; s++) {
                to[i * capacity + first + s] = from[samples.begin(s) + i];
            }
        }
    }

    @Override
    public int parts() {
        return (sums.length + PART - 1) / PART;
    }

    @Override
    public void add(int part, int samples) {
        int end = Math.min(sums.length, (part + 1) * PART);
        int p = part * PART;
        for (; p + 4 <= end; p += 4) {
            addFour(p, samples);
        }
        for (; p < end; p++) {
            double chain = sums[p];
            for (int s = 0; s < samples; s++) {
                chain = Math.fma(v[entryRows[p] * capacity + s], x[entryColumns[p] * capacity + s], chain);
            }
            sums[p] = chain;
        }
    }

    private void addFour(int p, int samples) {
        int v0 = entryRows[p] * capacity;
        int v1 = entryRows[p + 1] * capacity;
        int v2 = entryRows[p + 2] * capacity;
        int v3 = entryRows[p + 3] * capacity;
        int x0 = entryColumns[p] * capacity;
        int x1 = entryColumns[p + 1] * capacity;
        int x2 = entryColumns[p + 2] * capacity;
        int x3 = entryColumns[p + 3] * capacity;
        double g0 = sums[p];
        double g1 = sums[p + 1];
        double g2 = sums[p + 2];
        double g3 = sums[p + 3];
        for (int s = 0; s < samples; s++) {
            g0 = Math.fma(v[v0 + s], x[x0 + s], g0);
            g1 = Math.fma(v[v1 + s], x[x1 + s], g1);
            g2 = Math.fma(v[v2 + s], x[x2 + s], g2);
            g3 = Math.fma(v[v3 + s], x[x3 + s], g3);
        }
        sums[p] = g0;
        sums[p + 1] = g1;
        sums[p + 2] = g2;
        sums[p + 3] = g3;
    }

    @Override
    public Matrix letter() {
        return matrix(sums, 1, sums.length);
    }

    @Override
    public void clear() {
        Arrays.fill(sums, 0);
    }
}
