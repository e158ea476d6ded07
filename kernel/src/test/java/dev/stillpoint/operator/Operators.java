package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// Operators of every kind and of awkward sizes for tests. Their entries come from a supplier and are stored in
/// FP32, so that they are the same numbers in either precision.
public final class Operators {
    private final SplittableRandom random;
    private final DoubleSupplier entries;

    private Operators(SplittableRandom random, DoubleSupplier entries) {
        this.random = random;
        this.entries = entries;
    }

    /// Operators with entries uniform in `(-1, 1)`.
    public static Operators uniform(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Operators(random, () -> random.nextDouble(-1, 1));
    }

    /// Operators whose entries are whole numbers from -3 to 3.
    public static Operators whole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Operators(random, () -> random.nextInt(-3, 4));
    }

    /// A matrix of entries.
    public Matrix matrix(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) entries.getAsDouble();
        }
        return Matrix.of(values, rows, columns).frozen();
    }

    /// A dense operator.
    public LinearOperator dense(int rows, int columns) {
        return LinearOperator.dense(matrix(rows, columns));
    }

    /// A sparse operator about a fifth of whose entries are stored, with a stored zero, an empty and a full row if
    /// it has enough.
    public SparseOperator sparse(int rows, int columns) {
        int[] starts = new int[rows + 1];
        List<Integer> indices = new ArrayList<>();
        List<Float> values = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                boolean stored = i % 7 == 5 || (i % 7 != 3 && random.nextInt(5) == 0);
                if (stored) {
                    indices.add(j);
                    values.add(values.size() == 2 ? 0f : (float) entries.getAsDouble());
                }
            }
            starts[i + 1] = indices.size();
        }
        Matrix row = Matrix.of(new float[values.size()], 1, values.size());
        for (int p = 0; p < values.size(); p++) {
            row.set(0, p, values.get(p));
        }
        return LinearOperator.sparse(
                rows,
                columns,
                starts,
                indices.stream().mapToInt(Integer::intValue).toArray(),
                row);
    }

    /// A diagonal operator.
    public LinearOperator diagonal(int n) {
        return LinearOperator.diagonal(matrix(1, n));
    }

    /// A low-rank operator.
    public LinearOperator lowRank(int rows, int columns, int k) {
        return LinearOperator.lowRank(matrix(rows, k), matrix(columns, k));
    }

    /// A convolution with a kernel of `kernelHeight` by `kernelWidth`.
    public ConvolutionOperator convolution(
            ImageShape input, int channels, int kernelHeight, int kernelWidth, int stride, int padding, int groups) {
        int taps = input.channels() / groups * kernelHeight * kernelWidth;
        return LinearOperator.convolution(
                input, matrix(channels, taps), kernelHeight, kernelWidth, stride, padding, groups);
    }

    /// Convolutions with every kind of edge, stride and group, and numbers of channels that make tiles of all
    /// sizes.
    public List<ConvolutionOperator> convolutions() {
        return List.of(
                convolution(new ImageShape(1, 1, 1), 1, 1, 1, 1, 0, 1),
                convolution(new ImageShape(3, 5, 7), 15, 3, 3, 1, 1, 1),
                convolution(new ImageShape(4, 6, 5), 6, 3, 2, 2, 1, 2),
                convolution(new ImageShape(5, 4, 4), 5, 3, 3, 1, 2, 5),
                convolution(new ImageShape(2, 7, 3), 9, 1, 3, 3, 0, 1),
                convolution(new ImageShape(2, 2, 3), 3, 5, 5, 2, 4, 1),
                convolution(new ImageShape(1, 3, 3), 2, 2, 2, 1, 5, 1));
    }

    /// A block triangular operator of four blocks: two rows of several kinds, one without blocks, a last one on the
    /// diagonal alone.
    public BlockTriangularOperator blockTriangular() {
        int[] sizes = {5, 3, 9, 4};
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[4][4];
        blocks[0][0] = dense(5, 5);
        blocks[0][1] = sparse(5, 3);
        blocks[0][3] = lowRank(5, 4, 2);
        blocks[1][2] = dense(3, 9);
        blocks[1][3] = LinearOperator.sum(dense(3, 4), sparse(3, 4));
        blocks[3][3] = diagonal(4);
        return LinearOperator.blockTriangular(sizes, blocks);
    }

    /// An operator of three rows and two columns of blocks, one row and no column without any.
    public BlockOperator blocks() {
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[3][2];
        blocks[0][1] = dense(6, 4);
        blocks[2][0] = sparse(11, 3);
        blocks[2][1] = lowRank(11, 4, 2);
        return LinearOperator.blocks(new int[] {6, 2, 11}, new int[] {3, 4}, blocks);
    }

    /// Operators of every kind, alone and made of each other.
    public List<LinearOperator> all() {
        List<LinearOperator> operators = new ArrayList<>(convolutions());
        for (int rows : new int[] {1, 3, 8, 13, 17}) {
            for (int columns : new int[] {1, 5, 8, 19}) {
                operators.add(dense(rows, columns));
                operators.add(sparse(rows, columns));
                operators.add(lowRank(rows, columns, 3));
            }
            operators.add(diagonal(rows));
        }
        operators.add(sparse(61, 67));
        operators.add(lowRank(9, 10, 0));
        operators.add(dense(6, 0));
        operators.add(LinearOperator.product(dense(7, 5), sparse(5, 11), dense(11, 3), diagonal(3)));
        operators.add(LinearOperator.product(sparse(4, 4)));
        operators.add(LinearOperator.sum(dense(6, 9), sparse(6, 9), lowRank(6, 9, 2)));
        operators.add(LinearOperator.sum(diagonal(10)));
        operators.add(blockTriangular());
        operators.add(blocks());
        operators.add(LinearOperator.sum(blockTriangular(), LinearOperator.product(dense(21, 3), dense(3, 21))));
        operators.add(LinearOperator.product(
                LinearOperator.product(dense(3, 4), lowRank(4, 6, 2)), LinearOperator.sum(dense(6, 6), diagonal(6))));
        operators.add(LinearOperator.product(
                convolution(new ImageShape(3, 4, 4), 2, 3, 3, 1, 1, 1),
                convolution(new ImageShape(2, 9, 9), 3, 3, 3, 2, 0, 1)));
        return operators;
    }

    /// Square operators of every kind of `n` values, a multiple of 12, for states.
    public List<LinearOperator> square(int n) {
        int half = n / 2;
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[2][2];
        blocks[0][0] = sparse(half, half);
        blocks[0][1] = dense(half, n - half);
        blocks[1][1] = dense(n - half, n - half);
        return List.of(
                dense(n, n),
                sparse(n, n),
                diagonal(n),
                lowRank(n, n, 3),
                LinearOperator.product(dense(n, 2), sparse(2, n)),
                LinearOperator.sum(diagonal(n), lowRank(n, n, 1)),
                convolution(new ImageShape(n / 12, 3, 4), n / 12, 3, 3, 1, 1, 1),
                LinearOperator.blockTriangular(new int[] {half, n - half}, blocks));
    }
}
