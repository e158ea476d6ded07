package dev.stillpoint.opencl.internal;

import static org.lwjgl.opencl.CL10.CL_FP_DENORM;
import static org.lwjgl.opencl.CL10.CL_FP_FMA;
import static org.lwjgl.opencl.CL10.CL_FP_INF_NAN;
import static org.lwjgl.opencl.CL10.CL_FP_ROUND_TO_NEAREST;
import static org.lwjgl.opencl.CL12.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;

import java.util.List;

/// Descriptions of devices that do not exist.
final class Descriptions {
    static final long FP64 = CL_FP_FMA | CL_FP_DENORM | CL_FP_ROUND_TO_NEAREST | CL_FP_INF_NAN;
    static final long FP32 = FP64 | CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;

    private Descriptions() {}

    static DeviceDescription named(String name) {
        return device(name, "OpenCL 3.0 test", true, true, true, FP32, FP64);
    }

    static DeviceDescription withConfigs(long single, long twice) {
        return device("device", "OpenCL 3.0 test", true, true, true, single, twice);
    }

    static DeviceDescription withVersion(String version) {
        return device("device", version, true, true, true, FP32, FP64);
    }

    static DeviceDescription withState(boolean available, boolean compiler, boolean littleEndian) {
        return device("device", "OpenCL 1.2 ", available, compiler, littleEndian, FP32, FP64);
    }

    /// A device with these names and versions.
    static DeviceDescription identified(String platform, String name, String driverVersion, String version) {
        return identified(named(name), platform, name, driverVersion, version);
    }

    /// The same device with another driver.
    static DeviceDescription withDriverVersion(DeviceDescription device, String driverVersion) {
        return identified(device, device.platform(), device.name(), driverVersion, device.version());
    }

    private static DeviceDescription identified(
            DeviceDescription device, String platform, String name, String driverVersion, String version) {
        return new DeviceDescription(
                platform,
                name,
                driverVersion,
                version,
                device.type(),
                device.memoryBytes(),
                device.maxAllocationBytes(),
                device.localMemoryBytes(),
                device.computeUnits(),
                device.maxWorkGroupSize(),
                device.available(),
                device.compiler(),
                device.littleEndian(),
                device.singleConfig(),
                device.doubleConfig(),
                device.extensions());
    }

    private static DeviceDescription device(
            String name,
            String version,
            boolean available,
            boolean compiler,
            boolean littleEndian,
            long single,
            long twice) {
        return new DeviceDescription(
                "Platform",
                name,
                "1.2.3",
                version,
                DeviceType.GPU,
                1L << 30,
                1L << 28,
                1L << 15,
                4,
                256,
                available,
                compiler,
                littleEndian,
                single,
                twice,
                List.of());
    }
}
