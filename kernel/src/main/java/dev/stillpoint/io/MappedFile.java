package dev.stillpoint.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// Maps whole files for reading.
final class MappedFile {
    private MappedFile() {}

    /// The bytes of `file`, mapped, for as long as `arena` lives.
    ///
    /// @throws IOException when there is no such file or it cannot be read; the message says which
    static MemorySegment map(Path file, Arena arena) throws IOException {
        String name = Origin.of(file).file();
        try {
            // Checked first, since opening a pipe would wait for its writer.
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new FileSystemException(name, null, "expected a regular file");
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            }
        } catch (NoSuchFileException e) {
            throw withReason(new NoSuchFileException(name, null, "no such file"), e);
        } catch (AccessDeniedException e) {
            throw withReason(new AccessDeniedException(name, null, "no permission to read it"), e);
        }
    }

    private static IOException withReason(IOException clear, IOException cause) {
        clear.initCause(cause);
        return clear;
    }
}
