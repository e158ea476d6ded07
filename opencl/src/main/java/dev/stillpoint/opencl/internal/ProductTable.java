package dev.stillpoint.opencl.internal;

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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// An operator as the list of leaves that `product.cl` interprets, in the order in which the CPU engine puts
/// products together: chains of factors from right to left with zeros to start from, sums and rows of blocks from
/// the stored values of the term before.
final class ProductTable {
    private final int tileRows;
    private final Entries entries;
    private final Integers indices;
    private final Set<Leaf> kinds;
    private final Integers ops = new Integers();
    private int count;
    private int scratch;

    /// Where the values of a product are: a space and its first row.
    private record Place(int space, int row) {
        Place below(int rows) {
            return new Place(space, Math.addExact(row, rows));
        }
    }

    /// The table of an operator.
    ///
    /// @param tileRows rows of a tile of the dense product
    /// @param entries takes the entries
    /// @param indices takes the indices
    /// @param kinds takes the kinds of leaves
    ProductTable(LinearOperator operator, int tileRows, Entries entries, Integers indices, EnumSet<Leaf> kinds) {
        this.tileRows = tileRows;
        this.entries = entries;
        this.indices = indices;
        this.kinds = kinds;
        add(operator, new Place(Leaf.SPACE_X, 0), new Place(Leaf.SPACE_Z, 0), new Place(Leaf.SPACE_T, 0), 0);
    }

    /// The leaves, [Leaf#SIZE] integers each.
    int[] ops() {
        return ops.toArray();
    }

    /// How many leaves there are.
    int count() {
        return count;
    }

    /// Rows that the product needs beside its operands.
    int scratch() {
        return scratch;
    }

    private void add(LinearOperator operator, Place from, Place start, Place to, int behind) {
        switch (operator) {
            case DenseOperator(Matrix matrix) -> dense(matrix, from, start, to);
            case SparseOperator sparse -> sparse(sparse, from, start, to);
            case DiagonalOperator(Matrix diagonal) -> {
                int n = diagonal.columns();
                long at = entries.add(n, target -> {
                    for (int i = 0; i < n; i++) {
                        target.put(i, diagonal.get(0, i));
                    }
                });
                leaf(Leaf.DIAGONAL, n, n, at, 0, from, start, to);
            }
            case ConvolutionOperator convolution -> convolution(convolution, from, start, to);
            case LowRankOperator lowRank ->
                chain(
                        List.of(LinearOperator.dense(lowRank.left()), LinearOperator.dense(lowRank.transposedRight())),
                        from,
                        start,
                        to,
                        behind);
            case ProductOperator(var factors) -> chain(factors, from, start, to, behind);
            case SumOperator(var terms) -> {
                add(terms.getFirst(), from, start, to, behind);
                for (LinearOperator term : terms.subList(1, terms.size())) {
                    add(term, from, to, to, behind);
                }
            }
            case BlockOperator blocks -> blocks(blocks, from, start, to, behind);
            case BlockTriangularOperator triangle -> blocks(triangle.toBlocks(), from, start, to, behind);
        }
    }

    /// Two panels of scratch take turns between the factors.
    private void chain(List<LinearOperator> factors, Place from, Place start, Place to, int behind) {
        int inner = 0;
        for (LinearOperator factor : factors.subList(1, factors.size())) {
            inner = Math.max(inner, factor.rows());
        }
        int after = Math.addExact(behind, Math.multiplyExact(2, inner));
        scratch = Math.max(scratch, after);
        Place source = from;
        int next = behind;
        for (int f = factors.size() - 1; f > 0; f--) {
            Place target = new Place(Leaf.SPACE_SCRATCH, next);
            Place zero = new Place(Leaf.SPACE_ZERO, 0);
            add(factors.get(f), source, zero, target, after);
            source = target;
            next = next == behind ? behind + inner : behind;
        }
        add(factors.getFirst(), source, start, to, after);
    }

    private void blocks(BlockOperator operator, Place from, Place start, Place to, int behind) {
        for (int i = 0; i < operator.blockRows(); i++) {
            Place own = to.below(operator.rowBegin(i));
            Place next = below(start, operator.rowBegin(i));
            boolean empty = true;
            for (int j = 0; j < operator.blockColumns(); j++) {
                LinearOperator block = operator.block(i, j);
                if (block != null) {
                    add(block, from.below(operator.columnBegin(j)), next, own, behind);
                    next = own;
                    empty = false;
                }
            }
            if (empty) {
                leaf(Leaf.COPY, operator.rowSize(i), 0, 0, 0, from, next, own);
            }
        }
    }

    private static Place below(Place start, int rows) {
        return start.space == Leaf.SPACE_ZERO ? start : start.below(rows);
    }

    private void dense(Matrix matrix, Place from, Place start, Place to) {
        int rows = matrix.rows();
        int columns = matrix.columns();
        long tiles = Math.ceilDiv(rows, tileRows);
        long at = entries.add(Math.multiplyExact(tiles * tileRows, (long) columns), target -> {
            double[] row = new double[columns];
            for (int i = 0; i < rows; i++) {
                matrix.getRow(i, row, 0);
                long tile = (long) (i / tileRows) * tileRows * columns;
                for (int k = 0; k < columns; k++) {
                    target.put(tile + (long) k * tileRows + i % tileRows, row[k]);
                }
            }
        });
        leaf(Leaf.DENSE, rows, columns, at, 0, from, start, to);
    }

    private void sparse(SparseOperator operator, Place from, Place start, Place to) {
        Matrix values = operator.values();
        int count = operator.entries();
        long at = entries.add(count, target -> {
            for (int e = 0; e < count; e++) {
                target.put(e, values.get(0, e));
            }
        });
        int index = indices.size();
        indices.addAll(operator.rowStarts());
        indices.addAll(operator.columnIndices());
        leaf(Leaf.SPARSE, operator.rows(), operator.columns(), at, index, from, start, to);
    }

    private void convolution(ConvolutionOperator operator, Place from, Place start, Place to) {
        Matrix weights = operator.weights();
        int rows = weights.rows();
        int columns = weights.columns();
        long at = entries.add((long) rows * columns, target -> {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    target.put((long) i * columns + j, weights.get(i, j));
                }
            }
        });
        ImageShape input = operator.input();
        ImageShape output = operator.output();
        int index = indices.size();
        indices.addAll(
                input.height(),
                input.width(),
                input.channels(),
                output.channels(),
                output.height(),
                output.width(),
                operator.kernelHeight(),
                operator.kernelWidth(),
                operator.stride(),
                operator.padding(),
                operator.groups());
        leaf(Leaf.CONVOLUTION, operator.rows(), operator.columns(), at, index, from, start, to);
    }

    private void leaf(
            Leaf kind, int rows, int columns, long entriesAt, int indicesAt, Place from, Place start, Place to) {
        kinds.add(kind);
        count++;
        ops.addAll(
                kind.code(),
                rows,
                columns,
                (int) entriesAt,
                (int) (entriesAt >>> Integer.SIZE),
                indicesAt,
                from.space,
                from.row,
                start.space,
                start.row,
                to.space,
                to.row);
    }
}
