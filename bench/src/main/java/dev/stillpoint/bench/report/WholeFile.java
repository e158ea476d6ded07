package dev.stillpoint.bench.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file that appears whole or not at all.
final class WholeFile {
    private WholeFile() {}

    /// What is to be in a file.
    interface Content {
        /// Writes it.
        ///
        /// @throws IOException when the stream throws one
        void writeTo(OutputStream stream) throws IOException;
    }

    /// Writes a file, or replaces it.
    ///
    /// @throws IOException when it cannot be written; what was there before is there still
    static void write(Path file, Content content) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (OutputStream stream = Files.newOutputStream(partial)) {
                content.writeTo(stream);
            }
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
