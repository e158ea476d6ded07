package dev.stillpoint.opencl.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.engine.Runner;
import dev.stillpoint.internal.engine.Work;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.StoppingRule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Solves samples on a device, chunk by chunk: their inputs go there, `stage.cl` makes `z` of them, `solve.cl`
/// iterates, launch by launch, until none is left, and the states come back.
final class DeviceRunner implements Runner {
    /// Values of the states and inputs of a chunk, about.
    private static final long CHUNK = 1L << 22;

    private static final int MOST_PANELS = 64;
    private static final int COUNTERS = 2;

    private final DeviceSession session;
    private final Tuning tuning;
    private final boolean splits;
    private final int groups;
    private final int steps;
    private final int chunk;
    private final long bytes;
    private final ClHandle tables;
    private final ClHandle constants;
    private final ClHandle entries;
    private final ClHandle schedule;
    private final ClHandle stage;
    private final ClHandle solve;
    private final ClHandle inputs;
    private final ClHandle stagedZ;
    private final ClHandle states;
    private final ClHandle residuals;
    private final ClHandle outcomes;
    private final ClHandle counters;
    private final ClHandle stageMemory;
    private final ClHandle solveMemory;
    private final ClHandle progress;
    private final ClHandle norms;
    private final HostRows hostInputs;
    private final HostRows hostStates;
    private final HostRows hostResiduals;
    private final MemorySegment hostOutcomes;
    private final MemorySegment hostCounters;

    /// A runner, with its memory on the device and beside it.
    ///
    /// @param patience iterations in which the residual of a sample has to halve, or 0
    DeviceRunner(
            DeviceSession session,
            StepRecipe recipe,
            StoppingRule stopping,
            int patience,
            Precision precision,
            Tuning tuning) {
        this.session = session;
        this.tuning = tuning;
        RecipeTable table = new RecipeTable(recipe, stopping, patience, precision, tuning);
        String source = table.prelude() + Resources.program(Resources.SOLVE);
        stage = session.kernel(source, "stage");
        solve = session.kernel(source, "solve");
        long before = session.bytes();
        int n = recipe.operator().rows();
        splits = recipe.resolvent() != null;
        int p = recipe.input().columns();
        groups = session.device().computeUnits() * tuning.groups();
        int panels = Math.multiplyExact(groups, tuning.lanes());
        chunk = Math.clamp(CHUNK / (2L * n + p), panels, Math.multiplyExact(MOST_PANELS, panels));
        long step = table.flops() * tuning.lanes();
        steps = Math.clamp(tuning.flops() / step, 1, stopping.maxIterations());
        Arena arena = session.arena();
        tables = session.input(arena.allocateFrom(JAVA_INT, table.tables()));
        constants = session.input(table.constants());
        entries = session.input(table.entries());
        schedule = session.input(table.schedule(stopping.maxIterations()));
        hostInputs = HostRows.allocate(arena, precision, chunk, p);
        hostStates = HostRows.allocate(arena, precision, chunk, n);
        hostResiduals = HostRows.allocate(arena, precision, chunk, 1);
        hostOutcomes = arena.allocate(JAVA_INT, 2L * chunk);
        hostCounters = arena.allocate(JAVA_INT, COUNTERS);
        inputs = session.memory(hostInputs.first(chunk).byteSize());
        stagedZ = session.memory(hostStates.first(chunk).byteSize());
        states = session.memory(hostStates.first(chunk).byteSize());
        residuals = session.memory(hostResiduals.first(chunk).byteSize());
        outcomes = session.memory(hostOutcomes.byteSize());
        counters = session.memory(hostCounters.byteSize());
        stageMemory = session.memory(groups * table.stageValues() * precision.bytes());
        solveMemory = session.memory(groups * table.solveValues() * precision.bytes());
        progress = session.memory((long) groups * table.progressSize() * Long.BYTES);
        norms = session.memory(2L * panels * precision.bytes());
        bytes = session.bytes() - before;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void run(Work work, int share) {
        while (!work.isCancelled()) {
            int first = work.claim(chunk);
            if (first < 0) {
                return;
            }
            int count = Math.min(chunk, work.samples() - first);
            send(work, first, count);
            if (!iterate(work, count)) {
                return;
            }
            session.read(outcomes, hostOutcomes.asSlice(0, 2L * Integer.BYTES * count));
            session.read(residuals, hostResiduals.first(count));
            session.read(states, hostStates.first(count));
            for (int s = 0; s < count; s++) {
                finish(work, first + s, s);
            }
        }
    }

    private int launched(int count) {
        return Math.min(groups, Math.ceilDiv(count, tuning.lanes()));
    }

    private void send(Work work, int first, int count) {
        Matrix initial = work.initial();
        for (int s = 0; s < count; s++) {
            hostInputs.take(s, work.inputs(), first + s);
            if (initial != null) {
                hostStates.take(s, initial, first + s);
            }
            hostOutcomes.setAtIndex(JAVA_INT, 2L * s, Outcome.PENDING.code());
            hostOutcomes.setAtIndex(JAVA_INT, 2L * s + 1, work.spent(first + s));
        }
        session.write(inputs, hostInputs.first(count));
        if (initial != null) {
            session.write(states, hostStates.first(count));
        }
        session.write(outcomes, hostOutcomes.asSlice(0, 2L * Integer.BYTES * count));
        int started = initial == null ? 0 : 1;
        session.arguments(
                stage, tables, constants, entries, inputs, stagedZ, states, outcomes, stageMemory, count, started);
        session.enqueue(stage, launched(count), tuning.local());
    }

    /// Launches until no sample is left; whether that is so, or the work was cancelled.
    private boolean iterate(Work work, int count) {
        hostCounters.setAtIndex(JAVA_INT, 0, 0);
        int started = startsAtZero(work) ? 0 : 1;
        for (boolean fresh = true; ; fresh = false) {
            hostCounters.setAtIndex(JAVA_INT, 1, 0);
            session.write(counters, hostCounters);
            session.arguments(
                    solve,
                    tables,
                    constants,
                    entries,
                    stagedZ,
                    states,
                    residuals,
                    outcomes,
                    counters,
                    solveMemory,
                    progress,
                    norms,
                    schedule,
                    count,
                    steps,
                    started,
                    fresh ? 1 : 0);
            session.enqueue(solve, launched(count), tuning.local());
            session.read(counters, hostCounters);
            if (work.isCancelled()) {
                return false;
            }
            if (hostCounters.getAtIndex(JAVA_INT, 1) == 0) {
                return true;
            }
        }
    }

    private boolean startsAtZero(Work work) {
        return work.initial() == null && !splits;
    }

    private void finish(Work work, int sample, int s) {
        Outcome outcome = Outcome.of(hostOutcomes.getAtIndex(JAVA_INT, 2L * s));
        if (outcome == Outcome.NON_FINITE) {
            work.reject(sample);
            return;
        }
        double residual = hostResiduals.value(s);
        if (Double.isNaN(residual)) {
            start(work, sample, s);
        } else {
            hostStates.give(s, work.states(), sample);
        }
        work.finish(sample, outcome.status(), hostOutcomes.getAtIndex(JAVA_INT, 2L * s + 1), residual);
    }

    /// No test has seen a finite residual: the state is the start.
    private void start(Work work, int sample, int s) {
        Matrix initial = work.initial();
        if (initial != null) {
            hostStates.take(s, initial, sample);
        } else {
            hostStates.clear(s);
        }
        hostStates.give(s, work.states(), sample);
    }
}
