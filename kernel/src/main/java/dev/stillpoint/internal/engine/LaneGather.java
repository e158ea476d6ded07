package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.Arrays;

/// Puts samples, the rows of a matrix, into the lanes of an FP64 panel `[row][lane]`: rows are read whole, a block
/// of columns at a time, and the block is transposed while it is in the first-level cache.
///
/// For one thread.
public final class LaneGather {
    /// Columns of a block.
    private static final int COLUMNS = 128;

    /// Lanes that are written together.
    private static final int TOGETHER = 8;

    private final float[] floats;
    private final double[] doubles;

    /// A gatherer for strips of `width` lanes.
    public LaneGather(int width) {
        floats = new float[width * COLUMNS];
        doubles = new double[width * COLUMNS];
    }

    /// Bytes of its arrays.
    public long bytes() {
        return (long) Float.BYTES * floats.length + (long) Double.BYTES * doubles.length;
    }

    /// Gathers `count` samples, at most `width`. The lanes behind them become 0.
    ///
    /// @param from samples in its rows
    /// @param first the row of the first
    /// @param panel `[column][width]` from `o` on, overwritten
    public void gather(Matrix from, int first, int count, double[] panel, int o, int width) {
        boolean single = from.precision() == Precision.F32;
        Arrays.fill(floats, count * COLUMNS, width * COLUMNS, 0);
        Arrays.fill(doubles, count * COLUMNS, width * COLUMNS, 0);
        for (int begin = 0; begin < from.columns(); begin += COLUMNS) {
            int size = Math.min(COLUMNS, from.columns() - begin);
            Matrix block = from.slice(first, begin, count, size);
            for (int s = 0; s < count; s++) {
                if (single) {
                    block.getRow(s, floats, s * COLUMNS);
                } else {
                    block.getRow(s, doubles, s * COLUMNS);
                }
            }
            int to = o + begin * width;
            if (single) {
                transpose(floats, size, panel, to, width);
            } else {
                transpose(doubles, size, panel, to, width);
            }
        }
    }

    private static void transpose(float[] from, int size, double[] to, int o, int width) {
        int s = 0;
        for (; s + TOGETHER <= width; s += TOGETHER) {
            transposeEight(from, s * COLUMNS, size, to, o + s, width);
        }
        for (; s < width; s++) {
            for (int j = 0; j < size; j++) {
                to[o + j * width + s] = from[s * COLUMNS + j];
            }
        }
    }

    private static void transpose(double[] from, int size, double[] to, int o, int width) {
        int s = 0;
        for (; s + TOGETHER <= width; s += TOGETHER) {
            transposeEight(from, s * COLUMNS, size, to, o + s, width);
        }
        for (; s < width; s++) {
            for (int j = 0; j < size; j++) {
                to[o + j * width + s] = from[s * COLUMNS + j];
            }
        }
    }

    private static void transposeEight(float[] from, int o, int size, double[] to, int begin, int width) {
        for (int j = 0; j < size; j++) {
            int at = begin + j * width;
            to[at] = from[o + j];
            to[at + 1] = from[o + COLUMNS + j];
            to[at + 2] = from[o + 2 * COLUMNS + j];
            to[at + 3] = from[o + 3 * COLUMNS + j];
            to[at + 4] = from[o + 4 * COLUMNS + j];
            to[at + 5] = from[o + 5 * COLUMNS + j];
            to[at + 6] = from[o + 6 * COLUMNS + j];
            to[at + 7] = from[o + 7 * COLUMNS + j];
        }
    }

    private static void transposeEight(double[] from, int o, int size, double[] to, int begin, int width) {
        for (int j = 0; j < size; j++) {
            int at = begin + j * width;
            to[at] = from[o + j];
            to[at + 1] = from[o + COLUMNS + j];
            to[at + 2] = from[o + 2 * COLUMNS + j];
            to[at + 3] = from[o + 3 * COLUMNS + j];
            to[at + 4] = from[o + 4 * COLUMNS + j];
            to[at + 5] = from[o + 5 * COLUMNS + j];
            to[at + 6] = from[o + 6 * COLUMNS + j];
            to[at + 7] = from[o + 7 * COLUMNS + j];
        }
    }
}
