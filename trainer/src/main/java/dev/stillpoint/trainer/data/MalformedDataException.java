package dev.stillpoint.trainer.data;

import java.io.IOException;
import java.io.Serial;

/// A data file is not what it should be. The message is one line: the file, what is wrong, what was expected.
public final class MalformedDataException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// An exception about a file.
    ///
    /// @param file the file
    /// @param problem what is wrong, and what was expected
    public MalformedDataException(String file, String problem) {
        super(file + ": " + problem);
    }

    /// An exception about a file, and its cause.
    ///
    /// @param file the file
    /// @param problem what is wrong, and what was expected
    /// @param cause what found it
    public MalformedDataException(String file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
