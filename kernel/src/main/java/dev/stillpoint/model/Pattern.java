package dev.stillpoint.model;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import java.util.Arrays;

/// Which entries of a matrix may differ from zero: those of row `i` are in columns `column[start[i] ..
/// start[i+1])`, increasing.
///
/// The arrays are shared, not copied, and nobody writes to them.
///
/// @param rows the number of rows
/// @param columns the number of columns
/// @param start where rows begin, `rows + 1` values
/// @param column the column of each entry; may be longer than the entries
@SuppressWarnings("ArrayRecordComponent") // package-private data that never leaves the package and is never compared
record Pattern(int rows, int columns, int[] start, int[] column) {

    /// Which rows have an entry.
    boolean[] usedRows() {
        boolean[] used = new boolean[rows];
        for (int i = 0; i < rows; i++) {
            used[i] = start[i] < start[i + 1];
        }
        return used;
    }

    /// Which columns have an entry.
    boolean[] usedColumns() {
        boolean[] used = new boolean[columns];
        for (int p = 0; p < start[rows]; p++) {
            used[column[p]] = true;
        }
        return used;
    }

    /// Whether entry `(i, j)` may differ from zero.
    boolean has(int i, int j) {
        return Arrays.binarySearch(column, start[i], start[i + 1], j) >= 0;
    }

    /// The pattern over activation blocks of a square one: entry `(k, l)` where a state of block `k` depends on
    /// one of block `l`.
    Pattern over(ActivationBlocks blocks) {
        int count = blocks.count();
        Rows found = new Rows(count, count);
        for (int k = 0; k < count; k++) {
            int first = start[blocks.begin(k)];
            int last = start[blocks.begin(k + 1)];
            for (int p = first; p < last; p++) {
                found.add(blocks.blockOf(column[p]));
            }
            found.endRow();
        }
        return found.toPattern();
    }

    /// The pattern of the rows and columns of which a square one keeps `kept`, increasing.
    Pattern principal(int[] kept) {
        int[] local = new int[columns];
        Arrays.fill(local, -1);
        for (int k = 0; k < kept.length; k++) {
            local[kept[k]] = k;
        }
        int[] subStart = new int[kept.length + 1];
        Growing entries = new Growing();
        for (int k = 0; k < kept.length; k++) {
            for (int p = start[kept[k]]; p < start[kept[k] + 1]; p++) {
                if (local[column[p]] >= 0) {
                    entries.add(local[column[p]]);
                }
            }
            subStart[k + 1] = entries.count();
        }
        return new Pattern(kept.length, kept.length, subStart, entries.toArray());
    }

    /// A pattern as it is found, row after row, the entries of a row in any order and perhaps more than once.
    static final class Rows {
        private final int columns;
        private final int[] start;
        private final int[] seen;
        private final Growing entries = new Growing();
        private int row;

        Rows(int rows, int columns) {
            this.columns = columns;
            start = new int[rows + 1];
            seen = new int[columns];
        }

        void add(int column) {
            if (seen[column] != row + 1) {
                seen[column] = row + 1;
                entries.add(column);
            }
        }

        void endRow() {
            entries.sortFrom(start[row]);
            start[++row] = entries.count();
        }

        Pattern toPattern() {
            return new Pattern(row, columns, start, entries.toArray());
        }
    }

    /// Column indices as they come.
    static final class Growing {
        private int[] values = new int[64];
        private int count;

        void add(int value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.toIntExact(Math.min(2L * count, Integer.MAX_VALUE - 8)));
            }
            values[count++] = value;
        }

        int count() {
            return count;
        }

        void sortFrom(int first) {
            Arrays.sort(values, first, count);
        }

        int[] toArray() {
            return Arrays.copyOf(values, count);
        }
    }
}
