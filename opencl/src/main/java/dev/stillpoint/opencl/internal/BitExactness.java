package dev.stillpoint.opencl.internal;

import static org.lwjgl.opencl.CL10.CL_FP_DENORM;
import static org.lwjgl.opencl.CL10.CL_FP_FMA;
import static org.lwjgl.opencl.CL10.CL_FP_INF_NAN;
import static org.lwjgl.opencl.CL10.CL_FP_ROUND_TO_NEAREST;
import static org.lwjgl.opencl.CL12.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;

import dev.stillpoint.matrix.Precision;
import java.util.ArrayList;
import java.util.List;

/// What a driver must report for results on its device to equal the CPU's bit for bit. The self-test checks whether
/// it is true.
final class BitExactness {
    private record Property(long bit, String name, String meaning) {}

    private static final List<Property> BOTH = List.of(
            new Property(CL_FP_FMA, "CL_FP_FMA", "fused multiply-add"),
            new Property(CL_FP_DENORM, "CL_FP_DENORM", "subnormals"),
            new Property(CL_FP_ROUND_TO_NEAREST, "CL_FP_ROUND_TO_NEAREST", "rounding to nearest"),
            new Property(CL_FP_INF_NAN, "CL_FP_INF_NAN", "infinities and not-a-number"));

    // In FP64 the specification asks for them of every device, and the bit does not exist.
    private static final Property DIVIDE_SQRT = new Property(
            CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT,
            "CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT",
            "correctly rounded divide and square root");

    private BitExactness() {}

    /// Why programs cannot be run on the device at all, or nothing.
    static List<String> unusable(DeviceDescription device) {
        List<String> reasons = new ArrayList<>();
        if (!device.available()) {
            reasons.add("the driver says that the device is not available (CL_DEVICE_AVAILABLE)");
        }
        if (!device.compiler()) {
            reasons.add("the driver has no compiler (CL_DEVICE_COMPILER_AVAILABLE)");
        }
        if (!device.littleEndian()) {
            reasons.add("the device stores the high byte first (CL_DEVICE_ENDIAN_LITTLE)");
        }
        if (!device.offers(1, 2)) {
            reasons.add("OpenCL 1.2 is needed, the device offers '" + device.version() + "'");
        }
        return reasons;
    }

    /// Whether programs for the device can be compiled with correctly rounded FP32 division and square root.
    static boolean offersCorrectDivision(DeviceDescription device) {
        return (device.singleConfig() & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0;
    }

    /// What the driver does not report and should, or nothing.
    static List<String> missing(DeviceDescription device, Precision precision) {
        List<Property> needed = new ArrayList<>(BOTH);
        if (precision == Precision.F32) {
            needed.add(DIVIDE_SQRT);
        }
        return needed.stream()
                .filter(property -> (device.config(precision) & property.bit()) == 0)
                .map(property -> "the driver does not report %s %s (%s)"
                        .formatted(BinaryFormat.of(precision).label(), property.meaning(), property.name()))
                .toList();
    }
}
