package dev.stillpoint.internal.cpu;

/// The micro-kernels of the product in one vector width, in double precision, for code that is the same in each.
///
/// @param lanes lanes of a tile, two vectors
/// @param registers vector registers of the machine, which say how rows are cut into tiles
/// @param rows8 for tiles of 8 rows
/// @param rows5 of 5
/// @param rows4 of 4
record TileKernels(int lanes, int registers, TileKernel rows8, TileKernel rows5, TileKernel rows4) {
    static TileKernels v512(int registers) {
        return new TileKernels(
                16, registers, TileProductF64V512::rows8, TileProductF64V512::rows5, TileProductF64V512::rows4);
    }

    static TileKernels v256(int registers) {
        return new TileKernels(
                8, registers, TileProductF64V256::rows8, TileProductF64V256::rows5, TileProductF64V256::rows4);
    }

    static TileKernels v128(int registers) {
        return new TileKernels(
                4, registers, TileProductF64V128::rows8, TileProductF64V128::rows5, TileProductF64V128::rows4);
    }

    /// `C = C + A X` for a tile of `rows` rows, as [PackedTilesF64] cuts them, of which `X` is a panel without
    /// gaps.
    void multiply(int rows, double[] a, int ao, int depth, double[] x, int xo, double[] c, int co) {
        switch (rows) {
            case 8 -> rows8.multiply(a, ao, depth, x, xo, c, co, c, co, lanes);
            case 5 -> rows5.multiply(a, ao, depth, x, xo, c, co, c, co, lanes);
            default -> rows4.multiply(a, ao, depth, x, xo, c, co, c, co, lanes);
        }
    }
}
