package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;
import org.jspecify.annotations.Nullable;

/// A panel of samples, a sample a lane, and the arithmetic of one iteration on it.
///
/// What every executor does to a lane is the same to the bit, and depends on that lane alone. The [LaneScheduler]
/// decides which sample sits where and when it leaves. An executor belongs to one thread at a time.
public abstract class PanelExecutor {
    /// What a check says of a lane.
    public enum Judgement {
        /// The stopping rule is not met.
        GO_ON,
        /// The stopping rule is met by the current state.
        CONVERGED,
        /// A squared norm is infinite or not a number.
        NON_FINITE
    }

    /// Samples that the panel holds.
    public abstract int lanes();

    /// Stages the samples `first ... first + count - 1`, at most [#lanes()]: reads their inputs and starts, computes
    /// `z = Bu + bias`. What was staged before is gone.
    public abstract void stage(Matrix inputs, @Nullable Matrix initial, int first, int count);

    /// Whether input and start of staged sample `s` are finite in the working precision.
    public abstract boolean isStagedFinite(int s);

    /// Puts staged sample `s` into `lane`, at its start.
    public abstract void load(int lane, int s);

    /// Takes the sample out of `lane`, whose values no longer matter.
    public abstract void release(int lane);

    /// Evaluates the recipe on every lane: computes the successor of the current state and, in the lanes that are
    /// due, the residual of the current state; keeps the state there where its residual is the least seen.
    ///
    /// @param due which lanes are due for a check
    /// @param anyDue whether one is
    public abstract void step(boolean[] due, boolean anyDue);

    /// What the last check says of `lane`, which was due.
    public abstract Judgement judge(int lane);

    /// The residual of the current state, by the last check.
    public abstract double residual(int lane);

    /// The least residual seen at a check, not-a-number when none was finite.
    public abstract double bestResidual(int lane);

    /// Makes the successor the current state, in every lane.
    public abstract void advance();

    /// Writes the current state of `lane` to row `sample`.
    public abstract void store(int lane, Matrix states, int sample);

    /// Writes the state with the least residual seen, or the start, to row `sample`.
    public abstract void storeBest(int lane, Matrix states, int sample);
}
