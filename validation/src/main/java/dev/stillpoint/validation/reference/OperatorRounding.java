package dev.stillpoint.validation.reference;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.operator.SumOperator;

/// What the rounding of a product `t = z + Op x` is measured by, for an engine that takes the operator in the form
/// that it has:
///
///     |dt| <= gamma_terms (|z| + |Op||x|) + underflows tiny
///
/// where `|Op|` has the magnitudes of all that is stored: a sum of magnitudes for a sum, a product for a product,
/// which may be much larger than those of the entries. Every value passes through at most `terms` rounded
/// operations, whatever their order: for a sum those of its terms together, for a product those of its factors, for
/// blocks those of a block row. An underflow in an inner factor is carried on by the outer ones.
///
/// Where the entries are computed from what is stored, the dense form that the references use is itself wrong by
/// `terms` roundings of a double of the same magnitudes. Source: Higham, *Accuracy and Stability of Numerical
/// Algorithms*, (3.5).
///
/// @param magnitude `|Op|`, one array a row
/// @param terms roundings that a value passes through at most
/// @param underflows how many times the least positive number a result may be wrong by
/// @param isComputed whether entries of the dense form are computed
@SuppressWarnings("ArrayRecordComponent") // private data that never leaves the package
record OperatorRounding(double[][] magnitude, int terms, double underflows, boolean isComputed) {

    /// That of an operator.
    static OperatorRounding of(LinearOperator operator) {
        return switch (operator) {
            case DenseOperator _, SparseOperator _, ConvolutionOperator _ ->
                stored(operator.toMatrix(), operator.columns());
            case DiagonalOperator _ -> stored(operator.toMatrix(), 1);
            case LowRankOperator low ->
                of(LinearOperator.dense(low.left())).times(of(LinearOperator.dense(low.transposedRight())));
            case ProductOperator(var factors) ->
                factors.stream()
                        .map(OperatorRounding::of)
                        .reduce(OperatorRounding::times)
                        .orElseThrow();
            case SumOperator(var terms) ->
                terms.stream()
                        .map(OperatorRounding::of)
                        .reduce(OperatorRounding::plus)
                        .orElseThrow();
            case BlockTriangularOperator triangular -> ofBlocks(triangular.toBlocks());
            case BlockOperator blocks -> ofBlocks(blocks);
        };
    }

    /// That of a matrix whose entries are stored.
    static OperatorRounding stored(Matrix matrix, int terms) {
        double[][] magnitude = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < magnitude.length; i++) {
            matrix.getRow(i, magnitude[i], 0);
            for (int j = 0; j < magnitude[i].length; j++) {
                magnitude[i][j] = Math.abs(magnitude[i][j]);
            }
        }
        return new OperatorRounding(magnitude, terms, terms, false);
    }

    private OperatorRounding times(OperatorRounding inner) {
        int columns = inner.magnitude.length == 0 ? 0 : inner.magnitude[0].length;
        double[][] product = new double[magnitude.length][columns];
        double carried = 0;
        for (int i = 0; i < product.length; i++) {
            double sum = 0;
            for (int k = 0; k < magnitude[i].length; k++) {
                sum += magnitude[i][k];
                for (int j = 0; j < columns; j++) {
                    product[i][j] += magnitude[i][k] * inner.magnitude[k][j];
                }
            }
            carried = Math.max(carried, sum);
        }
        return new OperatorRounding(product, terms + inner.terms, underflows + 2 * carried * inner.underflows, true);
    }

    private OperatorRounding plus(OperatorRounding other) {
        double[][] sum = new double[magnitude.length][];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = magnitude[i].clone();
            for (int j = 0; j < sum[i].length; j++) {
                sum[i][j] += other.magnitude[i][j];
            }
        }
        return new OperatorRounding(sum, terms + other.terms, underflows + other.underflows, true);
    }

    private static OperatorRounding ofBlocks(BlockOperator blocks) {
        double[][] magnitude = new double[blocks.rows()][blocks.columns()];
        int terms = 0;
        double underflows = 0;
        boolean computed = false;
        for (int i = 0; i < blocks.blockRows(); i++) {
            int rowTerms = 0;
            double rowUnderflows = 0;
            for (int j = 0; j < blocks.blockColumns(); j++) {
                LinearOperator block = blocks.block(i, j);
                if (block == null) {
                    continue;
                }
                OperatorRounding own = of(block);
                for (int k = 0; k < own.magnitude.length; k++) {
                    System.arraycopy(
                            own.magnitude[k],
                            0,
                            magnitude[blocks.rowBegin(i) + k],
                            blocks.columnBegin(j),
                            own.magnitude[k].length);
                }
                rowTerms += own.terms;
                rowUnderflows += own.underflows;
                computed |= own.isComputed;
            }
            terms = Math.max(terms, rowTerms);
            underflows = Math.max(underflows, rowUnderflows);
        }
        return new OperatorRounding(magnitude, terms, underflows, computed);
    }
}
