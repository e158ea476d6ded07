package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The product of an operator in exact arithmetic, the sums of magnitudes that its rounding errors are measured
/// against, and the number of roundings on the longest way from an input to an output.
public final class ExactProduct {
    private ExactProduct() {}

    /// `Op x`.
    public static BigDecimal[] of(LinearOperator operator, BigDecimal[] x) {
        return apply(operator, x, false);
    }

    /// `|F_1| |F_2| ... |x|`: absolute values of all entries, and of `x`.
    public static BigDecimal[] magnitude(LinearOperator operator, BigDecimal[] x) {
        return apply(operator, Arrays.stream(x).map(BigDecimal::abs).toArray(BigDecimal[]::new), true);
    }

    private static BigDecimal[] apply(LinearOperator operator, BigDecimal[] x, boolean absolute) {
        return switch (operator) {
            case ProductOperator(var factors) -> {
                BigDecimal[] y = x;
                for (LinearOperator factor : factors.reversed()) {
                    y = apply(factor, y, absolute);
                }
                yield y;
            }
            case LowRankOperator(Matrix left, Matrix right) -> {
                BigDecimal[] inner = new BigDecimal[left.columns()];
                for (int c = 0; c < inner.length; c++) {
                    inner[c] = BigDecimal.ZERO;
                    for (int j = 0; j < x.length; j++) {
                        inner[c] = inner[c].add(entry(right.get(j, c), absolute).multiply(x[j]));
                    }
                }
                yield dense(left, inner, absolute);
            }
            case SumOperator(var terms) -> {
                BigDecimal[] y = zeros(operator.rows());
                for (LinearOperator term : terms) {
                    add(y, 0, apply(term, x, absolute));
                }
                yield y;
            }
            case BlockTriangularOperator triangle -> apply(triangle.toBlocks(), x, absolute);
            case BlockOperator blocks -> {
                BigDecimal[] y = zeros(operator.rows());
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        @Nullable LinearOperator block = blocks.block(i, j);
                        if (block != null) {
                            int begin = blocks.columnBegin(j);
                            BigDecimal[] part = Arrays.copyOfRange(x, begin, begin + blocks.columnSize(j));
                            add(y, blocks.rowBegin(i), apply(block, part, absolute));
                        }
                    }
                }
                yield y;
            }
            case DenseOperator _, SparseOperator _, DiagonalOperator _, ConvolutionOperator _ ->
                dense(operator.toMatrix(), x, absolute);
        };
    }

    private static BigDecimal[] dense(Matrix matrix, BigDecimal[] x, boolean absolute) {
        BigDecimal[] y = zeros(matrix.rows());
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                double value = matrix.get(i, j);
                y[i] = value == 0 ? y[i] : y[i].add(entry(value, absolute).multiply(x[j]));
            }
        }
        return y;
    }

    private static BigDecimal entry(double value, boolean absolute) {
        return new BigDecimal(absolute ? Math.abs(value) : value);
    }

    private static BigDecimal[] zeros(int n) {
        BigDecimal[] zeros = new BigDecimal[n];
        Arrays.fill(zeros, BigDecimal.ZERO);
        return zeros;
    }

    private static void add(BigDecimal[] y, int begin, BigDecimal[] part) {
        for (int i = 0; i < part.length; i++) {
            y[begin + i] = y[begin + i].add(part[i]);
        }
    }

    /// The roundings on the longest way: an fma for each column of a chain, one chain after another.
    public static int roundings(LinearOperator operator) {
        return switch (operator) {
            case DenseOperator _, SparseOperator _ -> operator.columns();
            case DiagonalOperator _ -> 1;
            case ConvolutionOperator convolution -> convolution.weights().columns();
            case LowRankOperator lowRank -> lowRank.columns() + lowRank.rank();
            case ProductOperator(var factors) ->
                factors.stream().mapToInt(ExactProduct::roundings).sum();
            case SumOperator(var terms) ->
                terms.stream().mapToInt(ExactProduct::roundings).sum();
            case BlockTriangularOperator triangle -> roundings(triangle.toBlocks());
            case BlockOperator blocks -> {
                int sum = 0;
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        @Nullable LinearOperator block = blocks.block(i, j);
                        sum += block == null ? 0 : roundings(block);
                    }
                }
                yield sum;
            }
        };
    }
}
