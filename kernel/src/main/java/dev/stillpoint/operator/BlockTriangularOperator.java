package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An upper block triangular operator: `y_i = sum_(j >= i) F_ij x_j` over blocks of `n_1, ..., n_L` values, with
/// `F_ij` of `(n_i, n_j)`, any of which may be absent, that is zero.
///
/// A state that is made of such blocks is solved block after block, from the last to the first, and is well-posed
/// if and only if its diagonal blocks are; where they are absent, each block is had in one pass.
///
/// **Order.** The product is that of [BlockOperator]. As `A` of a problem it is not multiplied as a whole: block `i`
/// is solved on its own with `z_i = bias_i + sum_(j > i) F_ij x_j + B_i u`, in that order.
///
/// Immutable; the arrays are copied on the way in and out. Source: IDL-21 §2.3 and §3.1; SG-22 §III, (5).
public final class BlockTriangularOperator implements LinearOperator {
    private final BlockOperator grid;

    /// An operator of the given blocks.
    ///
    /// @param sizes `n_1 ... n_L`, each positive
    /// @param blocks `L` rows of `L`; null where a block is absent, as all below the diagonal are
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when there is a block below the diagonal
    public BlockTriangularOperator(int[] sizes, @Nullable LinearOperator[][] blocks) {
        grid = new BlockOperator(sizes, sizes, blocks);
        for (int i = 0; i < sizes.length; i++) {
            for (int j = 0; j < i; j++) {
                if (grid.block(i, j) != null) {
                    throw new IllegalArgumentException(
                            "block (%d, %d) is below the diagonal: expected none there".formatted(i, j));
                }
            }
        }
    }

    /// `L`, the number of block rows.
    public int blocks() {
        return grid.blockRows();
    }

    /// `n_1 ... n_L`; a copy.
    public int[] sizes() {
        int[] sizes = new int[blocks()];
        Arrays.setAll(sizes, grid::rowSize);
        return sizes;
    }

    /// Values of block `i`.
    public int size(int i) {
        return grid.rowSize(i);
    }

    /// The first value of block `i`.
    public int begin(int i) {
        return grid.rowBegin(i);
    }

    /// `F_ij`, or null where it is absent.
    public @Nullable LinearOperator block(int i, int j) {
        return grid.block(i, j);
    }

    /// Whether every block on the diagonal is absent.
    public boolean isStrict() {
        for (int i = 0; i < blocks(); i++) {
            if (block(i, i) != null) {
                return false;
            }
        }
        return true;
    }

    /// The same blocks as an operator of any blocks, which has the same product.
    public BlockOperator toBlocks() {
        return grid;
    }

    @Override
    public int rows() {
        return grid.rows();
    }

    @Override
    public int columns() {
        return grid.columns();
    }

    @Override
    public long flops() {
        return grid.flops();
    }

    @Override
    public Matrix toMatrix() {
        return grid.toMatrix();
    }

    /// The transposed blocks as an operator of any blocks: it is lower block triangular, and would be an operator
    /// of this kind only with its states in another order.
    @Override
    public BlockOperator transpose() {
        return grid.transpose();
    }

    /// Shape and number of blocks, as in `block triangular 30 x 30, 3 blocks`.
    @Override
    public String toString() {
        return "block triangular %d x %d, %d blocks".formatted(rows(), columns(), blocks());
    }
}
