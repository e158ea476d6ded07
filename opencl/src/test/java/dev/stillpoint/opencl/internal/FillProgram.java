package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A program that a cache is asked for: its kernel writes a number that an option of the compiler gives.
final class FillProgram {
    static final String SOURCE = """
            __kernel void fill(__global int *restrict out)
            {
                out[get_global_id(0)] = VALUE;
            }
            """;

    private FillProgram() {}

    static String options(int value) {
        return "-cl-std=CL1.2 -DVALUE=" + value;
    }

    /// Asks for the program of a value, in a context of its own, and sees that it writes that value.
    ///
    /// @return what the cache says of it; its program is closed
    static CachedProgram build(ProgramCache cache, ClCalls calls, Described device, int value) {
        ClObjects cl = new ClObjects(calls, device.id());
        try (ClHandle context = cl.context();
                CachedProgram built = cache.program(calls, context, device, SOURCE, options(value))) {
            int written = run(cl, context, built.program());
            if (written != value) {
                throw new AssertionError("expected a program that writes %d, got %d".formatted(value, written));
            }
            return built;
        }
    }

    private static int run(ClObjects cl, ClHandle context, ClHandle program) {
        try (Arena arena = Arena.ofConfined();
                ClHandle queue = cl.queue(context);
                ClHandle kernel = cl.kernel(program, "fill");
                ClHandle out = cl.memory(context, Integer.BYTES)) {
            cl.argument(kernel, 0, out);
            cl.enqueue(queue, kernel, 1);
            MemorySegment result = arena.allocate(JAVA_INT);
            cl.read(queue, out, result);
            return result.get(JAVA_INT, 0);
        }
    }
}
