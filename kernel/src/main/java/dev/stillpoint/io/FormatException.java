package dev.stillpoint.io;

import java.io.IOException;
import java.io.Serial;

/// A file whose content is not what it has to be: malformed, truncated, inconsistent, of an unsupported type, or of
/// another shape than asked for.
///
/// The message is one line that names the file, the array where there is one, what was found and what was expected.
public final class FormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// An exception with a message of its own.
    public FormatException(String message) {
        super(message);
    }
}
