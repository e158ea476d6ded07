package dev.stillpoint.internal.reference;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.ImageShape;
import java.util.Arrays;

/// The gradient of the weights of a convolution, the correlation of `V` and `X` at each tap:
///
///     g(o, c, a, b) = sum_s sum_(i, j) v_s(o, i, j) x_s(g C/G + c, i stride + a - padding, j stride + b - padding)
///
/// one chain that begins with `+0` and takes the samples in increasing order and, in each, the positions `(i, j)`
/// in increasing order, those whose tap falls into the padding skipped.
///
/// A part is an output channel.
public final class ConvolutionGradient extends LeafGradient {
    private final ConvolutionOperator operator;
    private final ImageShape output;
    private final double[] sums;
    private double[] v = {};
    private double[] x = {};

    /// A gradient of the shape of the weights.
    public ConvolutionGradient(ConvolutionOperator operator) {
        this.operator = operator;
        output = operator.output();
        sums = new double[operator.weights().rows() * operator.weights().columns()];
    }

    @Override
    public long values() {
        return (long) operator.rows() + operator.columns();
    }

    @Override
    public void reserve(int capacity) {
        v = new double[Math.multiplyExact(operator.rows(), capacity)];
        x = new double[Math.multiplyExact(operator.columns(), capacity)];
    }

    @Override
    public void store(SampleRows v, SampleRows x, int first, int count) {
        int rows = output.size();
        int columns = operator.input().size();
        for (int s = 0; s < count; s++) {
            v.copy(s, 0, rows, this.v, (first + s) * rows);
            x.copy(s, 0, columns, this.x, (first + s) * columns);
        }
    }

    @Override
    public int parts() {
        return output.channels();
    }

    @Override
    public void add(int part, int samples) {
        int perGroup = operator.input().channels() / operator.groups();
        int group = part / (output.channels() / operator.groups());
        int at = part * operator.weights().columns();
        for (int c = 0; c < perGroup; c++) {
            for (int a = 0; a < operator.kernelHeight(); a++) {
                for (int b = 0; b < operator.kernelWidth(); b++) {
                    double chain = sums[at];
                    for (int s = 0; s < samples; s++) {
                        chain = chain(chain, s, part, group * perGroup + c, a, b);
                    }
                    sums[at++] = chain;
                }
            }
        }
    }

    /// Goes on with the chain of a tap over the positions of sample `s`.
    private double chain(double begin, int s, int o, int c, int a, int b) {
        ImageShape input = operator.input();
        int plane = s * output.size() + o * output.height() * output.width();
        int image = s * input.size() + c * input.height() * input.width();
        double chain = begin;
        for (int i = 0; i < output.height(); i++) {
            int row = i * operator.stride() + a - operator.padding();
            if (row < 0 || row >= input.height()) {
                continue;
            }
            for (int j = 0; j < output.width(); j++) {
                int column = j * operator.stride() + b - operator.padding();
                if (column >= 0 && column < input.width()) {
                    chain = Math.fma(v[plane + i * output.width() + j], x[image + row * input.width() + column], chain);
                }
            }
        }
        return chain;
    }

    @Override
    public Matrix letter() {
        return matrix(sums, operator.weights().rows(), operator.weights().columns());
    }

    @Override
    public void clear() {
        Arrays.fill(sums, 0);
    }
}
