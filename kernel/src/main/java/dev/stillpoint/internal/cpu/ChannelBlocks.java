package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.reference.SampleRows;
import dev.stillpoint.operator.ImageShape;

/// Images of a block of samples, packed for a convolution in groups:
///
///     [group][block of channels][sample][pixel][channel]
///
/// so that one step along a row of pixels is one step through memory, for all channels of a block.
///
/// Steps of a convolution with stride `d` pass `d - 1` columns each. Columns are therefore kept by their remainder,
/// `[row][column mod d][column div d]`: what such steps meet lies side by side.
final class ChannelBlocks {
    private final ImageShape shape;
    private final int groups;

    /// First channel of each block in its group, and where the last one's end; how many channels each has room for
    /// is the distance.
    private final int[] begins;

    private final int stride;
    private final int columns;
    private final int pixels;
    private int capacity;
    private double[] values = {};

    /// No samples.
    ///
    /// @param begins the first channel of each block, and where the last one's end, which may be beyond those of a
    ///     group
    /// @param stride `d`
    ChannelBlocks(ImageShape shape, int groups, int[] begins, int stride) {
        this.shape = shape;
        this.groups = groups;
        this.begins = begins;
        this.stride = Math.min(stride, shape.width());
        columns = (shape.width() - 1) / this.stride + 1;
        pixels = Math.multiplyExact(shape.height(), Math.multiplyExact(this.stride, columns));
    }

    /// Values that a sample takes.
    long sampleValues() {
        return (long) groups * begins[begins.length - 1] * pixels;
    }

    /// Makes room for that many samples; what was stored is lost.
    void reserve(int capacity) {
        this.capacity = capacity;
        values = new double[Math.toIntExact(Math.multiplyExact(sampleValues(), capacity))];
    }

    /// The memory.
    double[] values() {
        return values;
    }

    /// Where the pixel of a sample begins in a block of a group.
    int offset(int group, int block, int sample, int row, int column) {
        int room = begins[begins.length - 1];
        int width = begins[block + 1] - begins[block];
        int pixel = (row * stride + column % stride) * columns + column / stride;
        return (group * room + begins[block]) * pixels * capacity + (sample * pixels + pixel) * width;
    }

    /// Stores `count` images, of which the first becomes sample `first`.
    void store(SampleRows samples, int first, int count) {
        int channels = shape.channels() / groups;
        for (int group = 0; group < groups; group++) {
            for (int block = 0; block + 1 < begins.length; block++) {
                int kept = Math.min(begins[block + 1], channels) - begins[block];
                for (int s = 0; s < count; s++) {
                    for (int c = 0; c < kept; c++) {
                        storeChannel(samples, s, group * channels + begins[block] + c, group, block, first + s, c);
                    }
                }
            }
        }
    }

    private void storeChannel(SampleRows samples, int s, int channel, int group, int block, int sample, int c) {
        double[] from = samples.values();
        int at = samples.begin(s) + channel * shape.height() * shape.width();
        int width = begins[block + 1] - begins[block];
        for (int row = 0; row < shape.height(); row++) {
            for (int phase = 0; phase < stride; phase++) {
                int to = offset(group, block, sample, row, phase) + c;
                for (int column = phase; column < shape.width(); column += stride) {
                    values[to] = from[at + row * shape.width() + column];
                    to += width;
                }
            }
        }
    }
}
