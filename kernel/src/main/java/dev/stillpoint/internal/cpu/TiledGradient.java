package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.reference.LeafGradient;
import dev.stillpoint.internal.reference.SampleRows;
import dev.stillpoint.matrix.Matrix;
import java.util.Arrays;

/// The gradient of a dense matrix, `G = G + V'X`, by the micro-kernels of the product: `V'` is the matrix, samples
/// are its columns, and the columns of `X` are the lanes. The bits are those of
/// [dev.stillpoint.internal.reference.DenseGradient].
///
///     V packed [tile of rows][sample][row]    X packed [panel of columns][sample][lane]    G [panel][row][lane]
///
/// Each entry of `G` is one lane of an accumulator, a chain in increasing sample that goes on from its stored
/// value. Samples are taken [#DEPTH] at a time, so that a panel of `X` stays in the first-level cache while the
/// tiles of a part go by. Where it leaves less padding, `G` is kept transposed, `X` making the tiles and `V` the
/// panels: a fused multiply-add has the same bits whichever of its factors is first.
///
/// A part is a panel and [#CHUNK] rows, so that the tiles of a part stay in the second-level cache.
final class TiledGradient extends LeafGradient {
    private static final int DEPTH = 128;
    private static final int CHUNK = 256;

    private final int rows;
    private final int columns;
    private final TileKernels kernels;
    private final int lanes;

    /// Whether `X` makes the tiles.
    private final boolean swapped;

    /// Values that tiles, and that panels, are made of.
    private final int down;

    private final int across;
    private final int[] tileRows;
    private final int[] tileBegin;
    private final int padded;
    private final int panels;

    /// The first tile of each chunk, and where the last one's end.
    private final int[] chunkBegin;

    private final double[] sums;
    private int capacity;
    private double[] tiles = {};
    private double[] strips = {};

    /// A gradient of that shape.
    TiledGradient(int rows, int columns, TileKernels kernels) {
        this.rows = rows;
        this.columns = columns;
        this.kernels = kernels;
        lanes = kernels.lanes();
        swapped = padding(columns, rows, kernels) < padding(rows, columns, kernels);
        down = swapped ? columns : rows;
        across = swapped ? rows : columns;
        tileRows = PackedTilesF64.tiles(down, kernels.registers());
        tileBegin = new int[tileRows.length];
        int begin = 0;
        int chunks = 0;
        int[] first = new int[tileRows.length + 1];
        for (int t = 0; t < tileRows.length; t++) {
            tileBegin[t] = begin;
            if (chunks == 0 || begin + tileRows[t] > tileBegin[first[chunks - 1]] + CHUNK) {
                first[chunks++] = t;
            }
            begin += tileRows[t];
        }
        first[chunks] = tileRows.length;
        chunkBegin = Arrays.copyOf(first, chunks + 1);
        padded = begin;
        panels = panels(across, lanes);
        sums = new double[Math.multiplyExact(Math.multiplyExact(padded, panels), lanes)];
    }

    /// Sums that are kept where `down` values make the tiles and `across` the panels.
    private static long padding(int down, int across, TileKernels kernels) {
        long tiled =
                Arrays.stream(PackedTilesF64.tiles(down, kernels.registers())).sum();
        return tiled * panels(across, kernels.lanes()) * kernels.lanes();
    }

    private static int panels(int across, int lanes) {
        return (int) ((across + lanes - 1L) / lanes);
    }

    @Override
    public long values() {
        return (long) padded + (long) panels * lanes;
    }

    @Override
    public void reserve(int capacity) {
        this.capacity = capacity;
        tiles = new double[Math.multiplyExact(padded, capacity)];
        strips = new double[Math.multiplyExact(Math.multiplyExact(panels, lanes), capacity)];
    }

    @Override
    public void store(SampleRows v, SampleRows x, int first, int count) {
        storeTiles(swapped ? x : v, first, count);
        storePanels(swapped ? v : x, first, count);
    }

    private void storeTiles(SampleRows samples, int first, int count) {
        for (int t = 0; t < tileRows.length; t++) {
            int kept = Math.min(tileRows[t], down - tileBegin[t]);
            int to = tileBegin[t] * capacity + first * tileRows[t];
            for (int s = 0; s < count; s++) {
                samples.copy(s, tileBegin[t], kept, tiles, to + s * tileRows[t]);
            }
        }
    }

    private void storePanels(SampleRows samples, int first, int count) {
        for (int p = 0; p < panels; p++) {
            int kept = Math.min(lanes, across - p * lanes);
            int to = (p * capacity + first) * lanes;
            for (int s = 0; s < count; s++) {
                samples.copy(s, p * lanes, kept, strips, to + s * lanes);
            }
        }
    }

    @Override
    public int parts() {
        return Math.multiplyExact(chunkBegin.length - 1, panels);
    }

    @Override
    public void add(int part, int samples) {
        int chunk = part / panels;
        int panel = part % panels;
        for (int s = 0; s < samples; s += DEPTH) {
            int depth = Math.min(DEPTH, samples - s);
            int xo = (panel * capacity + s) * lanes;
            for (int t = chunkBegin[chunk]; t < chunkBegin[chunk + 1]; t++) {
                int ao = tileBegin[t] * capacity + s * tileRows[t];
                int co = (panel * padded + tileBegin[t]) * lanes;
                kernels.multiply(tileRows[t], tiles, ao, depth, strips, xo, sums, co);
            }
        }
    }

    @Override
    public Matrix letter() {
        double[] letter = new double[rows * columns];
        for (int i = 0; i < down; i++) {
            for (int j = 0; j < across; j++) {
                double sum = canonical(sums[((j / lanes) * padded + i) * lanes + j % lanes]);
                letter[swapped ? j * columns + i : i * columns + j] = sum;
            }
        }
        return Matrix.of(letter, rows, columns).frozen();
    }

    @Override
    public void clear() {
        Arrays.fill(sums, 0);
    }
}
