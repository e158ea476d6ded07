package dev.stillpoint.io;

import java.lang.foreign.MemorySegment;

/// Elements of any type, unchanged but for their order and byte order, into memory: little-endian, C order.
final class BitSink extends Sink {
    private final MemorySegment target;

    BitSink(ElementFormat format, MemorySegment target) {
        super(format);
        this.target = target;
    }

    @Override
    void store(long[] bits, int count, long base, long stride) {
        format.storeLittleEndian(bits, count, target, base, stride);
    }
}
