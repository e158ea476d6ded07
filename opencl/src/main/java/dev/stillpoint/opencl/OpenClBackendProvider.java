package dev.stillpoint.opencl;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendProvider;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.opencl.internal.ClCalls;
import dev.stillpoint.opencl.internal.DeviceListing;
import dev.stillpoint.opencl.internal.OpenClBackend;
import dev.stillpoint.opencl.internal.OpenClLoader;
import dev.stillpoint.opencl.internal.ProgramCache;
import dev.stillpoint.opencl.internal.Tunings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The backend `opencl`: lists OpenCL devices, says which of them give the CPU's bits, and solves on them.
///
/// Making a provider does nothing; the first listing loads OpenCL into the process, where it stays. May be used
/// from any thread.
public final class OpenClBackendProvider implements BackendProvider {
    /// What stands before a device that is to be used although it is not bit-exact, as in `inexact:0`.
    public static final String INEXACT = "inexact:";

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
    /// A device is bit-exact when its driver reports what that needs and the self-test agrees, in FP32, and in
    /// FP64 where it is offered; the reason names what is missing or differs. A device that cannot be asked or
    /// cannot run the self-test is listed with that as its reason; it does not spoil the listing.
    ///
    /// @throws BackendUnavailableException when there is no OpenCL loader, no platform or no device, with the
    ///     reason
    @Override
    public List<DeviceInfo> devices() {
        return DeviceListing.find(new ClCalls(), libraryNames).infos();
    }

    /// A device for solves: by number, by a part of its name, or the first. A device that is not bit-exact is
    /// refused unless [#INEXACT] stands before.
    ///
    /// @throws BackendUnavailableException when OpenCL or the device cannot be had, or the device is not
    ///     bit-exact and was not asked for as such, with the reason
    @Override
    public Backend open(@Nullable String device) {
        boolean inexact = device != null && device.startsWith(INEXACT);
        String named = inexact && device != null ? device.substring(INEXACT.length()) : device;
        ClCalls calls = new ClCalls();
        DeviceListing listing = DeviceListing.find(calls, libraryNames);
        int index = listing.choose(named == null || named.isEmpty() ? null : named);
        return new OpenClBackend(calls, listing.open(index, inexact), cache(), Tunings.generic());
    }

    /// Compiled programs are kept among the user's caches.
    private static ProgramCache cache() {
        return ProgramCache.defaultDirectory(
                        System.getenv(), System.getProperty("user.home", ""), System.getProperty("os.name", ""))
                .map(ProgramCache::in)
                .orElseGet(ProgramCache::none);
    }
}
