package dev.stillpoint.internal.engine;

/// `T = phi(F x + bias)` for a panel of samples whose arrays lie open to the caller, a sample in each lane:
/// what goes in and comes out stays in the layout `[strip][row][lane]`, and nothing is transposed.
///
/// Strips are taken in lockstep, so that a large `F` is read once for all of them.
public abstract class LaneMap {
    /// Lanes of a strip.
    public abstract int width();

    /// Strips of the panel.
    public abstract int strips();

    /// Samples that the panel holds.
    public final int lanes() {
        return width() * strips();
    }

    /// Bytes of its arrays.
    public abstract long bytes();

    /// Sets `T` of the strips that hold the first samples. A lane depends on that lane alone.
    ///
    /// @param samples at least 1, at most [#lanes()]
    public abstract void apply(int samples);

    /// Sets `x` of these strips, each value rounded to one that is no smaller.
    ///
    /// @param from `[strip][row][width]` without gaps, not negative, from `o` on
    public abstract void putUp(int samples, double[] from, int o);

    /// Reads `T` of these strips.
    ///
    /// @param to `[strip][row][width]` without gaps, from `o` on, overwritten
    public abstract void get(int samples, double[] to, int o);

    /// Strips that hold so many samples.
    protected final int strips(int samples) {
        return (samples + width() - 1) / width();
    }
}
