package dev.stillpoint.io;

/// Integers of any type into a `long[]`, exactly.
final class LongSink extends Sink {
    private final long[] target;
    private final Origin origin;

    LongSink(ElementFormat format, long[] target, Origin origin) {
        super(format);
        this.target = target;
        this.origin = origin;
    }

    @Override
    void store(long[] bits, int count, long first, long elementStride) throws FormatException {
        ElementType type = format.type();
        int base = (int) first;
        int stride = (int) elementStride;
        int shift = type.isSigned() ? Long.SIZE - 8 * type.bytes() : 0;
        for (int k = 0; k < count; k++) {
            long value = bits[k] << shift >> shift;
            if (type == ElementType.BOOL && value != 0) {
                value = 1;
            } else if (type == ElementType.U64 && value < 0) {
                throw origin.malformed("the value %s exceeds the largest signed 64-bit integer"
                        .formatted(Long.toUnsignedString(value)));
            }
            target[base + k * stride] = value;
        }
    }
}
