package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.lwjgl.opencl.CL10.CL_PROGRAM_BINARIES;
import static org.lwjgl.opencl.CL10.CL_PROGRAM_BINARY_SIZES;
import static org.lwjgl.opencl.CL10.nclCreateProgramWithBinary;
import static org.lwjgl.opencl.CL10.nclGetProgramInfo;

import dev.stillpoint.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lwjgl.opencl.CL10;

/// The binaries of programs, as the driver gives and takes them.
///
/// Every method throws [DeviceException] when its call fails.
final class ProgramBinary {
    private static final long NULL = 0;

    private ProgramBinary() {}

    /// A program of a binary, not built yet. The caller closes it.
    ///
    /// @param device the one device of `context`
    static ClHandle program(ClCalls calls, ClHandle context, long device, byte[] binary) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment devices = arena.allocateFrom(ADDRESS, MemorySegment.ofAddress(device));
            MemorySegment lengths = arena.allocateFrom(JAVA_LONG, binary.length);
            MemorySegment binaries = arena.allocateFrom(ADDRESS, arena.allocateFrom(JAVA_BYTE, binary));
            MemorySegment status = arena.allocate(JAVA_INT);
            MemorySegment code = arena.allocate(JAVA_INT);
            long program = nclCreateProgramWithBinary(
                    context.address(),
                    1,
                    devices.address(),
                    lengths.address(),
                    binaries.address(),
                    status.address(),
                    code.address());
            return calls.own(
                    "clCreateProgramWithBinary",
                    code.get(JAVA_INT, 0),
                    program,
                    "clReleaseProgram",
                    CL10::clReleaseProgram);
        }
    }

    /// The binary of a program that was built for the one device of its context; empty when the driver has none.
    static byte[] of(ClHandle program) {
        try (Arena arena = Arena.ofConfined()) {
            // A context of more devices has more sizes, which do not fit: the driver says so.
            MemorySegment size = arena.allocate(JAVA_LONG);
            ClCalls.check(
                    "clGetProgramInfo(CL_PROGRAM_BINARY_SIZES)",
                    nclGetProgramInfo(
                            program.address(), CL_PROGRAM_BINARY_SIZES, size.byteSize(), size.address(), NULL));
            long bytes = size.get(JAVA_LONG, 0);
            if (bytes == 0) {
                return new byte[0];
            }
            if (bytes < 0 || bytes > ProgramFile.LARGEST) {
                throw new DeviceException(
                        "clGetProgramInfo(CL_PROGRAM_BINARY_SIZES) says %s bytes, a file of the cache holds %d"
                                .formatted(Long.toUnsignedString(bytes), ProgramFile.LARGEST));
            }
            MemorySegment binary = arena.allocate(bytes);
            MemorySegment binaries = arena.allocateFrom(ADDRESS, binary);
            ClCalls.check(
                    "clGetProgramInfo(CL_PROGRAM_BINARIES)",
                    nclGetProgramInfo(
                            program.address(), CL_PROGRAM_BINARIES, binaries.byteSize(), binaries.address(), NULL));
            return binary.toArray(JAVA_BYTE);
        }
    }
}
