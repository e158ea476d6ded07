package dev.stillpoint.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// A file of arrays by name: `.npz` or `.safetensors`.
public sealed interface ArrayFile permits NumpyArchive, Safetensors {
    /// Opens a file of either format, which its first bytes tell, not its name. It stays mapped until it and its
    /// arrays can no longer be reached.
    ///
    /// @throws FormatException when it is of neither format, or malformed
    /// @throws IOException when it does not exist or cannot be read
    static ArrayFile read(Path file) throws IOException {
        MemorySegment bytes = MappedFile.map(file, Arena.ofAuto());
        if (bytes.byteSize() > 1
                && bytes.get(ValueLayout.JAVA_BYTE, 0) == 'P'
                && bytes.get(ValueLayout.JAVA_BYTE, 1) == 'K') {
            return NumpyArchive.read(file, bytes);
        }
        if (bytes.byteSize() > 8 && bytes.get(ValueLayout.JAVA_BYTE, 8) == '{') {
            return Safetensors.read(file, bytes);
        }
        throw Origin.of(file).malformed("is neither an .npz nor a .safetensors file");
    }

    /// The file, as the caller named it.
    Path file();

    /// The arrays' names, in the file's order.
    Set<String> names();

    /// The texts by name that the file carries beside its arrays: none in an `.npz` file.
    Map<String, String> metadata();

    /// The array `name`.
    ///
    /// @throws FormatException when there is none, it is malformed, or its type is not supported
    NumericArray array(String name) throws FormatException;
}
