package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;

/// One pass over explicit blocks for many samples at a time.
public interface BlockPass {
    /// Samples of a call at most.
    int lanes();

    /// Bytes of its arrays.
    long bytes();

    /// Computes the blocks of `count` samples, at most [#lanes()].
    ///
    /// @param behind a sample's values behind the blocks in each row
    /// @param first the row of the first sample
    /// @param states takes the values of the blocks
    /// @param firstState the row of the first sample there
    /// @param finite takes, for each of them, whether its values are finite, those behind the blocks and their
    ///     own
    void pass(Matrix behind, int first, int count, Matrix states, int firstState, boolean[] finite);
}
