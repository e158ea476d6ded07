package dev.stillpoint.opencl.internal;

import dev.stillpoint.matrix.Precision;

/// The tuning of a device.
final class Tunings {
    private static final long PROCESSOR_FLOPS = 1L << 31;
    private static final long GRAPHICS_FLOPS = 1L << 34;

    private Tunings() {}

    /// The tuning of a device in a precision.
    static Tuning of(DeviceDescription device, Precision precision) {
        boolean single = precision == Precision.F32;
        if (device.type() == DeviceType.CPU) {
            int vector = single ? 8 : 4;
            return new Tuning(vector, 2 * vector, 1, 6, 2, 2, PROCESSOR_FLOPS);
        }
        return new Tuning(1, 64, 256, 8, 2, 4, GRAPHICS_FLOPS);
    }
}
