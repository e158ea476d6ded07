package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.stillpoint.matrix.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The values of a plan's operators, one after the other, in the working precision: planned first, written once.
final class Entries {
    private final Precision precision;
    private final List<Piece> pieces = new ArrayList<>();
    private long size;

    /// Writes a piece.
    @FunctionalInterface
    interface Source {
        /// Writes all values.
        void write(Target target);
    }

    /// Takes the values of a piece.
    @FunctionalInterface
    interface Target {
        /// Puts `value`, rounded to the working precision, at `index` of the piece. What is not put is zero.
        void put(long index, double value);
    }

    private record Piece(long begin, Source source) {}

    Entries(Precision precision) {
        this.precision = precision;
    }

    /// Plans `count` values; where they begin.
    long add(long count, Source source) {
        long begin = size;
        pieces.add(new Piece(begin, source));
        size = Math.addExact(size, count);
        return begin;
    }

    /// Bytes of all values, and of one more, so that there is something.
    long bytes() {
        return Math.multiplyExact(Math.addExact(size, 1), precision.bytes());
    }

    /// Writes all values to new memory.
    MemorySegment write(Arena arena) {
        MemorySegment memory = arena.allocate(bytes(), precision.bytes());
        for (Piece piece : pieces) {
            piece.source.write(
                    precision == Precision.F32
                            ? (index, value) -> memory.setAtIndex(JAVA_FLOAT, piece.begin + index, (float) value)
                            : (index, value) -> memory.setAtIndex(JAVA_DOUBLE, piece.begin + index, value));
        }
        return memory;
    }
}
