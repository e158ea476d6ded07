package dev.stillpoint.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Dense forms, counts and checks of operators. Entries are whole numbers, so that everything is exact.
final class LinearOperatorTest {
    private static final long SEED = 271;

    /// Column `j` of the dense form is the product with the unit vector `j`, by the definitions.
    @Test
    void denseFormsAreTheMap() {
        for (LinearOperator operator : Operators.whole(SEED).all()) {
            Matrix dense = operator.toMatrix();
            assertEquals(operator.rows(), dense.rows());
            assertEquals(operator.columns(), dense.columns());
            assertTrue(dense.isImmutable());
            for (int j = 0; j < operator.columns(); j++) {
                BigDecimal[] unit = new BigDecimal[operator.columns()];
                Arrays.fill(unit, BigDecimal.ZERO);
                unit[j] = BigDecimal.ONE;
                BigDecimal[] column = ExactProduct.of(operator, unit);
                for (int i = 0; i < column.length; i++) {
                    assertEquals(column[i].doubleValue(), dense.get(i, j), operator + " seed " + SEED);
                }
            }
        }
    }

    /// By the definition, from the other side: each input value is spread over the outputs that it meets.
    @Test
    void convolutionsSpreadTheirInputs() {
        for (ConvolutionOperator convolution : Operators.whole(SEED).convolutions()) {
            ImageShape in = convolution.input();
            ImageShape out = convolution.output();
            double[][] expected = new double[out.size()][in.size()];
            int perGroup = in.channels() / convolution.groups();
            int outPerGroup = out.channels() / convolution.groups();
            for (int k = 0; k < in.size(); k++) {
                int x = k % in.width();
                int y = k / in.width() % in.height();
                int c = k / in.width() / in.height();
                for (int tap = 0; tap < convolution.kernelHeight() * convolution.kernelWidth(); tap++) {
                    int i = y + convolution.padding() - tap / convolution.kernelWidth();
                    int j = x + convolution.padding() - tap % convolution.kernelWidth();
                    boolean meets = i >= 0
                            && j >= 0
                            && i % convolution.stride() == 0
                            && j % convolution.stride() == 0
                            && i / convolution.stride() < out.height()
                            && j / convolution.stride() < out.width();
                    if (meets) {
                        for (int o = 0; o < outPerGroup; o++) {
                            int channel = c / perGroup * outPerGroup + o;
                            int row = (channel * out.height() + i / convolution.stride()) * out.width()
                                    + j / convolution.stride();
                            int column = c % perGroup * convolution.kernelHeight() * convolution.kernelWidth() + tap;
                            expected[row][k] = convolution.weights().get(channel, column);
                        }
                    }
                }
            }
            Matrix dense = convolution.toMatrix();
            double[] row = new double[in.size()];
            for (int i = 0; i < expected.length; i++) {
                dense.getRow(i, row, 0);
                assertArrayEquals(expected[i], row, convolution + " seed " + SEED);
            }
            assertEquals(2L * convolution.toSparse().entries(), convolution.flops());
        }
    }

    @Test
    void flopsCountWhatIsStored() {
        Operators operators = Operators.whole(SEED);
        assertEquals(2 * 3 * 4, operators.dense(3, 4).flops());
        SparseOperator sparse = operators.sparse(13, 9);
        assertEquals(2L * sparse.entries(), sparse.flops());
        assertEquals(2 * 6, operators.diagonal(6).flops());
        assertEquals(2 * 3 * (7 + 5), operators.lowRank(7, 5, 3).flops());
        assertEquals(
                24 + 40,
                LinearOperator.product(operators.dense(3, 4), operators.dense(4, 5))
                        .flops());
        assertEquals(
                24 + 24,
                LinearOperator.sum(operators.dense(3, 4), operators.dense(3, 4)).flops());
    }

    @Test
    void sparseDropsZerosOfADenseMatrix() {
        SparseOperator sparse = LinearOperator.sparse(Matrix.ofRows(new double[] {0, 2, -0.0}, new double[] {0, 0, 5}));
        assertArrayEquals(new int[] {0, 1, 2}, sparse.rowStarts());
        assertArrayEquals(new int[] {1, 2}, sparse.columnIndices());
        assertEquals(5, sparse.values().get(0, 1));
        sparse.columnIndices()[0] = 0;
        assertEquals(1, sparse.columnIndices()[0], "the arrays are copies");
    }

    @Test
    void precisionIsKeptWhereEntriesAreStored() {
        Operators operators = Operators.whole(SEED);
        assertEquals(Precision.F32, operators.sparse(3, 4).toMatrix().precision());
        assertEquals(Precision.F32, operators.diagonal(3).toMatrix().precision());
        assertEquals(Precision.F64, operators.lowRank(3, 4, 1).toMatrix().precision());
        @Nullable LinearOperator[][] blocks = {{operators.dense(2, 2), null}, {null, operators.diagonal(3)}};
        BlockTriangularOperator diagonal = LinearOperator.blockTriangular(new int[] {2, 3}, blocks);
        assertEquals(Precision.F32, diagonal.toMatrix().precision());
        assertTrue(!diagonal.isStrict());
        blocks[0][0] = null;
        assertTrue(diagonal.block(0, 0) != null, "the blocks are copied");
        assertNull(diagonal.block(1, 0));
    }

