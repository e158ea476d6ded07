package dev.stillpoint.opencl.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// What a compiled program depends on, as one number of 256 bits.
///
///     key = SHA-256(format | platform | platform version | device | OpenCL version | driver version | options |
/// source)
///
/// `format` is four bytes, the high one first; a text is its length in bytes, stored like that, and then its
/// UTF-8 bytes. With the lengths no two lists of texts agree when they are written one after the other. A program
/// that includes files, or that is changed by the driver's environment variables, depends on more than this.
final class ProgramKey {
    /// How many bytes it has.
    static final int BYTES = 32;

    private final byte[] bytes;

    private ProgramKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The key of a program.
    ///
    /// @param platformVersion what the platform says of its version
    /// @param device the device it is compiled for
    /// @param source its text
    /// @param options what the compiler is told
    static ProgramKey of(String platformVersion, DeviceDescription device, String source, String options) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(number(ProgramFile.FORMAT));
        for (String text : List.of(
                device.platform(),
                platformVersion,
                device.name(),
                device.version(),
                device.driverVersion(),
                options,
                source)) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            content.writeBytes(number(encoded.length));
            content.writeBytes(encoded);
        }
        return new ProgramKey(sha256(content.toByteArray()));
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /// The SHA-256 of some bytes.
    static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// A copy of its bytes.
    byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProgramKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Its bytes in hexadecimal.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
