package dev.stillpoint.opencl.internal;

import static org.lwjgl.opencl.CL10.CL_DEVICE_TYPE_ACCELERATOR;
import static org.lwjgl.opencl.CL10.CL_DEVICE_TYPE_CPU;
import static org.lwjgl.opencl.CL10.CL_DEVICE_TYPE_GPU;

/// Kinds of devices, in the order of the listing.
public enum DeviceType {
    /// A graphics processor.
    GPU,
    /// Another device apart from the host.
    ACCELERATOR,
    /// The host's processor.
    CPU,
    /// None of these.
    OTHER,
    /// A device that does not answer.
    UNKNOWN;

    /// The kind that `CL_DEVICE_TYPE_` bits say.
    static DeviceType of(long bits) {
        if ((bits & CL_DEVICE_TYPE_GPU) != 0) {
            return GPU;
        }
        if ((bits & CL_DEVICE_TYPE_ACCELERATOR) != 0) {
            return ACCELERATOR;
        }
        return (bits & CL_DEVICE_TYPE_CPU) != 0 ? CPU : OTHER;
    }
}
