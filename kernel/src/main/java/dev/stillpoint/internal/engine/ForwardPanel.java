package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;

/// One pass over explicit blocks for a panel of samples.
public abstract class ForwardPanel {
    /// Samples that a panel holds.
    public abstract int lanes();

    /// Bytes of its arrays.
    public abstract long bytes();

    /// Computes the blocks of `count` samples, at most [#lanes()].
    ///
    /// @param behind a sample's values behind the blocks in each row
    /// @param first the row of the first sample
    /// @param states takes the values of the blocks
    /// @param firstState the row of the first sample there
    /// @return which samples have finite values, those behind the blocks and their own
    public abstract long pass(Matrix behind, int first, int count, Matrix states, int firstState);
}
