package dev.stillpoint.opencl.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The content of a file of the cache.
///
/// | offset | bytes | content |
/// | --- | --- | --- |
/// | 0 | 8 | `STILLCLB` |
/// | 8 | 4 | the format's number |
/// | 12 | 32 | the program's key |
/// | 44 | 8 | length of the payload |
/// | 52 | 32 | SHA-256 of the payload |
/// | 84 | length | the payload: the program's binary, as the driver gave it |
///
/// Numbers have the high byte first. Every byte is checked, so that no damaged binary reaches the driver, which
/// may crash on one.
final class ProgramFile {
    /// The number of this format and of what the key is made of. A change of either changes it.
    static final int FORMAT = 1;

    /// Length of what stands before the payload.
    static final int HEADER = 84;

    /// The longest payload that fits into one array with the header.
    static final int LARGEST = Integer.MAX_VALUE - 8 - HEADER;

    private static final byte[] MAGIC = "STILLCLB".getBytes(StandardCharsets.US_ASCII);

    private ProgramFile() {}

    /// The content of the file of a program.
    static byte[] encode(ProgramKey key, byte[] binary) {
        return ByteBuffer.allocate(Math.addExact(HEADER, binary.length))
                .put(MAGIC)
                .putInt(FORMAT)
                .put(key.toBytes())
                .putLong(binary.length)
                .put(ProgramKey.sha256(binary))
                .put(binary)
                .array();
    }

    /// The binary of the program with that key.
    ///
    /// @throws StaleProgramException when the content is not that of such a file, with the reason
    static byte[] decode(ProgramKey key, byte[] content) throws StaleProgramException {
        if (content.length < HEADER) {
            throw new StaleProgramException(
                    "has %d bytes, fewer than the %d of a header".formatted(content.length, HEADER));
        }
        ByteBuffer buffer = ByteBuffer.wrap(content);
        if (!Arrays.equals(take(buffer, MAGIC.length), MAGIC)) {
            throw new StaleProgramException("does not start with STILLCLB");
        }
        int format = buffer.getInt();
        if (format != FORMAT) {
            throw new StaleProgramException("has format %d, expected %d".formatted(format, FORMAT));
        }
        if (!Arrays.equals(take(buffer, ProgramKey.BYTES), key.toBytes())) {
            throw new StaleProgramException("holds a program of another key");
        }
        long length = buffer.getLong();
        byte[] hash = take(buffer, ProgramKey.BYTES);
        if (length != buffer.remaining()) {
            throw new StaleProgramException(
                    "says that its binary has %d bytes, it has %d".formatted(length, buffer.remaining()));
        }
        byte[] binary = take(buffer, buffer.remaining());
        if (!Arrays.equals(ProgramKey.sha256(binary), hash)) {
            throw new StaleProgramException("is damaged: its binary's SHA-256 is not the one in its header");
        }
        return binary;
    }

    private static byte[] take(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}
