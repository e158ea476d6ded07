package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.lwjgl.opencl.CL10.CL_MEM_COPY_HOST_PTR;
import static org.lwjgl.opencl.CL10.CL_MEM_READ_ONLY;
import static org.lwjgl.opencl.CL10.CL_MEM_READ_WRITE;
import static org.lwjgl.opencl.CL10.CL_PROGRAM_BUILD_LOG;
import static org.lwjgl.opencl.CL10.CL_SUCCESS;
import static org.lwjgl.opencl.CL10.nclBuildProgram;
import static org.lwjgl.opencl.CL10.nclCreateBuffer;
import static org.lwjgl.opencl.CL10.nclCreateCommandQueue;
import static org.lwjgl.opencl.CL10.nclCreateContext;
import static org.lwjgl.opencl.CL10.nclCreateKernel;
import static org.lwjgl.opencl.CL10.nclCreateProgramWithSource;
import static org.lwjgl.opencl.CL10.nclEnqueueNDRangeKernel;
import static org.lwjgl.opencl.CL10.nclEnqueueReadBuffer;
import static org.lwjgl.opencl.CL10.nclEnqueueWriteBuffer;
import static org.lwjgl.opencl.CL10.nclSetKernelArg;

import dev.stillpoint.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lwjgl.opencl.CL10;

/// OpenCL's objects on one device, and what is done with them. What a method returns as [ClHandle] the caller
/// closes.
///
/// Every method throws [DeviceException] when its call fails. Memory that is passed in must be native: a heap
/// segment has no address.
final class ClObjects {
    private static final long NULL = 0;

    private final ClCalls calls;
    private final long device;

    ClObjects(ClCalls calls, long device) {
        this.calls = calls;
        this.device = device;
    }

