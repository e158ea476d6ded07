package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// What a plan has on a device: a context, a queue, programs, kernels and memory. All of it is given back when
/// the session is closed, in the reverse order. One thread at a time.
final class DeviceSession implements AutoCloseable {
    /// Who is told when compiled programs cannot be kept.
    private static final String LOGGER = "dev.stillpoint.opencl";

    private final ClCalls calls;
    private final Described device;
    private final ProgramCache cache;
    private final ClObjects cl;
    private final Deque<ClHandle> handles = new ArrayDeque<>();
    private final Map<String, ClHandle> programs = new HashMap<>();
    private final Arena arena = Arena.ofShared();
    private final ClHandle context;
    private final ClHandle queue;
    private long bytes;

    /// Opens a session.
    ///
    /// @throws DeviceException when a call fails; nothing stays open
    static DeviceSession open(ClCalls calls, Described device, ProgramCache cache) {
        ClObjects cl = new ClObjects(calls, device.id());
        ClHandle context = cl.context();
        try {
            return new DeviceSession(calls, device, cache, cl, context, cl.queue(context));
        } catch (DeviceException e) {
            context.close();
            throw e;
        }
    }

    private DeviceSession(
            ClCalls calls, Described device, ProgramCache cache, ClObjects cl, ClHandle context, ClHandle queue) {
        this.calls = calls;
        this.device = device;
        this.cache = cache;
        this.cl = cl;
        this.context = context;
        this.queue = queue;
        handles.push(context);
        handles.push(queue);
    }

    /// The device.
    DeviceDescription device() {
        return device.description();
    }

    /// Where memory beside the device comes from that lives as long as the session.
    Arena arena() {
        return arena;
    }

    /// Bytes of the memory on the device.
    long bytes() {
        return bytes;
    }

    /// A kernel of a program, which is compiled if it was not yet.
    ///
    /// @throws DeviceException when a call fails, such as the compiler's
    ClHandle kernel(String source, String name) {
        ClHandle program = programs.get(source);
        if (program == null) {
            CachedProgram built = cache.program(calls, context, device, source, BuildOptions.of(device()));
            program = keep(built.program());
            built.notes().forEach(note -> System.getLogger(LOGGER).log(Level.WARNING, note));
            programs.put(source, program);
        }
        return keep(cl.kernel(program, name));
    }

    /// Memory that kernels read and write.
    ClHandle memory(long size) {
        bytes += size;
        return keep(cl.memory(context, size));
    }

    /// Memory that kernels read, with a copy of `content`.
    ClHandle input(MemorySegment content) {
        bytes += content.byteSize();
        return keep(cl.input(context, content));
    }

    /// Memory that kernels read, with these values.
    ClHandle input(Entries entries) {
        try (Arena arena = Arena.ofConfined()) {
            return input(entries.write(arena));
        }
    }

    private ClHandle keep(ClHandle handle) {
        handles.push(handle);
        return handle;
    }

    /// Sets the arguments of a kernel from the first on: memory or numbers.
    void arguments(ClHandle kernel, Object... values) {
        for (int index = 0; index < values.length; index++) {
            switch (values[index]) {
                case ClHandle memory -> cl.argument(kernel, index, memory);
                case Integer number -> cl.argument(kernel, index, number);
                default -> throw new IllegalArgumentException("neither memory nor a number: " + values[index]);
            }
        }
    }

    /// Enqueues work-groups.
    void enqueue(ClHandle kernel, long groups, long local) {
        cl.enqueueGroups(queue, kernel, groups, local);
    }

    /// Copies to the device.
    void write(ClHandle memory, MemorySegment source) {
        cl.write(queue, memory, source);
    }

    /// Waits for all that was enqueued, and copies from the device.
    void read(ClHandle memory, MemorySegment destination) {
        cl.read(queue, memory, destination);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        DeviceException failure = null;
        while (!handles.isEmpty()) {
            try {
                handles.pop().close();
            } catch (DeviceException e) {
                // The others are given back first.
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
