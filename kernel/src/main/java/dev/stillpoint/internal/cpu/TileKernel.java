package dev.stillpoint.internal.cpu;

/// A micro-kernel of [TileProductF64V256], or of another width: `T = Z + A X` for one tile.
@FunctionalInterface
interface TileKernel {
    /// See [TileProductF64V256#rows8].
    void multiply(
            double[] a, int ao, int depth, double[] x, int xo, double[] z, int zo, double[] t, int to, int stride);
}
