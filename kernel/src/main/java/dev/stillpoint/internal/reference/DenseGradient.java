package dev.stillpoint.internal.reference;

import dev.stillpoint.matrix.Matrix;
import java.util.Arrays;

/// The gradient of a dense matrix, `G = V'X`: each entry is one chain over the samples in increasing order,
///
///     g = +0;  g = fma(v_0i, x_0j, g);  g = fma(v_1i, x_1j, g);  ...
///
/// A part is a row.
public final class DenseGradient extends LeafGradient {
    private final int rows;
    private final int columns;
    private final double[] sums;
    private double[] v = {};
    private double[] x = {};

    /// A gradient of that shape.
    public DenseGradient(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        sums = new double[Math.multiplyExact(rows, columns)];
    }

    @Override
    public long values() {
        return (long) rows + columns;
    }

    @Override
    public void reserve(int capacity) {
        v = new double[Math.multiplyExact(rows, capacity)];
        x = new double[Math.multiplyExact(columns, capacity)];
    }

    @Override
    public void store(SampleRows v, SampleRows x, int first, int count) {
        for (int s = 0; s < count; s++) {
            v.copy(s, 0, rows, this.v, (first + s) * rows);
            x.copy(s, 0, columns, this.x, (first + s) * columns);
        }
    }

    @Override
    public int parts() {
        return rows;
    }

    @Override
    public void add(int part, int samples) {
        for (int j = 0; j < columns; j++) {
            double chain = sums[part * columns + j];
            for (int s = 0; s < samples; s++) {
                chain = Math.fma(v[s * rows + part], x[s * columns + j], chain);
            }
            sums[part * columns + j] = chain;
        }
    }

    @Override
    public Matrix letter() {
        return matrix(sums, rows, columns);
    }

    @Override
    public void clear() {
        Arrays.fill(sums, 0);
    }
}