    @Test
    void huge() {
        int n = 1 << 20;
        LinearOperator diagonal = LinearOperator.diagonal(Matrix.zeros(Precision.F32, 1, n));
        assertTrue(assertThrows(ShapeException.class, diagonal::toMatrix)
                .getMessage()
                .contains("1048576 x 1048576"));
    }

    private static void refused(Class<? extends Throwable> type, String part, Runnable action) {
        String message = assertThrows(type, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void wrongShapesAreRefused() {
        Operators operators = Operators.whole(SEED);
        Matrix two = operators.matrix(1, 2);
        refused(ShapeException.class, "row starts", () -> LinearOperator.sparse(3, 3, new int[2], new int[2], two));
        refused(
                ShapeException.class,
                "from 0 to 1",
                () -> LinearOperator.sparse(1, 3, new int[] {0, 1}, new int[] {0, 1}, two));
        refused(
                ShapeException.class,
                "must not fall",
                () -> LinearOperator.sparse(2, 3, new int[] {0, 3, 2}, new int[] {0, 1}, two));
        refused(
                IllegalArgumentException.class,
                "ascending",
                () -> LinearOperator.sparse(1, 3, new int[] {0, 2}, new int[] {1, 1}, two));
        refused(
                IllegalArgumentException.class,
                "ascending columns below 3",
                () -> LinearOperator.sparse(1, 3, new int[] {0, 2}, new int[] {1, 3}, two));
        refused(ShapeException.class, "diagonal is 2 x 2", () -> LinearOperator.diagonal(operators.matrix(2, 2)));
        refused(
                ShapeException.class,
                "L is 3 x 2 and R is 3 x 1",
                () -> LinearOperator.lowRank(operators.matrix(3, 2), operators.matrix(3, 1)));
        refused(
                ShapeException.class,
                "factor 1 is 3 x 2",
                () -> LinearOperator.product(operators.dense(3, 2), operators.dense(3, 2)));
        refused(IllegalArgumentException.class, "at least one factor", LinearOperator::product);
        refused(
                ShapeException.class,
                "term 2 is 2 x 3",
                () -> LinearOperator.sum(operators.dense(3, 2), operators.dense(2, 3)));
        refused(IllegalArgumentException.class, "at least one term", () -> new SumOperator(List.of()));
    }

    @Test
    void wrongConvolutionsAreRefused() {
        Operators operators = Operators.whole(SEED);
        ImageShape image = new ImageShape(4, 3, 3);
        refused(ShapeException.class, "groups", () -> operators.convolution(image, 4, 1, 1, 1, 0, 3));
        refused(ShapeException.class, "groups", () -> operators.convolution(image, 3, 1, 1, 1, 0, 2));
        refused(
                ShapeException.class,
                "expected 36 columns",
                () -> LinearOperator.convolution(image, operators.matrix(2, 35), 3, 3, 1, 0, 1));
        refused(ShapeException.class, "larger than the image", () -> operators.convolution(image, 1, 6, 1, 1, 1, 1));
        refused(IllegalArgumentException.class, "stride is 0", () -> operators.convolution(image, 1, 1, 1, 0, 0, 1));
        refused(IllegalArgumentException.class, "padding is -1", () -> operators.convolution(image, 1, 1, 1, 1, -1, 1));
        refused(ShapeException.class, "an image of 65536", () -> new ImageShape(65536, 65536, 1));
        refused(ShapeException.class, "an image of 0", () -> new ImageShape(0, 1, 1));
    }

    @Test
    void wrongBlocksAreRefused() {
        Operators operators = Operators.whole(SEED);
        int[] sizes = {2, 3};
        @Nullable LinearOperator[][] below = {{null, null}, {operators.dense(3, 2), null}};
        refused(
                IllegalArgumentException.class,
                "below the diagonal",
                () -> LinearOperator.blockTriangular(sizes, below));
        @Nullable LinearOperator[][] wrong = {{null, operators.dense(3, 2)}, {null, null}};
        refused(ShapeException.class, "expected 2 x 3", () -> LinearOperator.blockTriangular(sizes, wrong));
        refused(
                ShapeException.class,
                "block row 1 has 0 values",
                () -> LinearOperator.blockTriangular(new int[] {2, 0}, wrong));
        @Nullable LinearOperator[][] one = {{null}};
        refused(ShapeException.class, "2 sizes and 1 rows", () -> LinearOperator.blockTriangular(sizes, one));
    }

    @Test
    void valuesHaveToBeFinite() {
        Matrix bad = Matrix.of(new double[] {1, Double.NaN}, 1, 2);
        Matrix good = Matrix.of(new double[] {1, 1}, 1, 2);
        refused(IllegalArgumentException.class, "NaN", () -> LinearOperator.diagonal(bad));
        refused(IllegalArgumentException.class, "NaN", () -> LinearOperator.lowRank(good, bad));
        refused(IllegalArgumentException.class, "NaN", () -> LinearOperator.sparse(bad));
        refused(
                IllegalArgumentException.class,
                "NaN",
                () -> LinearOperator.convolution(new ImageShape(2, 1, 1), bad, 1, 1, 1, 0, 1));
    }
}
