package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.operator.SumOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gradients with respect to operators by plain loops in the written order, a sample at a time, apart from the
/// engine's code.
public final class PlainGradient {
    private PlainGradient() {}

    /// The gradient of each letter, row after row, over all samples.
    public static List<double[]> of(LinearOperator operator, Matrix v, Matrix x) {
        List<double[]> letters = new ArrayList<>();
        for (Matrix letter : OperatorLetters.of(operator)) {
            letters.add(new double[letter.rows() * letter.columns()]);
        }
        for (int s = 0; s < v.rows(); s++) {
            double[] vs = new double[v.columns()];
            double[] xs = new double[x.columns()];
            v.getRow(s, vs, 0);
            x.getRow(s, xs, 0);
            add(operator, vs, xs, letters, 0);
        }
        return letters;
    }

    /// Adds a sample to the letters from `at` on; returns where the next operator's begin.
    private static int add(LinearOperator operator, double[] v, double[] x, List<double[]> letters, int at) {
        switch (operator) {
            case DenseOperator _ -> outer(v, x, letters.get(at));
            case DiagonalOperator _ -> {
                double[] g = letters.get(at);
                for (int i = 0; i < g.length; i++) {
                    g[i] = Math.fma(v[i], x[i], g[i]);
                }
            }
            case SparseOperator sparse -> {
                double[] g = letters.get(at);
                int[] starts = sparse.rowStarts();
                int[] columns = sparse.columnIndices();
                for (int i = 0; i < sparse.rows(); i++) {
                    for (int p = starts[i]; p < starts[i + 1]; p++) {
                        g[p] = Math.fma(v[i], x[columns[p]], g[p]);
                    }
                }
            }
            case ConvolutionOperator convolution -> correlate(convolution, v, x, letters.get(at));
            case LowRankOperator lowRank -> {
                int k = lowRank.rank();
                double[] inner = new double[k];
                double[] back = new double[k];
                for (int c = 0; c < k; c++) {
                    for (int j = 0; j < x.length; j++) {
                        inner[c] = Math.fma(lowRank.right().get(j, c), x[j], inner[c]);
                    }
                    for (int i = 0; i < v.length; i++) {
                        back[c] = Math.fma(lowRank.left().get(i, c), v[i], back[c]);
                    }
                }
                outer(v, inner, letters.get(at));
                outer(x, back, letters.get(at + 1));
                return at + 2;
            }
            case ProductOperator(var factors) -> {
                return addProduct(factors, v, x, letters, at);
            }
            case SumOperator(var terms) -> {
                int next = at;
                for (LinearOperator term : terms) {
                    next = add(term, v, x, letters, next);
                }
                return next;
            }
            case BlockTriangularOperator triangle -> {
                return add(triangle.toBlocks(), v, x, letters, at);
            }
            case BlockOperator blocks -> {
                int next = at;
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        @Nullable LinearOperator block = blocks.block(i, j);
                        if (block != null) {
                            double[] vi = part(v, blocks.rowBegin(i), blocks.rowSize(i));
                            double[] xj = part(x, blocks.columnBegin(j), blocks.columnSize(j));
                            next = add(block, vi, xj, letters, next);
                        }
                    }
                }
                return next;
            }
        }
        return at + 1;
    }

    private static int addProduct(
            List<LinearOperator> factors, double[] v, double[] x, List<double[]> letters, int at) {
        double[][] xs = new double[factors.size()][];
        xs[factors.size() - 1] = x;
        for (int k = factors.size() - 1; k > 0; k--) {
            xs[k - 1] = times(factors.get(k), xs[k]);
        }
        int next = at;
        double[] vk = v;
        for (int k = 0; k < factors.size(); k++) {
            next = add(factors.get(k), vk, xs[k], letters, next);
            vk = times(factors.get(k).transpose(), vk);
        }
        return next;
    }

    private static void outer(double[] v, double[] x, double[] g) {
        for (int i = 0; i < v.length; i++) {
            for (int j = 0; j < x.length; j++) {
                g[i * x.length + j] = Math.fma(v[i], x[j], g[i * x.length + j]);
            }
        }
    }

    /// Each position in turn is added to all taps that meet the image.
    private static void correlate(ConvolutionOperator convolution, double[] v, double[] x, double[] g) {
        ImageShape in = convolution.input();
        ImageShape out = convolution.output();
        int perGroup = in.channels() / convolution.groups();
        int columns = perGroup * convolution.kernelHeight() * convolution.kernelWidth();
        for (int at = 0; at < v.length; at++) {
            int o = at / out.width() / out.height();
            int i = at / out.width() % out.height();
            int j = at % out.width();
            int group = o * convolution.groups() / out.channels();
            for (int tap = 0; tap < columns; tap++) {
                int b = tap % convolution.kernelWidth();
                int a = tap / convolution.kernelWidth() % convolution.kernelHeight();
                int c = group * perGroup + tap / convolution.kernelWidth() / convolution.kernelHeight();
                int row = i * convolution.stride() + a - convolution.padding();
                int column = j * convolution.stride() + b - convolution.padding();
                if (row >= 0 && row < in.height() && column >= 0 && column < in.width()) {
                    double value = x[(c * in.height() + row) * in.width() + column];
                    g[o * columns + tap] = Math.fma(v[at], value, g[o * columns + tap]);
                }
            }
        }
    }

    /// `0 + Op x`.
    private static double[] times(LinearOperator operator, double[] x) {
        double[] t = new double[operator.rows()];
        multiply(operator, x, t);
        return t;
    }

    /// `t = t + Op x`, in the order of the operator's kind.
    private static void multiply(LinearOperator operator, double[] x, double[] t) {
        switch (operator) {
            case DenseOperator(Matrix matrix) -> {
                for (int i = 0; i < t.length; i++) {
                    for (int k = 0; k < x.length; k++) {
                        t[i] = Math.fma(matrix.get(i, k), x[k], t[i]);
                    }
                }
            }
            case SparseOperator sparse -> {
                int[] starts = sparse.rowStarts();
                int[] columns = sparse.columnIndices();
                for (int i = 0; i < t.length; i++) {
                    for (int p = starts[i]; p < starts[i + 1]; p++) {
                        t[i] = Math.fma(sparse.values().get(0, p), x[columns[p]], t[i]);
                    }
                }
            }
            case DiagonalOperator diagonal -> multiply(diagonal.toSparse(), x, t);
            case ConvolutionOperator convolution -> multiply(convolution.toSparse(), x, t);
            case LowRankOperator lowRank ->
                multiply(
                        LinearOperator.dense(lowRank.left()),
                        times(LinearOperator.dense(lowRank.transposedRight()), x),
                        t);
            case ProductOperator(var factors) -> {
                double[] y = x;
                for (LinearOperator factor : factors.subList(1, factors.size()).reversed()) {
                    y = times(factor, y);
                }
                multiply(factors.getFirst(), y, t);
            }
            case SumOperator(var terms) -> terms.forEach(term -> multiply(term, x, t));
            case BlockTriangularOperator triangle -> multiply(triangle.toBlocks(), x, t);
            case BlockOperator blocks -> {
                for (int i = 0; i < blocks.blockRows(); i++) {
                    double[] own = part(t, blocks.rowBegin(i), blocks.rowSize(i));
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        @Nullable LinearOperator block = blocks.block(i, j);
                        if (block != null) {
                            multiply(block, part(x, blocks.columnBegin(j), blocks.columnSize(j)), own);
                        }
                    }
                    System.arraycopy(own, 0, t, blocks.rowBegin(i), own.length);
                }
            }
        }
    }

    private static double[] part(double[] values, int begin, int size) {
        return Arrays.copyOfRange(values, begin, begin + size);
    }
}
