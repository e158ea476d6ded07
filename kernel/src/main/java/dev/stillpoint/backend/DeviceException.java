package dev.stillpoint.backend;

import java.io.Serial;

/// A call to a device failed. The message names the call and the symbolic error code, and holds the build log where
/// there is one.
public final class DeviceException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// An exception with a message of its own.
    public DeviceException(String message) {
        super(message);
    }
}
