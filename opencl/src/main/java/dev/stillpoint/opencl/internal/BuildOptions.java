package dev.stillpoint.opencl.internal;

/// The options with which every program is compiled: none that relaxes arithmetic.
final class BuildOptions {
    private BuildOptions() {}

    /// The options for a device.
    static String of(DeviceDescription device) {
        String language = "-cl-std=CL1.2";
        return BitExactness.offersCorrectDivision(device)
                ? language + " -cl-fp32-correctly-rounded-divide-sqrt"
                : language;
    }
}
