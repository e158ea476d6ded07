package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.Status;
import org.jspecify.annotations.Nullable;

/// The samples that a [LaneScheduler] works on: where their inputs are, and where their results go.
public abstract class Work {
    /// Number of samples.
    public abstract int samples();

    /// The inputs, a sample a row.
    public abstract Matrix inputs();

    /// The starts, a sample a row, or null for zeros.
    public abstract @Nullable Matrix initial();

    /// Where the states go, a sample a row.
    public abstract Matrix states();

    /// Takes the next range of at most `count` samples: its first sample, or -1 when none is left.
    public abstract int claim(int count);

    /// Notes what happened to a sample, whose state is stored.
    public abstract void finish(int sample, Status status, int iterations, double residual);

    /// Iterations that a sample has behind it, a multiple of the check interval.
    public int spent(int sample) {
        return 0;
    }

    /// Notes, before [#finish], which leg of a course the state of a sample comes from.
    public void comesFrom(int sample, int leg) {}

    /// Notes that a sample's input or start is not finite.
    public abstract void reject(int sample);

    /// Whether the work is to stop.
    public abstract boolean isCancelled();
}
