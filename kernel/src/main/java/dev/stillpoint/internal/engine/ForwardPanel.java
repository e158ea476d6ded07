package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;

/// One pass over explicit blocks for a panel of samples.
public abstract class ForwardPanel {
    /// Samples that a panel holds.
    public abstract int lanes();

    /// Computes the blocks of `count` samples, at most [#lanes()].
    ///
    /// @param values a sample's `(x, u)` in each row: read are the values behind the blocks, written the blocks
    /// @param first the row of the first sample
    public abstract void pass(Matrix values, int first, int count);
}
