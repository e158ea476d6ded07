package dev.stillpoint.internal.engine;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.SparseOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A triangular block `F` of a state matrix, cut into tiles of [#TILE] rows, counted from the first row of the
/// block, in the order in which they are solved: upper ones from the last tile, and within a tile from the last
/// row; lower ones from the first.
///
/// @param upper whether `F` is upper triangular
/// @param tiles the tiles
public record Triangle(boolean upper, List<Tile> tiles) {
    /// Rows of a tile: enough for the product of a tile with what is known to be worth a kernel, few enough for the
    /// entries inside of the tiles to be a small part of the work.
    public static final int TILE = 32;

    /// Some rows of the triangle. What has no entry is absent.
    ///
    /// @param begin the first row
    /// @param known the entries of the rows in the columns of the tiles before, or null where there are none
    /// @param knownBegin the first column of these
    /// @param inner the entries of the rows in their own columns that are not zero, without the diagonal
    /// @param diagonal the diagonal, `(1, rows)`
    /// @param activations the activation of each row
    public record Tile(
            int begin,
            @Nullable LinearOperator known,
            int knownBegin,
            SparseOperator inner,
            Matrix diagonal,
            List<Activation> activations) {}

    /// The entries of a square operator: those stored of a sparse one, those that are not zero of others.
    static SparseOperator entries(LinearOperator block) {
        return switch (block) {
            case SparseOperator sparse -> sparse;
            case DiagonalOperator diagonal -> diagonal.toSparse();
            case ConvolutionOperator convolution -> convolution.toSparse();
            default -> SparseOperator.of(block.toMatrix());
        };
    }

    /// Cuts a block.
    ///
    /// @param block a dense or sparse triangular matrix; other kinds are taken by their entries
    /// @param entries its entries
    /// @param activations the activation of each row
    static Triangle of(LinearOperator block, SparseOperator entries, boolean upper, List<Activation> activations) {
        int n = block.rows();
        int[] starts = entries.rowStarts();
        int[] columns = entries.columnIndices();
        List<Tile> tiles = new ArrayList<>();
        int count = (n + TILE - 1) / TILE;
        for (int k = 0; k < count; k++) {
            int begin = TILE * (upper ? count - 1 - k : k);
            int end = Math.min(n, begin + TILE);
            int from = upper ? end : 0;
            int to = upper ? n : begin;
            LinearOperator known = null;
            if (block instanceof DenseOperator(Matrix matrix)) {
                known = from < to ? LinearOperator.dense(matrix.slice(begin, from, end - begin, to - from)) : null;
            } else {
                SparseOperator slice = slice(entries, starts, columns, begin, end, from, to, true);
                known = slice.entries() > 0 ? slice : null;
            }
            Matrix diagonal = Matrix.zeros(Precision.F64, 1, end - begin);
            for (int i = begin; i < end; i++) {
                for (int p = starts[i]; p < starts[i + 1]; p++) {
                    if (columns[p] == i) {
                        diagonal.set(0, i - begin, entries.values().get(0, p));
                    }
                }
            }
            SparseOperator inner = slice(entries, starts, columns, begin, end, begin, end, false);
            tiles.add(new Tile(begin, known, from, inner, diagonal.frozen(), activations.subList(begin, end)));
        }
        return new Triangle(upper, List.copyOf(tiles));
    }

    /// Entries of some rows in some columns.
    ///
    /// @param all whether zeros and the diagonal are among them
    private static SparseOperator slice(
            SparseOperator entries, int[] starts, int[] columns, int begin, int end, int from, int to, boolean all) {
        int[] own = new int[end - begin + 1];
        int[] indices = new int[starts[end] - starts[begin]];
        double[] values = new double[indices.length];
        int count = 0;
        for (int i = begin; i < end; i++) {
            for (int p = starts[i]; p < starts[i + 1]; p++) {
                double value = entries.values().get(0, p);
                boolean counts = all || (columns[p] != i && value != 0);
                if (columns[p] >= from && columns[p] < to && counts) {
                    indices[count] = columns[p] - from;
                    values[count++] = value;
                }
            }
            own[i - begin + 1] = count;
        }
        return new SparseOperator(
                end - begin,
                to - from,
                own,
                Arrays.copyOf(indices, count),
                Matrix.of(values, 0, 1, count, values.length));
    }
}
