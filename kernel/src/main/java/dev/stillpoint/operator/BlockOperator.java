package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An operator that is made of blocks: `y_i = sum_j F_ij x_j`, with `F_ij` of `(m_i, n_j)`, any of which may be
/// absent, that is zero.
///
/// **Order.** For each block row: `t_i = z_i + F_ij x_j` for the first block `j` that is present, then on from the
/// stored value for the others in increasing `j`. `t_i` is `z_i` where none is present. [#toMatrix()] is in FP32
/// where every block that is present has a dense form in FP32.
///
/// Immutable; the arrays are copied on the way in and out. Source: IDL-21 §2.4, whose compositions are such blocks.
public final class BlockOperator implements LinearOperator {
    private final int[] rowBegins;
    private final int[] columnBegins;
    private final @Nullable LinearOperator[][] blocks;

    /// An operator of the given blocks.
    ///
    /// @param rowSizes `m_1 ...`, each positive, at least one
    /// @param columnSizes `n_1 ...`, each positive, at least one
    /// @param blocks as many rows as row sizes, each with as many blocks as column sizes; null where one is absent
    /// @throws ShapeException when the shapes do not fit
    public BlockOperator(int[] rowSizes, int[] columnSizes, @Nullable LinearOperator[][] blocks) {
        rowBegins = begins("row", rowSizes);
        columnBegins = begins("column", columnSizes);
        if (blocks.length != rowSizes.length) {
            throw new ShapeException("%d sizes and %d rows of blocks: expected the same number"
                    .formatted(rowSizes.length, blocks.length));
        }
        this.blocks = new @Nullable LinearOperator[blocks.length][];
        for (int i = 0; i < blocks.length; i++) {
            this.blocks[i] = blocks[i].clone();
            checkRow(i);
        }
    }

    private static int[] begins(String what, int[] sizes) {
        if (sizes.length == 0) {
            throw new ShapeException("no " + what + " sizes: expected at least one");
        }
        int[] begins = new int[sizes.length + 1];
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1 || sizes[i] > Integer.MAX_VALUE - begins[i]) {
                throw new ShapeException(
                        "block %s %d has %d values after %d others: expected a positive size, and fewer"
                                        .formatted(what, i, sizes[i], begins[i])
                                + " than 2^31 values in all");
            }
            begins[i + 1] = begins[i] + sizes[i];
        }
        return begins;
    }

    private void checkRow(int i) {
        if (blocks[i].length != blockColumns()) {
            throw new ShapeException(
                    "row %d has %d blocks, expected %d".formatted(i, blocks[i].length, blockColumns()));
        }
        for (int j = 0; j < blocks[i].length; j++) {
            LinearOperator block = blocks[i][j];
            if (block != null && (block.rows() != rowSize(i) || block.columns() != columnSize(j))) {
                throw new ShapeException("block (%d, %d) is %d x %d, expected %d x %d"
                        .formatted(i, j, block.rows(), block.columns(), rowSize(i), columnSize(j)));
            }
        }
    }

    /// Number of block rows.
    public int blockRows() {
        return rowBegins.length - 1;
    }

    /// Number of block columns.
    public int blockColumns() {
        return columnBegins.length - 1;
    }

    /// `m_i`.
    public int rowSize(int i) {
        return rowBegins[i + 1] - rowBegins[i];
    }

    /// `n_j`.
    public int columnSize(int j) {
        return columnBegins[j + 1] - columnBegins[j];
    }

    /// The first row of block row `i`.
    public int rowBegin(int i) {
        return rowBegins[i];
    }

    /// The first column of block column `j`.
    public int columnBegin(int j) {
        return columnBegins[j];
    }

    /// `F_ij`, or null where it is absent.
    public @Nullable LinearOperator block(int i, int j) {
        return blocks[i][j];
    }

    @Override
    public int rows() {
        return rowBegins[blockRows()];
    }

    @Override
    public int columns() {
        return columnBegins[blockColumns()];
    }

    @Override
    public long flops() {
        return Arrays.stream(blocks)
                .flatMap(Arrays::stream)
                .filter(Objects::nonNull)
                .mapToLong(LinearOperator::flops)
                .sum();
    }

    @Override
    public Matrix toMatrix() {
        Matrix matrix = Matrix.zeros(Precision.F64, rows(), columns());
        boolean single = true;
        for (int i = 0; i < blockRows(); i++) {
            for (int j = 0; j < blockColumns(); j++) {
                LinearOperator block = blocks[i][j];
                if (block != null) {
                    Matrix dense = block.toMatrix();
                    single &= dense.precision() == Precision.F32;
                    place(dense, matrix.slice(rowBegins[i], columnBegins[j], rowSize(i), columnSize(j)));
                }
            }
        }
        return single ? matrix.toImmutable(Precision.F32) : matrix.frozen();
    }

    /// The operator of the blocks `F_ji'` at `(i, j)`: the grid is transposed, and each block.
    @Override
    public BlockOperator transpose() {
        @Nullable LinearOperator[][] transposed = new @Nullable LinearOperator[blockColumns()][blockRows()];
        for (int j = 0; j < blockColumns(); j++) {
            @Nullable LinearOperator[] row = transposed[j];
            for (int i = 0; i < blockRows(); i++) {
                LinearOperator block = blocks[i][j];
                row[i] = block == null ? null : block.transpose();
            }
        }
        return new BlockOperator(sizes(columnBegins), sizes(rowBegins), transposed);
    }

    private static int[] sizes(int[] begins) {
        int[] sizes = new int[begins.length - 1];
        Arrays.setAll(sizes, i -> begins[i + 1] - begins[i]);
        return sizes;
    }

    private static void place(Matrix from, Matrix to) {
        double[] row = new double[from.columns()];
        for (int i = 0; i < from.rows(); i++) {
            from.getRow(i, row, 0);
            to.setRow(i, row, 0);
        }
    }

    /// Shape and number of blocks, as in `blocks 30 x 40, 3 x 2`.
    @Override
    public String toString() {
        return "blocks %d x %d, %d x %d".formatted(rows(), columns(), blockRows(), blockColumns());
    }
}
