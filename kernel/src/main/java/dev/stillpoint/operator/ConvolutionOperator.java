package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;

/// A 2-D convolution, in the sense of deep learning, where the kernel is not mirrored:
///
///     y(o, i, j) = sum_(c, a, b) w(o, c, a, b) x(g C/G + c, i stride + a - padding, j stride + b - padding)
///
/// over the `C/G` input channels of the group `g = floor(o G / O)` of output channel `o`, the kernel rows `a` and
/// kernel columns `b`; taps that fall outside of the image are left out, which pads it with zeros. Images are
/// flattened as [ImageShape] says, `x` of `(C, H, W)` and `y` of `(O, H', W')` with
///
///     H' = floor((H + 2 padding - kernelHeight)/stride) + 1,   W' likewise.
///
/// The weights are a matrix with one row for each output channel, `(O, C/G kernelHeight kernelWidth)`, row `o`
/// being `w(o, ., ., .)` flattened in the order of its indices.
///
/// **Order.** Each value of `t` is one fma chain that begins with `z` and takes the taps in increasing (channel of
/// the group, kernel row, kernel column), those in the padding skipped. That is increasing index into `x`, so the
/// product is that of [#toSparse()], bit for bit.
///
/// Source: IDL-21 §3 (convolutional layers); NTK-22 §4.1.
///
/// @param input the shape of `x`
/// @param weights the kernel; kept as it is when immutable, else copied
/// @param kernelHeight rows of the kernel
/// @param kernelWidth columns of the kernel
/// @param stride step from one value of `y` to the next, in rows and in columns, at least 1
/// @param padding rows and columns of zeros on each side, at least 0
/// @param groups `G`, which divides both numbers of channels
public record ConvolutionOperator(
        ImageShape input, Matrix weights, int kernelHeight, int kernelWidth, int stride, int padding, int groups)
        implements LinearOperator {
    /// Checks shapes and entries.
    ///
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a number is out of range, or a weight not finite
    public ConvolutionOperator {
        atLeast("kernel height", kernelHeight, 1);
        atLeast("kernel width", kernelWidth, 1);
        atLeast("stride", stride, 1);
        atLeast("padding", padding, 0);
        atLeast("groups", groups, 1);
        if (input.channels() % groups != 0 || weights.rows() % groups != 0 || weights.rows() == 0) {
            throw new ShapeException("%d groups of %d input and %d output channels: expected a divisor of both"
                    .formatted(groups, input.channels(), weights.rows()));
        }
        long taps = (long) (input.channels() / groups) * kernelHeight * kernelWidth;
        if (weights.columns() != taps) {
            throw new ShapeException("weights are %d x %d, expected %d columns: %d channels of a group by %d x %d"
                    .formatted(
                            weights.rows(),
                            weights.columns(),
                            taps,
                            input.channels() / groups,
                            kernelHeight,
                            kernelWidth));
        }
        if (input.height() + 2L * padding < kernelHeight || input.width() + 2L * padding < kernelWidth) {
            throw new ShapeException("a kernel of %d x %d is larger than the image of %d x %d with padding %d"
                    .formatted(kernelHeight, kernelWidth, input.height(), input.width(), padding));
        }
        outputShape(input, weights.rows(), kernelHeight, kernelWidth, stride, padding);
        weights = Entries.finite("the weights", weights);
    }

    private static ImageShape outputShape(
            ImageShape input, int channels, int kernelHeight, int kernelWidth, int stride, int padding) {
        return new ImageShape(
                channels,
                extent(input.height(), kernelHeight, stride, padding),
                extent(input.width(), kernelWidth, stride, padding));
    }

    private static int extent(int size, int kernel, int stride, int padding) {
        long extent = (size + 2L * padding - kernel) / stride + 1;
        return (int) Math.min(extent, Integer.MAX_VALUE);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("%s is %d, expected at least %d".formatted(name, value, least));
        }
    }

    /// The shape of `y`.
    public ImageShape output() {
        return outputShape(input, weights.rows(), kernelHeight, kernelWidth, stride, padding);
    }

    @Override
    public int rows() {
        return output().size();
    }

    @Override
    public int columns() {
        return input.size();
    }

    /// Taps in the padding are not counted.
    @Override
    public long flops() {
        ImageShape output = output();
        long taps =
                taps(output.height(), input.height(), kernelHeight) * taps(output.width(), input.width(), kernelWidth);
        return 2L * output.channels() * (input.channels() / groups) * taps;
    }

    /// The number of pairs of an output row (or column) and a kernel row that meet the image.
    private long taps(int outputs, int inputs, int kernel) {
        long count = 0;
        for (int i = 0; i < outputs; i++) {
            count += lastTap(i, inputs, kernel) - firstTap(i);
        }
        return count;
    }

    /// The first kernel row (or column) that meets the image at output row (or column) `i`; never more than
    /// [#lastTap].
    private int firstTap(int i) {
        return (int) Math.max(0, padding - (long) i * stride);
    }

    /// One past the last kernel row (or column) that meets an image of `inputs` rows at output row `i`.
    private int lastTap(int i, int inputs, int kernel) {
        return (int) Math.max(firstTap(i), Math.min(kernel, inputs + padding - (long) i * stride));
    }

    /// The same operator in compressed sparse rows: the same product to the bit.
    ///
    /// @throws ShapeException when it has more entries than a Java array can hold
    public SparseOperator toSparse() {
        ImageShape output = output();
        long entries = flops() / 2;
        if (entries > Integer.MAX_VALUE - 8) {
            throw new ShapeException(
                    "the convolution has %d entries, more than a Java array can hold".formatted(entries));
        }
        int[] starts = new int[output.size() + 1];
        int[] indices = new int[(int) entries];
        Matrix values = Matrix.zeros(weights.precision(), 1, (int) entries);
        int perGroup = input.channels() / groups;
        int row = 0;
        int p = 0;
        for (int o = 0; o < output.channels(); o++) {
            int firstChannel = o / (output.channels() / groups) * perGroup;
            for (int i = 0; i < output.height(); i++) {
                for (int j = 0; j < output.width(); j++) {
                    for (int c = 0; c < perGroup; c++) {
                        for (int a = firstTap(i); a < lastTap(i, input.height(), kernelHeight); a++) {
                            for (int b = firstTap(j); b < lastTap(j, input.width(), kernelWidth); b++) {
                                int y = i * stride + a - padding;
                                int x = j * stride + b - padding;
                                indices[p] = ((firstChannel + c) * input.height() + y) * input.width() + x;
                                values.set(0, p++, weights.get(o, (c * kernelHeight + a) * kernelWidth + b));
                            }
                        }
                    }
                    starts[++row] = p;
                }
            }
        }
        return new SparseOperator(rows(), columns(), starts, indices, values.frozen());
    }

    @Override
    public Matrix toMatrix() {
        return toSparse().toMatrix();
    }

    /// The transposed map: a convolution where that has one, else its entries in compressed sparse rows. The two
    /// have the same product to the bit.
    ///
    /// With stride 1, a kernel of `k` by `k` and padding `p <= k - 1` it is the convolution of the image of `y`
    /// with the kernel `w'(c, o, a, b) = w(o, c, k - 1 - a, k - 1 - b)`, mirrored and with its channels swapped in
    /// each group, and padding `k - 1 - p`: no more memory than the weights. A stride leaves gaps that no
    /// convolution of this kind has, a kernel that is not square would want two paddings, and a padding of `k` or
    /// more has outputs that no input meets: these are sparse, of `flops()/2` entries.
    ///
    /// @throws ShapeException when it is sparse and has more entries than a Java array can hold
    @Override
    public LinearOperator transpose() {
        if (stride != 1 || kernelHeight != kernelWidth || padding >= kernelHeight) {
            return toSparse().transpose();
        }
        int k = kernelHeight;
        int window = k * k;
        int channelsIn = input.channels() / groups;
        int channelsOut = weights.rows() / groups;
        Matrix mirrored = Matrix.zeros(weights.precision(), input.channels(), channelsOut * window);
        for (int o = 0; o < weights.rows(); o++) {
            int first = o / channelsOut * channelsIn;
            for (int c = 0; c < channelsIn; c++) {
                for (int tap = 0; tap < window; tap++) {
                    int to = o % channelsOut * window + window - 1 - tap;
                    mirrored.set(first + c, to, weights.get(o, c * window + tap));
                }
            }
        }
        return new ConvolutionOperator(output(), mirrored.frozen(), k, k, 1, k - 1 - padding, groups);
    }
}
