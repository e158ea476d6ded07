package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.lwjgl.opencl.CL10.nclEnqueueNDRangeKernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Runs kernels that have a fault on purpose. What they compute is not looked at.
final class PlantedFault {
    private static final long NULL = 0;
    private static final int GROUP = 8;

    private PlantedFault() {}

    /// The text of a kernel among the tests' resources.
    static String source(String name) {
        try (InputStream stream = PlantedFault.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + name, e);
        }
    }

    /// The exercise of the kernel in a resource: `planted-x.cl` has the kernel `planted_x`, whose arguments are
    /// its inputs and one output, each with an element of 32 bits for every work-item.
    static Exercise exercise(String name, int inputs) {
        return new Exercise(name, (calls, device) -> run(new ClObjects(calls, device.id()), name, inputs));
    }

    /// Runs one work-group.
    private static void run(ClObjects cl, String name, int inputs) {
        List<ClHandle> opened = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                ClHandle context = cl.context();
                ClHandle queue = cl.queue(context);
                ClHandle program = cl.program(context, source(name + ".cl"));
                ClHandle out = cl.memory(context, GROUP * Integer.BYTES)) {
            cl.build(program, "-cl-std=CL1.2");
            try (ClHandle kernel = cl.kernel(program, name.replace('-', '_'))) {
                for (int i = 0; i < inputs; i++) {
                    opened.add(cl.input(context, arena.allocate(JAVA_INT, GROUP)));
                    cl.argument(kernel, i, opened.getLast());
                }
                cl.argument(kernel, inputs, out);
                long items = arena.allocateFrom(JAVA_LONG, GROUP).address();
                ClCalls.check(
                        "clEnqueueNDRangeKernel",
                        nclEnqueueNDRangeKernel(
                                queue.address(), kernel.address(), 1, NULL, items, items, 0, NULL, NULL));
                cl.read(queue, out, arena.allocate(JAVA_INT, GROUP));
            }
        } finally {
            opened.forEach(ClHandle::close);
        }
    }
}
