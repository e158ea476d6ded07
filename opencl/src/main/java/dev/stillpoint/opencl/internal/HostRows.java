package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Rows of matrices in native memory, in the working precision, as they travel to and from a device.
final class HostRows {
    private final Precision precision;
    private final int columns;
    private final MemorySegment memory;
    private final float[] single;
    private final double[] both;

    /// Rows of `columns` values in `memory`.
    HostRows(Precision precision, int columns, MemorySegment memory) {
        this.precision = precision;
        this.columns = columns;
        this.memory = memory;
        single = new float[precision == Precision.F32 ? columns : 0];
        both = new double[precision == Precision.F64 ? columns : 0];
    }

    /// Room for `rows` rows.
    static HostRows allocate(Arena arena, Precision precision, int rows, int columns) {
        long size = ((long) rows * columns + 1) * precision.bytes();
        return new HostRows(precision, columns, arena.allocate(size, precision.bytes()));
    }

    /// The memory of the first `count` rows, and a value more, so that there is something.
    MemorySegment first(int count) {
        return memory.asSlice(0, ((long) count * columns + 1) * precision.bytes());
    }

    /// Takes row `i` of `matrix` as row `s`.
    void take(int s, Matrix matrix, int i) {
        long begin = (long) s * columns;
        switch (precision) {
            case F32 -> {
                matrix.getRow(i, single, 0);
                MemorySegment.copy(single, 0, memory, JAVA_FLOAT, begin * Float.BYTES, columns);
            }
            case F64 -> {
                matrix.getRow(i, both, 0);
                MemorySegment.copy(both, 0, memory, JAVA_DOUBLE, begin * Double.BYTES, columns);
            }
        }
    }

    /// Writes row `s` to row `i` of `matrix`, with the canonical not-a-number for any other.
    void give(int s, Matrix matrix, int i) {
        long begin = (long) s * columns;
        switch (precision) {
            case F32 -> {
                MemorySegment.copy(memory, JAVA_FLOAT, begin * Float.BYTES, single, 0, columns);
                for (int j = 0; j < columns; j++) {
                    single[j] = Float.isNaN(single[j]) ? Float.NaN : single[j];
                }
                matrix.setRow(i, single, 0);
            }
            case F64 -> {
                MemorySegment.copy(memory, JAVA_DOUBLE, begin * Double.BYTES, both, 0, columns);
                for (int j = 0; j < columns; j++) {
                    both[j] = Double.isNaN(both[j]) ? Double.NaN : both[j];
                }
                matrix.setRow(i, both, 0);
            }
        }
    }

    /// Makes row `s` zero.
    void clear(int s) {
        memory.asSlice((long) s * columns * precision.bytes(), (long) columns * precision.bytes())
                .fill((byte) 0);
    }

    /// Value `i` where rows have one.
    double value(int i) {
        return precision == Precision.F32 ? memory.getAtIndex(JAVA_FLOAT, i) : memory.getAtIndex(JAVA_DOUBLE, i);
    }
}
