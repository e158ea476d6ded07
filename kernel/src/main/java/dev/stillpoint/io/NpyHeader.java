package dev.stillpoint.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The header of a `.npy` file: magic, version, length, and a Python dictionary with type, order and shape.
///
/// Versions 1.0 (length of 16 bits), 2.0 (32 bits) and 3.0 (32 bits, UTF-8) are read, 1.0 is written. What follows
/// the header must be exactly the elements.
///
/// @param layout type, order and shape
/// @param start the byte at which the elements begin
record NpyHeader(Layout layout, long start) {
    /// Bytes from the begin of a file that hold every header that is accepted.
    static final int LONGEST = 12 + 0xFFFF;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    // NumPy leaves room for the outermost extent to grow to 21 digits in place.
    private static final int ROOM_TO_GROW = 21;

    /// Reads the header at the begin of `prefix`.
    ///
    /// @param prefix the first [#LONGEST] bytes, all of them where there are fewer
    /// @param total bytes of the whole file or member
    static NpyHeader read(MemorySegment prefix, long total, Origin origin) throws FormatException {
        for (int i = 0; i < MAGIC.length; i++) {
            if (i < prefix.byteSize() && prefix.get(ValueLayout.JAVA_BYTE, i) != MAGIC[i]) {
                throw origin.malformed("is no .npy data: expected the bytes \\x93NUMPY at the begin");
            }
        }
        require(10, prefix, total, origin);
        int major = prefix.get(ValueLayout.JAVA_BYTE, 6) & 0xFF;
        int minor = prefix.get(ValueLayout.JAVA_BYTE, 7) & 0xFF;
        if (major < 1 || major > 3 || minor != 0) {
            throw origin.malformed(
                    "has version %d.%d of the .npy format, expected 1.0, 2.0 or 3.0".formatted(major, minor));
        }
        int begin = major == 1 ? 10 : 12;
        require(begin, prefix, total, origin);
        long length = major == 1 ? LittleEndian.u16(prefix, 8) : LittleEndian.u32(prefix, 8);
        if (length > 0xFFFF) {
            throw origin.malformed("states a header of %d bytes, expected at most %d".formatted(length, 0xFFFF));
        }
        require(begin + length, prefix, total, origin);
        byte[] text = prefix.asSlice(begin, length).toArray(ValueLayout.JAVA_BYTE);
        Layout layout = new NpyHeaderParser(new String(text, StandardCharsets.ISO_8859_1), origin).parse();
        long start = begin + length;
        checkSize(layout, total - start, origin);
        return new NpyHeader(layout, start);
    }

    /// The header of little-endian elements in C order.
    ///
    /// @throws IllegalArgumentException when NumPy has no such type
    static byte[] write(ElementType type, Shape shape) {
        if (!type.isNumpy()) {
            throw new IllegalArgumentException("NumPy files cannot hold elements of type " + type.label());
        }
        StringBuilder text = new StringBuilder("{'descr': '%s%c%d', 'fortran_order': False, 'shape': %s, }"
                .formatted(type.bytes() == 1 ? "|" : "<", type.kind(), type.bytes(), shape));
        if (shape.rank() > 0) {
            text.repeat(' ', ROOM_TO_GROW - Long.toString(shape.extent(0)).length());
        }
        int used = MAGIC.length + 4 + text.length() + 1;
        text.repeat(' ', ALIGNMENT - used % ALIGNMENT).append('\n');
        byte[] header = Arrays.copyOf(MAGIC, MAGIC.length + 4 + text.length());
        header[6] = 1;
        header[8] = (byte) text.length();
        header[9] = (byte) (text.length() >> 8);
        byte[] ascii = text.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, 10, ascii.length);
        return header;
    }

    private static void checkSize(Layout layout, long available, Origin origin) throws FormatException {
        long expected;
        try {
            expected = layout.bytes();
        } catch (ArithmeticException e) {
            throw tooLarge(layout, available, origin);
        }
        if (expected > available) {
            throw tooLarge(layout, available, origin);
        }
        if (expected < available) {
            throw origin.malformed("has %d bytes behind its elements: %s elements of type %s take %d bytes, found %d"
                    .formatted(
                            available - expected, layout.shape(), layout.type().label(), expected, available));
        }
    }

    private static FormatException tooLarge(Layout layout, long available, Origin origin) {
        return origin.malformed("is truncated: expected %s elements of type %s, found only %d bytes"
                .formatted(layout.shape(), layout.type().label(), available));
    }

    private static void require(long bytes, MemorySegment prefix, long total, Origin origin) throws FormatException {
        if (prefix.byteSize() < bytes) {
            throw origin.malformed("is truncated: expected a header of at least %d bytes, found %d bytes in all"
                    .formatted(bytes, total));
        }
    }
}
