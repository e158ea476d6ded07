package dev.stillpoint.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.function.Executable;

/// Files as bytes, well and badly formed.
final class FileBytes {
    private FileBytes() {}

    /// A committed fixture, copied into `directory`.
    static Path fixture(Path directory, String name) throws IOException {
        try (InputStream stream = FileBytes.class.getResourceAsStream(name)) {
            assertTrue(stream != null, name);
            return Files.write(directory.resolve(name), stream.readAllBytes());
        }
    }

    /// A `.npy` file of version 1.0 with this dictionary.
    static byte[] npy(String dictionary, byte[] payload) {
        byte[] header = dictionary.getBytes(StandardCharsets.ISO_8859_1);
        return little(10 + header.length + payload.length)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length)
                .put(header)
                .put(payload)
                .array();
    }

    /// A `.npy` file of little-endian `f8` values.
    static byte[] npy(String shape, double... values) {
        return npy("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }\n", bytes(values));
    }

    /// A `.safetensors` file.
    static byte[] safetensors(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return little(8 + text.length + data.length)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }

    static byte[] bytes(double... values) {
        byte[] bytes = new byte[8 * values.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
        return bytes;
    }

    static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater(9, true);
        try {
            deflater.setInput(data);
            deflater.finish();
            byte[] buffer = new byte[2 * data.length + 64];
            return Arrays.copyOf(buffer, deflater.deflate(buffer));
        } finally {
            deflater.end();
        }
    }

    /// All bytes of `buffer`, written or not.
    static byte[] content(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Checks that `action` refuses the content of a file, on one line that begins with the file's name and holds all
    /// of `parts`.
    static void assertRefused(Path file, Executable action, String... parts) {
        FormatException e = assertThrows(FormatException.class, action);
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(file + ": "), message);
        assertEquals(1, message.lines().count(), message);
        for (String part : parts) {
            assertTrue(message.contains(part), "'" + message + "' does not hold '" + part + "'");
        }
    }

    /// Checks that `directory` holds exactly the files `names`.
    static void assertFiles(Path directory, String... names) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<String> found = files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
            assertEquals(Stream.of(names).sorted().toList(), found);
        }
    }
}
