package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.reference.LeafGradient;
import dev.stillpoint.internal.reference.SampleRows;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.ImageShape;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The gradient of the weights of a convolution by the micro-kernels of the product. The bits are those of
/// [dev.stillpoint.internal.reference.ConvolutionGradient].
///
/// At one tap, a row of output positions and the row of the image that it meets are a product like that of
/// [TiledGradient], with positions for samples, input channels making the tiles, and output channels the panels (or
/// the other way round, where that leaves less padding):
///
///     G(tap) [panel][channel][lane] += x [tile of channels][position][channel]' v [panel][position][lane]
///
/// Each entry is one lane of an accumulator, a chain that goes on from its stored value over samples, rows and
/// columns in increasing order. Positions whose tap falls into the padding are no part of a row, so that nothing is
/// multiplied by the zeros that pad an image.
///
/// A part is a tile and a panel of a group.
final class TiledCorrelation extends LeafGradient {
    /// Sums that are kept, for one that counts, up to which tiles are still faster than the twin's chains: those
    /// wait four cycles for each operation, tiles do eight operations or more in one.
    private static final int PADDING = 16;

    private final ConvolutionOperator operator;
    private final ImageShape input;
    private final ImageShape output;
    private final TileKernels kernels;
    private final int lanes;

    /// Whether the output channels make the tiles.
    private final boolean swapped;

    private final int[] tileRows;
    private final int[] tileBegin;
    private final int padded;
    private final int panels;
    private final int taps;
    private final ChannelBlocks tiles;
    private final ChannelBlocks strips;
    private final double[] sums;

    /// A gradient of the shape of the weights.
    TiledCorrelation(ConvolutionOperator operator, TileKernels kernels) {
        this.operator = operator;
        this.kernels = kernels;
        input = operator.input();
        output = operator.output();
        lanes = kernels.lanes();
        swapped = isSwapped(operator, kernels);
        int in = input.channels() / operator.groups();
        int out = output.channels() / operator.groups();
        tileRows = PackedTilesF64.tiles(swapped ? out : in, kernels.registers());
        tileBegin = new int[tileRows.length + 1];
        for (int t = 0; t < tileRows.length; t++) {
            tileBegin[t + 1] = tileBegin[t] + tileRows[t];
        }
        padded = tileBegin[tileRows.length];
        panels = ((swapped ? in : out) - 1) / lanes + 1;
        int[] panelBegin = IntStream.rangeClosed(0, panels).map(p -> p * lanes).toArray();
        ChannelBlocks images =
                new ChannelBlocks(input, operator.groups(), swapped ? panelBegin : tileBegin, operator.stride());
        ChannelBlocks positions = new ChannelBlocks(output, operator.groups(), swapped ? tileBegin : panelBegin, 1);
        tiles = swapped ? positions : images;
        strips = swapped ? images : positions;
        taps = operator.kernelHeight() * operator.kernelWidth();
        sums = new double
                [Math.multiplyExact(
                        Math.multiplyExact(operator.groups() * panels, lanes), Math.multiplyExact(taps, padded))];
    }

    /// Whether this is the way to go for a convolution: its groups have not too few channels.
    static boolean fits(ConvolutionOperator operator, TileKernels kernels) {
        long in = operator.input().channels() / operator.groups();
        long out = operator.output().channels() / operator.groups();
        return Math.min(padding(in, out, kernels), padding(out, in, kernels)) <= PADDING * in * out;
    }

    private static boolean isSwapped(ConvolutionOperator operator, TileKernels kernels) {
        long in = operator.input().channels() / operator.groups();
        long out = operator.output().channels() / operator.groups();
        return padding(out, in, kernels) < padding(in, out, kernels);
    }

    /// Sums of a tap and a group where `down` channels make the tiles and `across` the panels.
    private static long padding(long down, long across, TileKernels kernels) {
        long tiled = Arrays.stream(PackedTilesF64.tiles((int) down, kernels.registers()))
                .sum();
        return tiled * ((across - 1) / kernels.lanes() + 1) * kernels.lanes();
    }

    @Override
    public long values() {
        return tiles.sampleValues() + strips.sampleValues();
    }

    @Override
    public void reserve(int capacity) {
        tiles.reserve(capacity);
        strips.reserve(capacity);
    }

    @Override
    public void store(SampleRows v, SampleRows x, int first, int count) {
        tiles.store(swapped ? v : x, first, count);
        strips.store(swapped ? x : v, first, count);
    }

    @Override
    public int parts() {
        return Math.multiplyExact(operator.groups() * tileRows.length, panels);
    }

    @Override
    public void add(int part, int samples) {
        int panel = part % panels;
        int tile = part / panels % tileRows.length;
        int group = part / panels / tileRows.length;
        for (int s = 0; s < samples; s++) {
            for (int a = 0; a < operator.kernelHeight(); a++) {
                for (int b = 0; b < operator.kernelWidth(); b++) {
                    addTap(group, tile, panel, s, a, b);
                }
            }
        }
    }

    /// Goes on with a tap over the positions of a sample.
    private void addTap(int group, int tile, int panel, int s, int a, int b) {
        int top = first(a);
        int bottom = last(a, input.height(), output.height());
        int left = first(b);
        int right = last(b, input.width(), output.width());
        if (left >= right) {
            return;
        }
        int column = left * operator.stride() + b - operator.padding();
        int co = sum(group, panel, a * operator.kernelWidth() + b, tileBegin[tile]);
        // Rows that the tap meets as a whole follow each other without a gap.
        boolean whole = operator.stride() == 1 && right - left == output.width() && right - left == input.width();
        int rows = whole ? bottom - top : 1;
        for (int i = top; i < bottom; i += rows) {
            int row = i * operator.stride() + a - operator.padding();
            int ao = swapped ? tiles.offset(group, tile, s, i, left) : tiles.offset(group, tile, s, row, column);
            int xo = swapped ? strips.offset(group, panel, s, row, column) : strips.offset(group, panel, s, i, left);
            kernels.multiply(tileRows[tile], tiles.values(), ao, rows * (right - left), strips.values(), xo, sums, co);
        }
    }

    /// The first output row (or column) whose tap `a` meets the image.
    private int first(int a) {
        return Math.ceilDiv(Math.max(0, operator.padding() - a), operator.stride());
    }

    /// One past the last of `outputs` output rows (or columns) whose tap `a` meets an image of `inputs`.
    private int last(int a, int inputs, int outputs) {
        return Math.min(outputs, Math.floorDiv(inputs - 1 + operator.padding() - a, operator.stride()) + 1);
    }

    private int sum(int group, int panel, int tap, int channel) {
        return (((group * panels + panel) * taps + tap) * padded + channel) * lanes;
    }

    @Override
    public Matrix letter() {
        int in = input.channels() / operator.groups();
        int out = output.channels() / operator.groups();
        double[] letter = new double[output.channels() * in * taps];
        for (int o = 0; o < output.channels(); o++) {
            for (int c = 0; c < in; c++) {
                int tile = swapped ? o % out : c;
                int panel = swapped ? c : o % out;
                for (int tap = 0; tap < taps; tap++) {
                    double value = sums[sum(o / out, panel / lanes, tap, tile) + panel % lanes];
                    letter[(o * in + c) * taps + tap] = canonical(value);
                }
            }
        }
        return Matrix.of(letter, output.channels(), in * taps).frozen();
    }

    @Override
    public void clear() {
        Arrays.fill(sums, 0);
    }
}