    ClHandle context() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment devices = arena.allocateFrom(ADDRESS, MemorySegment.ofAddress(device));
            MemorySegment code = arena.allocate(JAVA_INT);
            long context = nclCreateContext(NULL, 1, devices.address(), NULL, NULL, code.address());
            return calls.own("clCreateContext", read(code), context, "clReleaseContext", CL10::clReleaseContext);
        }
    }

    /// A queue whose commands run one after the other.
    ClHandle queue(ClHandle context) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(JAVA_INT);
            long queue = nclCreateCommandQueue(context.address(), device, 0, code.address());
            return calls.own(
                    "clCreateCommandQueue", read(code), queue, "clReleaseCommandQueue", CL10::clReleaseCommandQueue);
        }
    }

    /// Device memory that kernels read, with a copy of `content`.
    ClHandle input(ClHandle context, MemorySegment content) {
        return buffer(context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, content.byteSize(), nativeAddress(content));
    }

    /// Device memory of `bytes` bytes, its content undefined.
    ClHandle memory(ClHandle context, long bytes) {
        return buffer(context, CL_MEM_READ_WRITE, bytes, NULL);
    }

    private ClHandle buffer(ClHandle context, long flags, long bytes, long content) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(JAVA_INT);
            long buffer = nclCreateBuffer(context.address(), flags, bytes, content, code.address());
            return calls.own(
                    "clCreateBuffer(" + bytes + " bytes)",
                    read(code),
                    buffer,
                    "clReleaseMemObject",
                    CL10::clReleaseMemObject);
        }
    }

    ClHandle program(ClHandle context, String source) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sources = arena.allocateFrom(ADDRESS, arena.allocateFrom(source));
            MemorySegment code = arena.allocate(JAVA_INT);
            long program = nclCreateProgramWithSource(context.address(), 1, sources.address(), NULL, code.address());
            return calls.own(
                    "clCreateProgramWithSource", read(code), program, "clReleaseProgram", CL10::clReleaseProgram);
        }
    }

    /// Compiles `program`.
    ///
    /// @throws DeviceException when it does not compile; the message's second line on is the compiler's log
    void build(ClHandle program, String options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment devices = arena.allocateFrom(ADDRESS, MemorySegment.ofAddress(device));
            int code = nclBuildProgram(
                    program.address(),
                    1,
                    devices.address(),
                    arena.allocateFrom(options).address(),
                    NULL,
                    NULL);
            if (code != CL_SUCCESS) {
                throw new DeviceException("clBuildProgram(%s) failed with %s%n%s"
                        .formatted(options, ClError.describe(code), buildLog(program)));
            }
        }
    }

    private String buildLog(ClHandle program) {
        try {
            return ClInfo.buildText(program.address(), device, CL_PROGRAM_BUILD_LOG, "CL_PROGRAM_BUILD_LOG");
        } catch (DeviceException e) {
            // The failed build is what matters, with or without its log.
            return "no build log: " + e.getMessage();
        }
    }

    ClHandle kernel(ClHandle program, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(JAVA_INT);
            long kernel =
                    nclCreateKernel(program.address(), arena.allocateFrom(name).address(), code.address());
            return calls.own(
                    "clCreateKernel(" + name + ")", read(code), kernel, "clReleaseKernel", CL10::clReleaseKernel);
        }
    }

    /// Sets the kernel's argument number `index` to device memory.
    void argument(ClHandle kernel, int index, ClHandle memory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(JAVA_LONG, memory.address());
            ClCalls.check(
                    "clSetKernelArg(" + index + ")",
                    nclSetKernelArg(kernel.address(), index, value.byteSize(), value.address()));
        }
    }

    /// Sets the kernel's argument number `index` to a number.
    void argument(ClHandle kernel, int index, int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(JAVA_INT, number);
            ClCalls.check(
                    "clSetKernelArg(" + index + ")",
                    nclSetKernelArg(kernel.address(), index, value.byteSize(), value.address()));
        }
    }

    /// Enqueues `groups` work-groups of `local` work-items, in one dimension.
    void enqueueGroups(ClHandle queue, ClHandle kernel, long groups, long local) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment global = arena.allocateFrom(JAVA_LONG, Math.multiplyExact(groups, local));
            MemorySegment size = arena.allocateFrom(JAVA_LONG, local);
            ClCalls.check(
                    "clEnqueueNDRangeKernel",
                    nclEnqueueNDRangeKernel(
                            queue.address(),
                            kernel.address(),
                            1,
                            NULL,
                            global.address(),
                            size.address(),
                            0,
                            NULL,
                            NULL));
        }
    }

    /// Copies `source` to device memory, once what was enqueued before is done, and waits for it.
    void write(ClHandle queue, ClHandle memory, MemorySegment source) {
        ClCalls.check(
                "clEnqueueWriteBuffer",
                nclEnqueueWriteBuffer(
                        queue.address(),
                        memory.address(),
                        1,
                        0,
                        source.byteSize(),
                        nativeAddress(source),
                        0,
                        NULL,
                        NULL));
    }

    /// Enqueues `workItems` work-items in one dimension, in work-groups of the driver's choice.
    void enqueue(ClHandle queue, ClHandle kernel, long workItems) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment global = arena.allocateFrom(JAVA_LONG, workItems);
            ClCalls.check(
                    "clEnqueueNDRangeKernel",
                    nclEnqueueNDRangeKernel(
                            queue.address(), kernel.address(), 1, NULL, global.address(), NULL, 0, NULL, NULL));
        }
    }

    /// Waits for what was enqueued, then copies device memory to `destination`.
    void read(ClHandle queue, ClHandle memory, MemorySegment destination) {
        ClCalls.check(
                "clEnqueueReadBuffer",
                nclEnqueueReadBuffer(
                        queue.address(),
                        memory.address(),
                        1,
                        0,
                        destination.byteSize(),
                        nativeAddress(destination),
                        0,
                        NULL,
                        NULL));
    }

    private static int read(MemorySegment code) {
        return code.get(JAVA_INT, 0);
    }

    private static long nativeAddress(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("expected native memory, got " + segment);
        }
        return segment.address();
    }
}
