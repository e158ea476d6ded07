package dev.stillpoint.backend;

import java.io.Serial;

/// A backend or a device cannot work here. The message gives the reason.
public final class BackendUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// An exception with a message of its own.
    public BackendUnavailableException(String message) {
        super(message);
    }

    /// An exception with a message of its own, and its cause.
    public BackendUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
