package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.stillpoint.internal.engine.BlockCourse.Pass;
import dev.stillpoint.internal.engine.BlockPass;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A pass over explicit blocks on a device, for as many samples at a time as a chunk holds.
final class DevicePass implements BlockPass {
    /// Values of a chunk, about.
    private static final long CHUNK = 1L << 20;

    private static final int MOST_PANELS = 64;

    private final DeviceSession session;
    private final Tuning tuning;
    private final int groups;
    private final int chunk;
    private final long bytes;
    private final ClHandle kernel;
    private final ClHandle tables;
    private final ClHandle parameters;
    private final ClHandle entries;
    private final ClHandle behindRows;
    private final ClHandle stateRows;
    private final ClHandle bad;
    private final ClHandle memory;
    private final HostRows hostBehind;
    private final HostRows hostStates;
    private final MemorySegment hostBad;

    /// A pass.
    ///
    /// @param columns values `(x, u)` of a sample
    DevicePass(DeviceSession session, Pass pass, int columns, Precision precision, Tuning tuning) {
        this.session = session;
        this.tuning = tuning;
        int behind = columns - pass.end();
        int rows = pass.end() - pass.begin();
        PassTable table = new PassTable(pass, behind, precision, tuning);
        kernel = session.kernel(table.prelude() + Resources.program(Resources.PASS), "pass");
        long before = session.bytes();
        groups = session.device().computeUnits() * tuning.groups();
        int panels = Math.multiplyExact(groups, tuning.lanes());
        chunk = Math.clamp(CHUNK / (columns + 1), panels, Math.multiplyExact(MOST_PANELS, panels));
        Arena arena = session.arena();
        tables = session.input(arena.allocateFrom(JAVA_INT, table.tables()));
        parameters = session.input(table.parameters());
        entries = session.input(table.entries());
        hostBehind = HostRows.allocate(arena, precision, chunk, behind);
        hostStates = HostRows.allocate(arena, precision, chunk, rows);
        hostBad = arena.allocate(JAVA_INT, chunk);
        behindRows = session.memory(hostBehind.first(chunk).byteSize());
        stateRows = session.memory(hostStates.first(chunk).byteSize());
        bad = session.memory(hostBad.byteSize());
        memory = session.memory(groups * table.values() * precision.bytes());
        bytes = session.bytes() - before;
    }

    @Override
    public int lanes() {
        return chunk;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void pass(Matrix behind, int first, int count, Matrix states, int firstState, boolean[] finite) {
        for (int s = 0; s < count; s++) {
            hostBehind.take(s, behind, first + s);
        }
        session.write(behindRows, hostBehind.first(count));
        session.arguments(kernel, tables, parameters, entries, behindRows, stateRows, bad, memory, count);
        session.enqueue(kernel, Math.min(groups, Math.ceilDiv(count, tuning.lanes())), tuning.local());
        session.read(bad, hostBad.asSlice(0, (long) Integer.BYTES * count));
        session.read(stateRows, hostStates.first(count));
        for (int s = 0; s < count; s++) {
            finite[s] = hostBad.getAtIndex(JAVA_INT, s) == 0;
            hostStates.give(s, states, firstState + s);
        }
    }
}
