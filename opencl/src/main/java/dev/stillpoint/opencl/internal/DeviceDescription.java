package dev.stillpoint.opencl.internal;

import static org.lwjgl.opencl.CL10.*;
import static org.lwjgl.opencl.CL12.CL_DEVICE_DOUBLE_FP_CONFIG;

import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.matrix.Precision;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a device and its driver say about themselves.
///
/// @param platform the platform's name
/// @param name the device's name
/// @param driverVersion the driver's version, in its own form
/// @param version `OpenCL`, the version, and what the driver adds
/// @param type the kind of device
/// @param memoryBytes global memory
/// @param maxAllocationBytes the largest single buffer
/// @param localMemoryBytes local memory of a work-group
/// @param computeUnits how many work-groups run at a time, roughly
/// @param maxWorkGroupSize the most work-items in a work-group
/// @param available whether the device can be used now
/// @param compiler whether the driver compiles source
/// @param littleEndian whether the device stores the low byte first
/// @param singleConfig `CL_FP_` bits of FP32
/// @param doubleConfig `CL_FP_` bits of FP64, 0 where it is not offered
/// @param extensions names of extensions
public record DeviceDescription(
        String platform,
        String name,
        String driverVersion,
        String version,
        DeviceType type,
        long memoryBytes,
        long maxAllocationBytes,
        long localMemoryBytes,
        int computeUnits,
        long maxWorkGroupSize,
        boolean available,
        boolean compiler,
        boolean littleEndian,
        long singleConfig,
        long doubleConfig,
        List<String> extensions) {

    private static final Pattern VERSION = Pattern.compile("OpenCL (\\d+)\\.(\\d+)");

    /// Asks `device`.
    ///
    /// @throws DeviceException when it does not answer
    static DeviceDescription of(String platform, long device) {
        String version = ClInfo.deviceText(device, CL_DEVICE_VERSION, "CL_DEVICE_VERSION");
        List<String> extensions = List.of(ClInfo.deviceText(device, CL_DEVICE_EXTENSIONS, "CL_DEVICE_EXTENSIONS")
                .split("\\s+", 0));
        // Before OpenCL 1.2 the question about FP64 exists only where the extension does.
        boolean knowsDouble = atLeast(version, 1, 2) || extensions.contains("cl_khr_fp64");
        return new DeviceDescription(
                platform,
                ClInfo.deviceText(device, CL_DEVICE_NAME, "CL_DEVICE_NAME"),
                ClInfo.deviceText(device, CL_DRIVER_VERSION, "CL_DRIVER_VERSION"),
                version,
                DeviceType.of(ClInfo.deviceLong(device, CL_DEVICE_TYPE, "CL_DEVICE_TYPE")),
                ClInfo.deviceLong(device, CL_DEVICE_GLOBAL_MEM_SIZE, "CL_DEVICE_GLOBAL_MEM_SIZE"),
                ClInfo.deviceLong(device, CL_DEVICE_MAX_MEM_ALLOC_SIZE, "CL_DEVICE_MAX_MEM_ALLOC_SIZE"),
                ClInfo.deviceLong(device, CL_DEVICE_LOCAL_MEM_SIZE, "CL_DEVICE_LOCAL_MEM_SIZE"),
                ClInfo.deviceInt(device, CL_DEVICE_MAX_COMPUTE_UNITS, "CL_DEVICE_MAX_COMPUTE_UNITS"),
                ClInfo.deviceLong(device, CL_DEVICE_MAX_WORK_GROUP_SIZE, "CL_DEVICE_MAX_WORK_GROUP_SIZE"),
                ClInfo.deviceInt(device, CL_DEVICE_AVAILABLE, "CL_DEVICE_AVAILABLE") != 0,
                ClInfo.deviceInt(device, CL_DEVICE_COMPILER_AVAILABLE, "CL_DEVICE_COMPILER_AVAILABLE") != 0,
                ClInfo.deviceInt(device, CL_DEVICE_ENDIAN_LITTLE, "CL_DEVICE_ENDIAN_LITTLE") != 0,
                ClInfo.deviceLong(device, CL_DEVICE_SINGLE_FP_CONFIG, "CL_DEVICE_SINGLE_FP_CONFIG"),
                knowsDouble ? ClInfo.deviceLong(device, CL_DEVICE_DOUBLE_FP_CONFIG, "CL_DEVICE_DOUBLE_FP_CONFIG") : 0,
                extensions);
    }

    private static boolean atLeast(String version, int major, int minor) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.lookingAt()) {
            return false;
        }
        int found = Integer.parseInt(matcher.group(1));
        return found > major || (found == major && Integer.parseInt(matcher.group(2)) >= minor);
    }

    /// Whether the device offers this version of OpenCL.
    boolean offers(int major, int minor) {
        return atLeast(version, major, minor);
    }

    /// Whether FP64 is offered.
    boolean fp64() {
        return doubleConfig != 0;
    }

    /// The `CL_FP_` bits of a precision.
    long config(Precision precision) {
        return precision == Precision.F32 ? singleConfig : doubleConfig;
    }

    /// The driver, in words: platform, driver version, OpenCL version.
    String driver() {
        Matcher matcher = VERSION.matcher(version);
        return "%s, driver %s, %s".formatted(platform, driverVersion, matcher.lookingAt() ? matcher.group() : version);
    }
}
