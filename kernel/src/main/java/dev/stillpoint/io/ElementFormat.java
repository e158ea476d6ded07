package dev.stillpoint.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How an element lies in memory: its type and its byte order.
record ElementFormat(ElementType type, boolean bigEndian) {
    // Constants, so that the compiler sees through the access; the other byte order is one instruction more.
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final boolean NATIVE_BIG = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

    static ElementFormat ofNative(ElementType type) {
        return new ElementFormat(type, NATIVE_BIG);
    }

    /// Whether elements lie in this machine's byte order.
    boolean isNative() {
        return bigEndian == NATIVE_BIG || type.bytes() == 1;
    }

    ByteOrder order() {
        return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /// Loads the bits of `count` elements from byte `offset` of `source` on, each extended with zeros.
    void load(MemorySegment source, long offset, long[] bits, int count) {
        boolean swap = bigEndian;
        switch (type.bytes()) {
            case 1 -> {
                for (int k = 0; k < count; k++) {
                    bits[k] = source.get(ValueLayout.JAVA_BYTE, offset + k) & 0xFFL;
                }
            }
            case 2 -> {
                for (int k = 0; k < count; k++) {
                    short value = source.get(SHORT, offset + 2L * k);
                    bits[k] = (swap ? Short.reverseBytes(value) : value) & 0xFFFFL;
                }
            }
            case 4 -> {
                for (int k = 0; k < count; k++) {
                    int value = source.get(INT, offset + 4L * k);
                    bits[k] = (swap ? Integer.reverseBytes(value) : value) & 0xFFFFFFFFL;
                }
            }
            default -> {
                for (int k = 0; k < count; k++) {
                    long value = source.get(LONG, offset + 8L * k);
                    bits[k] = swap ? Long.reverseBytes(value) : value;
                }
            }
        }
    }

    /// Stores the bits of `count` elements in `target`, little-endian, the first as element `base`, each next one
    /// `stride` elements further.
    void storeLittleEndian(long[] bits, int count, MemorySegment target, long base, long stride) {
        switch (type.bytes()) {
            case 1 -> {
                for (int k = 0; k < count; k++) {
                    target.set(ValueLayout.JAVA_BYTE, base + k * stride, (byte) bits[k]);
                }
            }
            case 2 -> {
                for (int k = 0; k < count; k++) {
                    target.set(SHORT, 2 * (base + k * stride), (short) bits[k]);
                }
            }
            case 4 -> {
                for (int k = 0; k < count; k++) {
                    target.set(INT, 4 * (base + k * stride), (int) bits[k]);
                }
            }
            default -> {
                for (int k = 0; k < count; k++) {
                    target.set(LONG, 8 * (base + k * stride), bits[k]);
                }
            }
        }
    }
}
