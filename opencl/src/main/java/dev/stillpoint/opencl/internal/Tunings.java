package dev.stillpoint.opencl.internal;

import dev.stillpoint.matrix.Precision;

/// Chooses how kernels are cut to a device.
@FunctionalInterface
public interface Tunings {
    /// The tuning of a device in a precision.
    Tuning choose(DeviceDescription device, Precision precision);

    /// Those of a processor: a work-item is a work-group, and a vector one of AVX2; and for other devices those
    /// of a graphics processor of any kind.
    static Tunings generic() {
        return (device, precision) -> {
            if (device.type() == DeviceType.CPU) {
                int vector = precision == Precision.F32 ? 8 : 4;
                return new Tuning(vector, 2 * vector, 1, 6, 2, 2, 1L << 31, false);
            }
            return new Tuning(1, 64, 256, 8, 2, 4, 1L << 34, false);
        };
    }
}
