package dev.stillpoint.internal.engine;

import java.util.function.Supplier;

/// A stage of a [BlockCourse], packed; each worker has a scheduler or a panel of its own.
public sealed interface PackedStage {
    /// A block that is solved.
    ///
    /// @param block the block
    /// @param schedulers makes its schedulers
    record Block(BlockCourse.Implicit block, Supplier<LaneScheduler> schedulers) implements PackedStage {}

    /// Blocks that are had in one pass.
    ///
    /// @param pass the blocks
    /// @param panels makes its panels
    record Pass(BlockCourse.Pass pass, Supplier<ForwardPanel> panels) implements PackedStage {}
}
