package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;

/// One pass over explicit blocks for a panel of samples, 64 at most.
public abstract class ForwardPanel implements BlockPass {
    @Override
    public final void pass(Matrix behind, int first, int count, Matrix states, int firstState, boolean[] finite) {
        long found = pass(behind, first, count, states, firstState);
        for (int s = 0; s < count; s++) {
            finite[s] = (found >>> s & 1) != 0;
        }
    }

    /// Computes the blocks of `count` samples, at most [#lanes()].
    ///
    /// @param behind a sample's values behind the blocks in each row
    /// @param first the row of the first sample
    /// @param states takes the values of the blocks
    /// @param firstState the row of the first sample there
    /// @return which samples have finite values, those behind the blocks and their own
    public abstract long pass(Matrix behind, int first, int count, Matrix states, int firstState);
}
