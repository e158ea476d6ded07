package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.lwjgl.opencl.CL10.CL_DEVICE_NOT_FOUND;
import static org.lwjgl.opencl.CL10.nclGetDeviceIDs;
import static org.lwjgl.opencl.CL10.nclGetDeviceInfo;
import static org.lwjgl.opencl.CL10.nclGetPlatformIDs;
import static org.lwjgl.opencl.CL10.nclGetPlatformInfo;
import static org.lwjgl.opencl.CL10.nclGetProgramBuildInfo;
import static org.lwjgl.opencl.KHRICD.CL_PLATFORM_NOT_FOUND_KHR;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// OpenCL's questions: which platforms and devices there are, and what they are. A platform or a root device is a
/// plain number, which need not be released.
///
/// Every method throws [dev.stillpoint.backend.DeviceException] when its call fails.
final class ClInfo {
    private static final long NULL = 0;

    private ClInfo() {}

    /// The platforms; none when the loader knows no driver.
    static long[] platforms() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            int code = nclGetPlatformIDs(0, NULL, count.address());
            if (code == CL_PLATFORM_NOT_FOUND_KHR) {
                return new long[0];
            }
            ClCalls.check("clGetPlatformIDs", code);
            int platforms = count.get(JAVA_INT, 0);
            if (platforms == 0) {
                return new long[0];
            }
            MemorySegment ids = arena.allocate(ADDRESS, platforms);
            ClCalls.check("clGetPlatformIDs", nclGetPlatformIDs(platforms, ids.address(), NULL));
            return addresses(ids);
        }
    }

    /// The devices of a platform that `type`, a sum of `CL_DEVICE_TYPE_` bits, asks for.
    static long[] devices(long platform, long type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            int code = nclGetDeviceIDs(platform, type, 0, NULL, count.address());
            if (code == CL_DEVICE_NOT_FOUND) {
                return new long[0];
            }
            ClCalls.check("clGetDeviceIDs", code);
            int devices = count.get(JAVA_INT, 0);
            if (devices == 0) {
                return new long[0];
            }
            MemorySegment ids = arena.allocate(ADDRESS, devices);
            ClCalls.check("clGetDeviceIDs", nclGetDeviceIDs(platform, type, devices, ids.address(), NULL));
            return addresses(ids);
        }
    }

    /// A platform's answer that is text. `name` is the parameter's, for messages.
    static String platformText(long platform, int parameter, String name) {
        return text(
                "clGetPlatformInfo(" + name + ")",
                (size, value, returned) -> nclGetPlatformInfo(platform, parameter, size, value, returned));
    }

    /// A device's answer that is text.
    static String deviceText(long device, int parameter, String name) {
        return text(
                "clGetDeviceInfo(" + name + ")",
                (size, value, returned) -> nclGetDeviceInfo(device, parameter, size, value, returned));
    }

    /// A device's answer of 64 bits: a `cl_ulong`, a bit field, or a `size_t`.
    static long deviceLong(long device, int parameter, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            ClCalls.check(
                    "clGetDeviceInfo(" + name + ")",
                    nclGetDeviceInfo(device, parameter, value.byteSize(), value.address(), NULL));
            return value.get(JAVA_LONG, 0);
        }
    }

    /// A device's answer of 32 bits: a `cl_uint` or a `cl_bool`.
    static int deviceInt(long device, int parameter, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            ClCalls.check(
                    "clGetDeviceInfo(" + name + ")",
                    nclGetDeviceInfo(device, parameter, value.byteSize(), value.address(), NULL));
            return value.get(JAVA_INT, 0);
        }
    }

    /// What the compiler said when it built `program` for `device`.
    static String buildText(long program, long device, int parameter, String name) {
        return text(
                "clGetProgramBuildInfo(" + name + ")",
                (size, value, returned) -> nclGetProgramBuildInfo(program, device, parameter, size, value, returned));
    }

    private interface Question {
        int ask(long size, long value, long returned);
    }

    private static String text(String call, Question question) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment returned = arena.allocate(JAVA_LONG);
            ClCalls.check(call, question.ask(0, NULL, returned.address()));
            long bytes = returned.get(JAVA_LONG, 0);
            if (bytes == 0) {
                return "";
            }
            MemorySegment value = arena.allocate(bytes);
            ClCalls.check(call, question.ask(bytes, value.address(), NULL));
            // The specification says that text ends with a zero byte; not every driver counts it.
            byte[] text = value.toArray(JAVA_BYTE);
            int length = 0;
            while (length < text.length && text[length] != 0) {
                length++;
            }
            return new String(text, 0, length, StandardCharsets.UTF_8).strip();
        }
    }

    private static long[] addresses(MemorySegment ids) {
        long[] addresses = new long[Math.toIntExact(ids.byteSize() / ADDRESS.byteSize())];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = ids.getAtIndex(ADDRESS, i).address();
        }
        return addresses;
    }
}
