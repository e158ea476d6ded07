package dev.stillpoint.model;

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
import java.util.ArrayList;
import java.util.List;

/// A matrix in a form that rows and columns can be taken from without any arithmetic: entries that are stored,
/// products of such matrices, and sums of them.
sealed interface Form permits StoredEntries, FactorForm, SumForm {
    /// The number of rows.
    int rows();

    /// The number of columns.
    int columns();

    /// Which entries may differ from zero, judged by the pattern of the stored numbers alone: of `LR'` those with
    /// some `k` for which neither `L_ik` nor `R_jk` is zero. A sum that cancels counts as an entry.
    Pattern pattern();

    /// Whether there is no entry that may differ from zero.
    default boolean isZero() {
        Pattern pattern = pattern();
        return pattern.start()[pattern.rows()] == 0;
    }

    /// The rows and columns of the given indices, in their order.
    Form selected(int[] rows, int[] columns);

    /// `rowCount` by `columnCount` entries, the first of which is `(row, column)`.
    Form slice(int row, int column, int rowCount, int columnCount);

    /// The matrix as a part of a larger one that is zero elsewhere, its first entry at `(row, column)`.
    Form placed(int row, int column, int rows, int columns);

    /// `M x`, each component a chain of fused multiply-adds in double.
    double[] times(double[] x);

    /// The cheapest operator that has these entries, or these factors.
    LinearOperator cheapest();

    /// The form of an operator.
    static Form of(LinearOperator operator) {
        return switch (operator) {
            case DenseOperator(var matrix) -> StoredEntries.of(matrix);
            case SparseOperator sparse -> StoredEntries.of(sparse);
            case DiagonalOperator(var diagonal) -> StoredEntries.ofDiagonal(diagonal);
            case ConvolutionOperator convolution -> StoredEntries.of(convolution.toSparse());
            case LowRankOperator lowRank -> FactorForm.of(lowRank);
            case ProductOperator(var factors) -> product(factors);
            case SumOperator(var terms) ->
                SumForm.of(terms.stream().map(Form::of).toList());
            case BlockOperator blocks -> assembled(blocks);
            case BlockTriangularOperator triangular -> assembled(triangular.toBlocks());
        };
    }

    private static Form product(List<LinearOperator> factors) {
        Form product = of(factors.getLast());
        for (LinearOperator factor : factors.subList(0, factors.size() - 1).reversed()) {
            product = FactorForm.of(of(factor), product);
        }
        return product;
    }

    private static Form assembled(BlockOperator operator) {
        int rows = operator.rows();
        int columns = operator.columns();
        List<Form> terms = new ArrayList<>();
        for (int i = 0; i < operator.blockRows(); i++) {
            for (int j = 0; j < operator.blockColumns(); j++) {
                LinearOperator block = operator.block(i, j);
                if (block != null) {
                    terms.add(of(block).placed(operator.rowBegin(i), operator.columnBegin(j), rows, columns));
                }
            }
        }
        return terms.isEmpty() ? StoredEntries.zero(rows, columns) : SumForm.of(terms);
    }
}
