package dev.stillpoint.opencl.internal;

import java.io.IOException;
import java.io.Serial;

/// A file of the cache is not what its name promises. The message says why, for use after the file's name.
final class StaleProgramException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    StaleProgramException(String message) {
        super(message);
    }
}
