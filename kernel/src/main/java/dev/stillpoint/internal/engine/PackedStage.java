package dev.stillpoint.internal.engine;

/// A stage of a [BlockCourse], packed; each worker has a scheduler or a panel of its own.
public sealed interface PackedStage {
    /// Bytes that the threads share.
    long bytes();

    /// A block that is solved.
    ///
    /// @param block the block
    /// @param runners makes what solves it
    record Block(BlockCourse.Implicit block, Shared<? extends Runner> runners) implements PackedStage {
        @Override
        public long bytes() {
            return runners.bytes();
        }
    }

    /// The measurement of the residual.
    ///
    /// @param runners makes what makes the step
    record Check(Shared<? extends Runner> runners) implements PackedStage {
        @Override
        public long bytes() {
            return runners.bytes();
        }
    }

    /// Blocks that are had in one pass.
    ///
    /// @param pass the blocks
    /// @param panels makes what makes it
    record Pass(BlockCourse.Pass pass, Shared<? extends BlockPass> panels) implements PackedStage {
        @Override
        public long bytes() {
            return panels.bytes();
        }
    }
}
