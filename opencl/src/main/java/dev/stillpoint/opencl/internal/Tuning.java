package dev.stillpoint.opencl.internal;

/// How the kernels of a solve are cut to a device. No result depends on it.
///
/// @param vector lanes of a vector
/// @param lanes samples of a panel, a multiple of `vector * columns`
/// @param local work-items of a work-group
/// @param rows rows of a register tile of the dense product
/// @param columns vectors of a register tile
/// @param groups work-groups for each compute unit
/// @param flops operations of a launch and work-group, about
/// @param general whether each program has the code of all kinds of operators and activations, so that there are
///     few of them, each slower to compile
public record Tuning(int vector, int lanes, int local, int rows, int columns, int groups, long flops, boolean general) {
    /// Checks the figures.
    ///
    /// @throws IllegalArgumentException when they do not fit together
    public Tuning {
        if (vector < 1 || local < 1 || rows < 1 || columns < 1 || groups < 1 || flops < 1) {
            throw new IllegalArgumentException("a tuning of figures below 1");
        }
        if (lanes < 1 || lanes % (vector * columns) != 0) {
            throw new IllegalArgumentException(lanes + " lanes, expected a multiple of " + vector + " * " + columns);
        }
    }
}
