package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;
import org.jspecify.annotations.Nullable;

/// A panel of samples, a sample a lane, and the arithmetic of one iteration on it.
///
/// The lanes are cut into strips of [#width()], which are stored and multiplied one after the other; sets of
/// lanes are the bits of a `long`. What every executor does to a lane is the same to the bit, and depends on that
/// lane alone. The [LaneScheduler] decides which sample sits where and when it leaves. An executor belongs to one
/// thread at a time.
public abstract class PanelExecutor {
    /// Most lanes of a panel.
    public static final int MOST_LANES = Long.SIZE;

    /// Bytes of its arrays.
    public abstract long bytes();

    /// Samples that the panel holds, at most [#MOST_LANES].
    public abstract int lanes();

    /// Lanes of a strip, and samples that are staged at once; a divisor of [#lanes()].
    public abstract int width();

    /// Stages the samples `first ... first + count - 1`, at most [#width()]: reads their inputs and starts,
    /// computes `z = Bu + bias`. What was staged before is gone.
    ///
    /// @return which of them are finite, input and start, in the working precision
    public abstract long stage(Matrix inputs, @Nullable Matrix initial, int first, int count);

    /// Puts staged sample `s` into `lane`, at its start.
    public abstract void load(int lane, int s);

    /// Puts all staged samples into the lanes of a strip that is idle, sample `s` into the `s`-th of them.
    public abstract void loadStrip(int firstLane);

    /// Takes over the sample that sits in lane `from` of `panel`, between [#advance()] and [#step]; it leaves
    /// there.
    ///
    /// @param panel a panel of the same plan, which may be this one
    public abstract void adopt(int lane, PanelExecutor panel, int from);

    /// Takes the sample out of `lane`, whose values no longer matter.
    public abstract void release(int lane);

    /// Evaluates the recipe on every lane that holds a sample: computes the successor of the current state and,
    /// in the lanes that are due, the residual of the current state; keeps the state there where its residual is
    /// the least seen.
    ///
    /// @param due the lanes that are due for a check
    /// @return the lanes among them that need not go on: they meet the stopping rule, or a squared norm is
    ///     infinite or not a number; and such lanes as were due before, when their state was no iterate
    public abstract long step(long due);

    /// Whether the last check of `lane` found finite norms.
    public abstract boolean isFinite(int lane);

    /// The residual of the current state, by the last check.
    public abstract double residual(int lane);

    /// The least residual seen at a check, not-a-number when none was finite.
    public abstract double bestResidual(int lane);

    /// Makes the successor the current state, in every lane.
    public abstract void advance();

    /// Writes the current state of `lane` to row `sample`.
    public abstract void store(int lane, Matrix states, int sample);

    /// Writes the state with the least residual seen to row `sample`; where there is none, the start.
    ///
    /// @param initial the starts, or null for zeros
    public abstract void storeBest(int lane, @Nullable Matrix initial, Matrix states, int sample);
}
