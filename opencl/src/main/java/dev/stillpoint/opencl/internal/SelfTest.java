package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Computes on a device what `self-test.cl` says, and compares the bits with Java's. Holds a context until it is
/// closed.
final class SelfTest implements AutoCloseable {
    private static final String SOURCE = "self-test.cl";
    private static final String KERNEL = "self_test";

    private final DeviceDescription device;
    private final String source;
    private final ClObjects cl;
    private final ClHandle context;

    private SelfTest(DeviceDescription device, String source, ClObjects cl, ClHandle context) {
        this.device = device;
        this.source = source;
        this.cl = cl;
        this.context = context;
    }

    /// The self-test on a device.
    ///
    /// @throws DeviceException when a call fails
    static SelfTest on(ClCalls calls, Described device) {
        return on(calls, device, source());
    }

    /// The self-test on a device, with another text of the kernel.
    ///
    /// @throws DeviceException when a call fails
    static SelfTest on(ClCalls calls, Described device, String source) {
        ClObjects cl = new ClObjects(calls, device.id());
        return new SelfTest(device.description(), source, cl, cl.context());
    }

    /// Runs it in one precision.
    ///
    /// @throws DeviceException when a call fails, such as the compiler's
    SelfTestResult run(Precision precision) {
        Operands operands = Operands.of(precision);
        long[] results = new long[Operation.ALL.size() * operands.count()];
        try (Arena arena = Arena.ofConfined();
                ClHandle queue = cl.queue(context);
                ClHandle program = cl.program(context, prelude(precision) + source)) {
            cl.build(program, BuildOptions.of(device));
            try (ClHandle kernel = cl.kernel(program, KERNEL);
                    ClHandle a = cl.input(context, stored(arena, operands, 0));
                    ClHandle b = cl.input(context, stored(arena, operands, 1));
                    ClHandle c = cl.input(context, stored(arena, operands, 2));
                    ClHandle out = cl.memory(context, (long) results.length * precision.bytes())) {
                cl.argument(kernel, 0, a);
                cl.argument(kernel, 1, b);
                cl.argument(kernel, 2, c);
                cl.argument(kernel, 3, out);
                cl.enqueue(queue, kernel, operands.count());
                MemorySegment read = arena.allocate((long) results.length * precision.bytes(), precision.bytes());
                cl.read(queue, out, read);
                load(precision, read, results);
            }
        }
        return SelfTestResult.compare(operands, results);
    }

    @Override
    public void close() {
        context.close();
    }

    /// The kernel's text.
    static String source() {
        return Resources.text(SOURCE);
    }

    /// What is written before the text, for a precision.
    static String prelude(Precision precision) {
        Prelude prelude = new Prelude(precision);
        boolean single = precision == Precision.F32;
        prelude.define("AS_REAL", single ? "as_float" : "as_double");
        prelude.define("AS_INTEGER", single ? "as_int" : "as_long");
        prelude.define("AS_BITS", single ? "as_uint" : "as_ulong");
        prelude.define("INTEGER_LIMIT", single ? "0x1p30f" : "0x1p62");
        for (int number = 0; number < Operation.ALL.size(); number++) {
            prelude.define(Operation.ALL.get(number).name(), number);
        }
        return prelude.toString();
    }

    private static MemorySegment stored(Arena arena, Operands operands, int which) {
        boolean single = operands.format().precision() == Precision.F32;
        MemorySegment segment = arena.allocate(single ? JAVA_INT : JAVA_LONG, operands.count());
        for (int i = 0; i < operands.count(); i++) {
            if (single) {
                segment.setAtIndex(JAVA_INT, i, (int) operands.bits(which, i));
            } else {
                segment.setAtIndex(JAVA_LONG, i, operands.bits(which, i));
            }
        }
        return segment;
    }

    private static void load(Precision precision, MemorySegment segment, long[] bits) {
        for (int i = 0; i < bits.length; i++) {
            bits[i] = precision == Precision.F64
                    ? segment.getAtIndex(JAVA_LONG, i)
                    : Integer.toUnsignedLong(segment.getAtIndex(JAVA_INT, i));
        }
    }
}
