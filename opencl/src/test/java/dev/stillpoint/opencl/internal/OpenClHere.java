package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.BackendUnavailableException;
import org.junit.jupiter.api.Assumptions;

/// The OpenCL of the machine that runs the tests. Where there is none, the test is skipped, with the reason.
public final class OpenClHere {
    private OpenClHere() {}

    /// The devices of this machine.
    public static DeviceListing require(ClCalls calls) {
        try {
            return DeviceListing.find(calls, OpenClLoader.defaultNames(System.getProperty("os.name", "")));
        } catch (BackendUnavailableException e) {
            return Assumptions.abort("skipped, no OpenCL device here: " + e.getMessage());
        }
    }

    /// The first device of this machine on which a program runs.
    static FoundDevice.Described requireUsable(ClCalls calls) {
        return require(calls).devices().stream()
                .filter(FoundDevice.Described.class::isInstance)
                .map(FoundDevice.Described.class::cast)
                .filter(device -> BitExactness.unusable(device.description()).isEmpty())
                .findFirst()
                .orElseGet(() -> Assumptions.abort("skipped, no OpenCL device here runs programs"));
    }
}
