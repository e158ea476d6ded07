package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An upper block triangular operator: `y_i = sum_(j >= i) F_ij x_j` over blocks of `n_1, ..., n_L` values, with
/// `F_ij` of `(n_i, n_j)`, any of which may be absent, that is zero.
///
/// A state that is made of such blocks is solved block after block, from the last to the first, and is well-posed
/// if and only if its diagonal blocks are; where they are absent, each block is had in one pass.
///
/// **Order.** For each block row: `t_i = z_i + F_ij x_j` for the first block `j` that is present, then on from the
/// stored value for the others in increasing `j`. `t_i` is `z_i` where none is present. [#toMatrix()] is in FP32
/// where every block that is present has a dense form in FP32.
///
/// Immutable; the arrays are copied on the way in and out. Source: IDL-21 §2.3 and §3.1; SG-22 §III, (5).
public final class BlockTriangularOperator implements LinearOperator {
    private final int[] sizes;
    private final int[] begins;
    private final @Nullable LinearOperator[][] blocks;

    /// An operator of the given blocks.
    ///
    /// @param sizes `n_1 ... n_L`, each positive
    /// @param blocks `L` rows of `L`; null where a block is absent, as all below the diagonal are
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when there is a block below the diagonal
    public BlockTriangularOperator(int[] sizes, @Nullable LinearOperator[][] blocks) {
        int count = sizes.length;
        this.sizes = sizes.clone();
        begins = new int[count + 1];
        for (int i = 0; i < count; i++) {
            if (this.sizes[i] < 1 || this.sizes[i] > Integer.MAX_VALUE - begins[i]) {
                throw new ShapeException("block %d has %d values after %d others: expected a positive size, and fewer"
                                .formatted(i, this.sizes[i], begins[i])
                        + " than 2^31 values in all");
            }
            begins[i + 1] = begins[i] + this.sizes[i];
        }
        if (count == 0 || blocks.length != count) {
            throw new ShapeException("%d sizes and %d rows of blocks: expected the same number, at least one"
                    .formatted(count, blocks.length));
        }
        this.blocks = new @Nullable LinearOperator[count][];
        for (int i = 0; i < count; i++) {
            this.blocks[i] = blocks[i].clone();
            checkRow(i);
        }
    }

    private void checkRow(int i) {
        if (blocks[i].length != sizes.length) {
            throw new ShapeException("row %d has %d blocks, expected %d".formatted(i, blocks[i].length, sizes.length));
        }
        for (int j = 0; j < sizes.length; j++) {
            LinearOperator block = blocks[i][j];
            if (block == null) {
                continue;
            }
            if (j < i) {
                throw new IllegalArgumentException(
                        "block (%d, %d) is below the diagonal: expected none there".formatted(i, j));
            }
            if (block.rows() != sizes[i] || block.columns() != sizes[j]) {
                throw new ShapeException("block (%d, %d) is %d x %d, expected %d x %d"
                        .formatted(i, j, block.rows(), block.columns(), sizes[i], sizes[j]));
            }
        }
    }

    /// `L`, the number of block rows.
    public int blocks() {
        return sizes.length;
    }

    /// `n_1 ... n_L`; a copy.
    public int[] sizes() {
        return sizes.clone();
    }

    /// Values of block `i`.
    public int size(int i) {
        return sizes[i];
    }

    /// The first value of block `i`.
    public int begin(int i) {
        return begins[i];
    }

    /// `F_ij`, or null where it is absent.
    public @Nullable LinearOperator block(int i, int j) {
        return blocks[i][j];
    }

    /// Whether every block on the diagonal is absent.
    public boolean isStrict() {
        for (int i = 0; i < sizes.length; i++) {
            if (blocks[i][i] != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int rows() {
        return begins[sizes.length];
    }

    @Override
    public int columns() {
        return begins[sizes.length];
    }

    @Override
    public long flops() {
        return Arrays.stream(blocks)
                .flatMap(Arrays::stream)
                .mapToLong(block -> block == null ? 0 : block.flops())
                .sum();
    }

    @Override
    public Matrix toMatrix() {
        Matrix matrix = Matrix.zeros(Precision.F64, rows(), columns());
        boolean single = true;
        for (int i = 0; i < sizes.length; i++) {
            for (int j = i; j < sizes.length; j++) {
                LinearOperator block = blocks[i][j];
                if (block != null) {
                    Matrix dense = block.toMatrix();
                    single &= dense.precision() == Precision.F32;
                    place(dense, matrix.slice(begins[i], begins[j], sizes[i], sizes[j]));
                }
            }
        }
        return single ? matrix.toImmutable(Precision.F32) : matrix.frozen();
    }

    private static void place(Matrix from, Matrix to) {
        double[] row = new double[from.columns()];
        for (int i = 0; i < from.rows(); i++) {
            from.getRow(i, row, 0);
            to.setRow(i, row, 0);
        }
    }

    /// Shape and number of blocks, as in `block triangular 30 x 30, 3 blocks`.
    @Override
    public String toString() {
        return "block triangular %d x %d, %d blocks".formatted(rows(), columns(), sizes.length);
    }
}
