package dev.stillpoint.opencl;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendProvider;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.opencl.internal.ClCalls;
import dev.stillpoint.opencl.internal.DeviceListing;
import dev.stillpoint.opencl.internal.FoundDevice;
import dev.stillpoint.opencl.internal.OpenClLoader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The backend `opencl`: lists OpenCL devices and says which of them give the CPU's bits.
///
/// Making a provider does nothing; the first listing loads OpenCL into the process, where it stays. May be used
/// from any thread.
public final class OpenClBackendProvider implements BackendProvider {
    private final List<String> libraryNames;

    /// A provider that looks for the system's OpenCL loader, by the names that are usual on the operating system.
    public OpenClBackendProvider() {
        this(OpenClLoader.defaultNames(System.getProperty("os.name", "")));
    }

    /// A provider that looks for libraries of these names, in order.
    OpenClBackendProvider(List<String> libraryNames) {
        this.libraryNames = List.copyOf(libraryNames);
    }

    @Override
    public String name() {
        return DeviceListing.BACKEND;
    }

    /// The devices of all OpenCL platforms: graphics processors first, then accelerators, processors and others,
    /// each in the order of the platforms. The self-test runs on each.
    ///
    /// A device is bit-exact when its driver reports what that needs and the self-test agrees, in FP32, and in FP64
    /// where it is offered; the reason names what is missing or differs. A device that cannot be asked or cannot
    /// run the self-test is listed with that as its reason; it does not spoil the listing.
    ///
    /// @throws BackendUnavailableException when there is no OpenCL loader, no platform or no device, with the
    ///     reason
    @Override
    public List<DeviceInfo> devices() {
        return DeviceListing.find(new ClCalls(), libraryNames).infos();
    }

    /// Refuses: the OpenCL engine for solves is not part of this version.
    ///
    /// @throws BackendUnavailableException always: when OpenCL or the device cannot be had, with that reason
    @Override
    public Backend open(@Nullable String device) {
        DeviceListing listing = DeviceListing.find(new ClCalls(), libraryNames);
        int index = listing.choose(device);
        FoundDevice found = listing.devices().get(index);
        throw new BackendUnavailableException(
                "the OpenCL engine for solves is not part of this version: device %d (%s) can be listed only"
                        .formatted(index, found.name()));
    }
}
