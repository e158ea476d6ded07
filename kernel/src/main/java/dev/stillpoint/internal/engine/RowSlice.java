package dev.stillpoint.internal.engine;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Some rows of an operator, as an operator whose product has the bits of those rows of the whole one's.
final class RowSlice {
    private RowSlice() {}

    /// Rows `from` (inclusive) to `to` (exclusive); null where they have no entries.
    static @Nullable LinearOperator of(LinearOperator operator, int from, int to) {
        if (from == 0 && to == operator.rows() && !(operator instanceof BlockOperator)) {
            return operator;
        }
        return switch (operator) {
            case DenseOperator(Matrix matrix) -> LinearOperator.dense(matrix.slice(from, to));
            case SparseOperator sparse -> rows(sparse, from, to);
            case DiagonalOperator diagonal -> rows(diagonal.toSparse(), from, to);
            case ConvolutionOperator convolution -> rows(convolution.toSparse(), from, to);
            case LowRankOperator lowRank ->
                LinearOperator.lowRank(lowRank.left().slice(from, to), lowRank.right());
            case ProductOperator(var factors) -> product(factors, from, to);
            case SumOperator(var terms) -> sum(terms, from, to);
            case BlockTriangularOperator triangle -> of(triangle.toBlocks(), from, to);
            case BlockOperator blocks -> of(blocks, from, to);
        };
    }

    private static @Nullable SparseOperator rows(SparseOperator sparse, int from, int to) {
        int[] starts = sparse.rowStarts();
        int first = starts[from];
        int last = starts[to];
        if (first == last) {
            return null;
        }
        int[] own = new int[to - from + 1];
        Arrays.setAll(own, i -> starts[from + i] - first);
        int[] columns = Arrays.copyOfRange(sparse.columnIndices(), first, last);
        Matrix values = sparse.values().slice(0, first, 1, last - first);
        return new SparseOperator(to - from, sparse.columns(), own, columns, values);
    }

    private static @Nullable LinearOperator product(List<LinearOperator> factors, int from, int to) {
        LinearOperator first = of(factors.getFirst(), from, to);
        if (first == null) {
            return null;
        }
        List<LinearOperator> own = new ArrayList<>(factors);
        own.set(0, first);
        return new ProductOperator(own);
    }

    private static @Nullable LinearOperator sum(List<LinearOperator> terms, int from, int to) {
        List<LinearOperator> own = terms.stream()
                .map(term -> of(term, from, to))
                .filter(Objects::nonNull)
                .toList();
        return own.isEmpty() ? null : own.size() == 1 ? own.getFirst() : new SumOperator(own);
    }

    private static @Nullable LinearOperator of(BlockOperator operator, int from, int to) {
        int columns = operator.blockColumns();
        int[] columnSizes = new int[columns];
        Arrays.setAll(columnSizes, operator::columnSize);
        List<Integer> sizes = new ArrayList<>();
        List<@Nullable LinearOperator[]> rows = new ArrayList<>();
        boolean any = false;
        for (int i = 0; i < operator.blockRows(); i++) {
            int begin = operator.rowBegin(i);
            int a = Math.max(from, begin);
            int b = Math.min(to, begin + operator.rowSize(i));
            if (a < b) {
                @Nullable LinearOperator[] row = new @Nullable LinearOperator[columns];
                for (int j = 0; j < columns; j++) {
                    LinearOperator block = operator.block(i, j);
                    row[j] = block == null ? null : of(block, a - begin, b - begin);
                    any |= row[j] != null;
                }
                sizes.add(b - a);
                rows.add(row);
            }
        }
        if (!any) {
            return null;
        }
        return LinearOperator.blocks(
                sizes.stream().mapToInt(size -> size).toArray(),
                columnSizes,
                rows.toArray(new @Nullable LinearOperator[0][]));
    }
}
