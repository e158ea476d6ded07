package dev.stillpoint.wellposed;

import java.util.function.IntToDoubleFunction;

/// A square non-negative matrix known entry by entry between bounds: `0 <= lower <= exact <= upper`, sparse as in
/// [SparseMatrix]. `lower` and `upper` are one array where the entries are known exactly.
///
/// @param size the order
/// @param start where rows begin, `size + 1` values
/// @param column the column of each entry, increasing in a row
/// @param lower lower bounds
/// @param upper upper bounds, positive
@SuppressWarnings("ArrayRecordComponent") // package-private data that never leaves the package and is never compared
record NonNegativeMatrix(int size, int[] start, int[] column, double[] lower, double[] upper) {

    /// `|A|`.
    static NonNegativeMatrix absolute(SparseMatrix a) {
        double[] value = new double[a.nonZeros()];
        for (int p = 0; p < value.length; p++) {
            value[p] = Math.abs(a.value()[p]);
        }
        return new NonNegativeMatrix(a.size(), a.start(), a.column(), value, value);
    }

    /// This matrix with row `i` multiplied by `gamma(i) > 0`.
    NonNegativeMatrix times(IntToDoubleFunction gamma) {
        boolean any = false;
        for (int i = 0; i < size; i++) {
            any |= gamma.applyAsDouble(i) != 1;
        }
        if (!any) {
            return this;
        }
        double[] low = new double[lower.length];
        double[] high = new double[upper.length];
        for (int i = 0; i < size; i++) {
            scaleRow(i, gamma.applyAsDouble(i), low, high);
        }
        return new NonNegativeMatrix(size, start, column, low, high);
    }

    private void scaleRow(int i, double gamma, double[] low, double[] high) {
        for (int p = start[i]; p < start[i + 1]; p++) {
            low[p] = lower[p] * gamma;
            high[p] = upper[p] * gamma;
            // The error of a product that is far from underflow is a double, which the fused multiply-add returns.
            boolean exact = low[p] > 0x1p-900
                    && Math.fma(lower[p], gamma, -low[p]) == 0
                    && Math.fma(upper[p], gamma, -high[p]) == 0;
            if (!exact) {
                low[p] = Math.max(0, Math.nextDown(low[p]));
                high[p] = Math.nextUp(high[p]);
            }
        }
    }

    /// The largest number of entries of a row.
    int longestRow() {
        int longest = 0;
        for (int i = 0; i < size; i++) {
            longest = Math.max(longest, start[i + 1] - start[i]);
        }
        return longest;
    }

    /// The principal submatrix of the given increasing indices. `local` is scratch of `size` zeros, left as it was.
    NonNegativeMatrix principal(int[] indices, int[] local) {
        if (indices.length == size) {
            return this;
        }
        int count = 0;
        for (int k = 0; k < indices.length; k++) {
            local[indices[k]] = k + 1;
        }
        for (int i : indices) {
            for (int p = start[i]; p < start[i + 1]; p++) {
                if (local[column[p]] > 0) {
                    count++;
                }
            }
        }
        int[] subStart = new int[indices.length + 1];
        int[] subColumn = new int[count];
        double[] low = new double[count];
        double[] high = new double[count];
        int q = 0;
        for (int k = 0; k < indices.length; k++) {
            int i = indices[k];
            for (int p = start[i]; p < start[i + 1]; p++) {
                int j = local[column[p]];
                if (j > 0) {
                    subColumn[q] = j - 1;
                    low[q] = lower[p];
                    high[q++] = upper[p];
                }
            }
            subStart[k + 1] = q;
        }
        for (int i : indices) {
            local[i] = 0;
        }
        return new NonNegativeMatrix(indices.length, subStart, subColumn, low, high);
    }

    /// `y = upper x`, rounded to nearest.
    void timesUpper(double[] x, double[] y) {
        times(upper, x, y);
    }

    /// `y = lower x`, rounded to nearest.
    void timesLower(double[] x, double[] y) {
        times(lower, x, y);
    }

    private void times(double[] value, double[] x, double[] y) {
        for (int i = 0; i < size; i++) {
            double sum = 0;
            for (int p = start[i]; p < start[i + 1]; p++) {
                sum += value[p] * x[column[p]];
            }
            y[i] = sum;
        }
    }
}
