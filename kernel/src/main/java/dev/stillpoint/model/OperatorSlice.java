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
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Rows and columns of an operator as an operator, had without any arithmetic. Blocks of an operator that is made
/// of blocks are handed out as they are; other operators keep their kind only where they are taken whole.
final class OperatorSlice {
    private OperatorSlice() {}

    /// `rows` by `columns` entries, the first of which is `(row, column)`; null where all of them are zero.
    static @Nullable LinearOperator of(LinearOperator operator, int row, int column, int rows, int columns) {
        boolean whole = rows == operator.rows() && columns == operator.columns();
        return switch (operator) {
            case BlockTriangularOperator triangular -> blocks(triangular.toBlocks(), row, column, rows, columns);
            case BlockOperator blocks -> blocks(blocks, row, column, rows, columns);
            case LinearOperator any when whole -> any;
            case ProductOperator(var factors) -> product(factors, row, column, rows, columns);
            case SumOperator(var terms) -> sum(terms, row, column, rows, columns);
            case DenseOperator _, SparseOperator _, DiagonalOperator _, LowRankOperator _, ConvolutionOperator _ -> {
                Form form = Form.of(operator).slice(row, column, rows, columns);
                yield form.isZero() ? null : form.cheapest();
            }
        };
    }

    private static @Nullable LinearOperator product(
            List<LinearOperator> factors, int row, int column, int rows, int columns) {
        List<LinearOperator> own = new ArrayList<>(factors);
        LinearOperator first = of(own.getFirst(), row, 0, rows, own.getFirst().columns());
        if (first == null) {
            return null;
        }
        own.set(0, first);
        LinearOperator last = of(own.getLast(), 0, column, own.getLast().rows(), columns);
        if (last == null) {
            return null;
        }
        own.set(own.size() - 1, last);
        return new ProductOperator(own);
    }

    private static @Nullable LinearOperator sum(
            List<LinearOperator> terms, int row, int column, int rows, int columns) {
        List<LinearOperator> own = terms.stream()
                .map(term -> of(term, row, column, rows, columns))
                .filter(Objects::nonNull)
                .toList();
        return own.isEmpty() ? null : own.size() == 1 ? own.getFirst() : new SumOperator(own);
    }

    private static @Nullable LinearOperator blocks(BlockOperator operator, int row, int column, int rows, int columns) {
        int firstRow = block(operator::rowBegin, row);
        int lastRow = block(operator::rowBegin, row + rows - 1);
        int firstColumn = block(operator::columnBegin, column);
        int lastColumn = block(operator::columnBegin, column + columns - 1);
        int[] rowSizes = new int[lastRow - firstRow + 1];
        int[] columnSizes = new int[lastColumn - firstColumn + 1];
        @Nullable LinearOperator[][] own = new @Nullable LinearOperator[rowSizes.length][];
        boolean any = false;
        for (int i = firstRow; i <= lastRow; i++) {
            int top = Math.max(row, operator.rowBegin(i));
            rowSizes[i - firstRow] = Math.min(row + rows, operator.rowBegin(i + 1)) - top;
            @Nullable LinearOperator[] parts = new @Nullable LinearOperator[columnSizes.length];
            for (int j = firstColumn; j <= lastColumn; j++) {
                int left = Math.max(column, operator.columnBegin(j));
                columnSizes[j - firstColumn] = Math.min(column + columns, operator.columnBegin(j + 1)) - left;
                LinearOperator block = operator.block(i, j);
                if (block != null) {
                    LinearOperator part = of(
                            block,
                            top - operator.rowBegin(i),
                            left - operator.columnBegin(j),
                            rowSizes[i - firstRow],
                            columnSizes[j - firstColumn]);
                    parts[j - firstColumn] = part;
                    any |= part != null;
                }
            }
            own[i - firstRow] = parts;
        }
        if (!any) {
            return null;
        }
        LinearOperator only = own[0][0];
        boolean single = rowSizes.length == 1 && columnSizes.length == 1 && only != null;
        return single ? only : new BlockOperator(rowSizes, columnSizes, own);
    }

    /// The block that holds row or column `index`.
    private static int block(IntUnaryOperator begin, int index) {
        int block = 0;
        while (begin.applyAsInt(block + 1) <= index) {
            block++;
        }
        return block;
    }
}
