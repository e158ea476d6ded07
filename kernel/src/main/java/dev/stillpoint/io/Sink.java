package dev.stillpoint.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Where the elements of an array go, one conversion on the way.
///
/// Elements arrive in runs; the sink's own numbering is C order. A run goes through a small block of bits, so that
/// four loops for the widths and one for each meaning of the bits serve every pair of types.
abstract class Sink {
    private static final int BLOCK = 512;

    /// How arriving elements lie in memory.
    protected final ElementFormat format;

    private final long[] bits = new long[BLOCK];

    Sink(ElementFormat format) {
        this.format = format;
    }

    /// Takes `count` elements from byte `offset` of `source` on: the first becomes element `base`, each next one
    /// `stride` elements further.
    void put(MemorySegment source, long offset, long count, long base, long stride) throws IOException {
        int bytes = format.type().bytes();
        for (long done = 0; done < count; done += BLOCK) {
            int size = (int) Math.min(BLOCK, count - done);
            format.load(source, offset + done * bytes, bits, size);
            store(bits, size, base + done * stride, stride);
        }
    }

    /// Stores `count` elements given by their bits, extended with zeros.
    abstract void store(long[] bits, int count, long base, long stride) throws IOException;
}
