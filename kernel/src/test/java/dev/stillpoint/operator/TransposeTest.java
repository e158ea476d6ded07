package dev.stillpoint.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The transpose of every kind of operator, alone and made of each other.
final class TransposeTest {
    private static final long SEED = 577;

    /// Whole entries are exact, however they are added.
    @Test
    void wholeEntriesChangePlaces() {
        for (LinearOperator operator : Operators.whole(SEED).all()) {
            assertTransposed(operator, operator.transpose(), 0);
        }
    }

    /// Entries that are stored, and sums of products of two, keep their bits; a product of more factors is
    /// multiplied from the other end, with at most `roundings` errors of an ulp's half on each side.
    @Test
    void entriesChangePlaces() {
        for (LinearOperator operator : Operators.uniform(SEED).all()) {
            int roundings = hasLongProduct(operator) ? ExactProduct.roundings(operator) : 0;
            double unit = Precision.F64.unitRoundoff();
            assertTransposed(operator, operator.transpose(), 2 * roundings * unit / (1 - roundings * unit));
        }
    }

    private static boolean hasLongProduct(LinearOperator operator) {
        return switch (operator) {
            case ProductOperator(var factors) ->
                factors.size() > 2 || factors.stream().anyMatch(TransposeTest::hasLongProduct);
            case SumOperator(var terms) -> terms.stream().anyMatch(TransposeTest::hasLongProduct);
            case BlockTriangularOperator triangle -> hasLongProduct(triangle.toBlocks());
            case BlockOperator blocks -> {
                boolean any = false;
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        @Nullable LinearOperator block = blocks.block(i, j);
                        any |= block != null && hasLongProduct(block);
                    }
                }
                yield any;
            }
            case DenseOperator _, SparseOperator _, DiagonalOperator _, LowRankOperator _, ConvolutionOperator _ ->
                false;
        };
    }

    /// @param bound errors as a part of `|F_1| |F_2| ...`; 0 asks for the same bits
    private static void assertTransposed(LinearOperator operator, LinearOperator transposed, double bound) {
        Matrix matrix = operator.toMatrix();
        Matrix swapped = transposed.toMatrix();
        assertEquals(operator.columns(), transposed.rows());
        assertEquals(operator.rows(), transposed.columns());
        assertEquals(operator.columns(), swapped.rows());
        assertEquals(matrix.precision(), swapped.precision());
        assertEquals(operator.flops(), transposed.flops(), operator.toString());
        for (int j = 0; j < matrix.columns(); j++) {
            BigDecimal[] unit = new BigDecimal[matrix.columns()];
            Arrays.fill(unit, BigDecimal.ZERO);
            unit[j] = BigDecimal.ONE;
            BigDecimal @Nullable [] magnitude = bound == 0 ? null : ExactProduct.magnitude(operator, unit);
            for (int i = 0; i < matrix.rows(); i++) {
                double expected = matrix.get(i, j);
                double actual = swapped.get(j, i);
                String what =
                        "%s, entry (%d, %d): %s and %s, seed %d".formatted(operator, i, j, expected, actual, SEED);
                if (magnitude == null) {
                    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual), what);
                } else {
                    assertTrue(Math.abs(expected - actual) <= bound * magnitude[i].doubleValue(), what);
                }
            }
        }
    }

    /// `<y, Op x> = <Op' y, x>` in exact arithmetic, by plain loops over what each operator is made of.
    @Test
    void transposesAreAdjoint() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (LinearOperator operator : Operators.uniform(SEED).all()) {
            BigDecimal[] x = vector(operator.columns(), random);
            BigDecimal[] y = vector(operator.rows(), random);
            BigDecimal there = dot(y, ExactProduct.of(operator, x));
            BigDecimal back = dot(ExactProduct.of(operator.transpose(), y), x);
            assertEquals(0, there.compareTo(back), "%s: %s and %s, seed %d".formatted(operator, there, back, SEED));
        }
    }

    private static BigDecimal[] vector(int n, SplittableRandom random) {
        return random.doubles(n, -1, 1)
                .mapToObj(value -> new BigDecimal((float) value))
                .toArray(BigDecimal[]::new);
    }

    private static BigDecimal dot(BigDecimal[] a, BigDecimal[] b) {
        assertEquals(a.length, b.length);
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < a.length; i++) {
            sum = sum.add(a[i].multiply(b[i]));
        }
        return sum;
    }

    @Test
    void twiceIsTheSameOperator() {
        for (LinearOperator operator : Operators.uniform(SEED).all()) {
            LinearOperator twice = operator.transpose().transpose();
            Matrix expected = operator.toMatrix();
            assertEquals(expected.precision(), twice.toMatrix().precision());
            assertArrayEquals(expected.toDoubleArray(), twice.toMatrix().toDoubleArray(), operator + " seed " + SEED);
        }
    }

    /// A transposed convolution has the entries, and so the product, of the transposed sparse form; it is a
    /// convolution where the kernel is square, the stride 1 and the padding less than the kernel.
    @Test
    void convolutionsAreTransposedAsConvolutions() {
        Operators operators = Operators.uniform(SEED);
        int kept = 0;
        for (int kernel : new int[] {1, 2, 3}) {
            for (int width : new int[] {kernel, kernel + 1}) {
                for (int stride : new int[] {1, 2}) {
                    for (int padding = 0; padding <= kernel; padding++) {
                        for (int groups : new int[] {1, 2}) {
                            ConvolutionOperator convolution = operators.convolution(
                                    new ImageShape(4, 5, 6), 6, kernel, width, stride, padding, groups);
                            LinearOperator transposed = convolution.transpose();
                            boolean whole = width == kernel && stride == 1 && padding < kernel;
                            SparseOperator sparse = whole
                                    ? assertInstanceOf(ConvolutionOperator.class, transposed)
                                            .toSparse()
                                    : assertInstanceOf(SparseOperator.class, transposed);
                            SparseOperator expected = convolution.toSparse().transpose();
                            assertArrayEquals(expected.rowStarts(), sparse.rowStarts(), convolution.toString());
                            assertArrayEquals(expected.columnIndices(), sparse.columnIndices(), convolution.toString());
                            assertArrayEquals(
                                    expected.values().toFloatArray(),
                                    sparse.values().toFloatArray(),
                                    convolution + " seed " + SEED);
                            kept += whole ? 1 : 0;
                        }
                    }
                }
            }
        }
        assertEquals((1 + 2 + 3) * 2, kept);
    }

    @Test
    void kindsAndEntriesAreKept() {
        Matrix row = Matrix.of(new float[] {-0f, 3, Float.MIN_VALUE}, 1, 3).frozen();
        DenseOperator dense = LinearOperator.dense(row);
        assertEquals(
                Float.floatToRawIntBits(-0f),
                Float.floatToRawIntBits(dense.transpose().matrix().toFloatArray()[0]));
        assertEquals(Float.MIN_VALUE, dense.transpose().matrix().get(2, 0));
        SparseOperator sparse = LinearOperator.sparse(2, 4, new int[] {0, 1, 3}, new int[] {2, 0, 2}, row);
        SparseOperator columns = sparse.transpose();
        assertArrayEquals(new int[] {0, 1, 1, 3, 3}, columns.rowStarts());
        assertArrayEquals(new int[] {1, 0, 1}, columns.columnIndices());
        assertArrayEquals(
                new float[] {3, -0f, Float.MIN_VALUE}, columns.values().toFloatArray());
        DiagonalOperator diagonal = LinearOperator.diagonal(row);
        assertSame(diagonal, diagonal.transpose());
        Operators operators = Operators.uniform(SEED);
        LowRankOperator lowRank = LinearOperator.lowRank(operators.matrix(4, 2), operators.matrix(3, 2));
        assertSame(lowRank.left(), lowRank.transpose().right());
        assertSame(lowRank.right(), lowRank.transpose().left());
        SumOperator sum = LinearOperator.sum(dense, LinearOperator.dense(row)).transpose();
        assertEquals(
                List.of(DenseOperator.class, DenseOperator.class),
                sum.terms().stream().map(Object::getClass).toList());
        ProductOperator product = LinearOperator.product(dense, diagonal).transpose();
        assertEquals(
                List.of(DiagonalOperator.class, DenseOperator.class),
                product.factors().stream().map(Object::getClass).toList());
        BlockOperator lower = operators.blockTriangular().transpose();
        assertEquals(4, lower.blockRows());
        assertTrue(lower.block(0, 1) == null && lower.block(1, 0) != null);
    }
}
