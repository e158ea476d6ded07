package dev.stillpoint.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a backend registers with `ServiceLoader`. Making a provider must be cheap and must not fail: it touches no
/// native library before it is asked.
public interface BackendProvider {
    /// The name, such as `cpu` or `opencl`.
    String name();

    /// The devices that this backend finds on this machine, those it cannot use included.
    ///
    /// @throws BackendUnavailableException when it finds none, with the reason
    List<DeviceInfo> devices();

    /// The backend on one device.
    ///
    /// @param device a number of [#devices()] or a part of a name, or null for the first device
    /// @throws BackendUnavailableException when the backend or the device cannot work here, with the reason
    Backend open(@Nullable String device);
}
