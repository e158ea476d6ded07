package dev.stillpoint.validation.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// A report as one self-contained web page.
///
/// @param title the title
/// @param lead what the report says, in a sentence or two
/// @param environment on what it was made, shown at the end
/// @param blocks the content, in order
public record Page(String title, String lead, Environment environment, List<Block> blocks) {
    /// Copies the list.
    public Page {
        blocks = List.copyOf(blocks);
    }

    /// The page as HTML. Equal pages give equal text.
    public String toHtml() {
        return new PageWriter().write(this);
    }

    /// Writes the page to `file`, in UTF-8. The file appears whole or not at all; one that is there is replaced.
    ///
    /// @throws IOException when the file cannot be written
    public void write(Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, toHtml(), StandardCharsets.UTF_8);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
