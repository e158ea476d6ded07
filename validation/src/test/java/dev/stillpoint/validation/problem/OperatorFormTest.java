package dev.stillpoint.validation.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.operator.SumOperator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A form changes how a matrix is given, not which.
final class OperatorFormTest {
    private static final String LINE = "implicit:n=30,p=3,q=2,m=2,seed=4,lambda=0.8,";

    private static Problem problem(String rest) {
        return ProblemSpec.parse(LINE + rest).generate();
    }

    private static Class<? extends LinearOperator> kind(OperatorForm form) {
        return switch (form) {
            case DENSE -> DenseOperator.class;
            case SPARSE -> SparseOperator.class;
            case DIAGONAL -> DiagonalOperator.class;
            case LOW_RANK -> LowRankOperator.class;
            case CONVOLUTION -> ConvolutionOperator.class;
            case BLOCK_TRIANGULAR -> BlockTriangularOperator.class;
            case SUM -> SumOperator.class;
        };
    }

    /// A zero of the dense form may be negative.
    private static double[] values(Matrix matrix) {
        return Arrays.stream(matrix.toDoubleArray()).map(value -> value + 0.0).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "sparse:0.2, sparse",
        "dense, sparse",
        "sparse:0, diagonal",
        "convolution:2x5x3, convolution",
        "block-triangular:4, block-triangular",
        "layers:4, block-triangular",
        "cascade:4, block-triangular"
    })
    void theMatrixIsThatOfTheDenseForm(String structure, String operator) {
        for (String precision : new String[] {"f32", "f64"}) {
            String line = "structure=" + structure + ",precision=" + precision;
            Problem dense = problem(line);
            Problem given = problem(line + ",operator=" + operator);
            assertInstanceOf(
                    kind(OperatorForm.parse(operator)), given.equation().a());
            assertEquals(dense.a().precision(), given.a().precision());
            assertArrayEquals(values(dense.a()), values(given.a()), line);
            assertArrayEquals(values(given.a()), values(given.equation().a().toMatrix()), line);
        }
    }

    /// The dense form rounds the product once, the factors before it: `|L||R'|` has an error of two roundings and
    /// what the sum of `rank` products in doubles adds, the matrix one; each beside its diagonal one more.
    @ParameterizedTest
    @CsvSource({"low-rank:3, low-rank, f32", "diagonal-low-rank:3, sum, f32", "low-rank:3, low-rank, f64"})
    void factorsAreRoundedOneByOne(String structure, String operator, String label) {
        String line = "structure=" + structure + ",precision=" + label;
        Problem dense = problem(line);
        Problem given = problem(line + ",operator=" + operator);
        LinearOperator a = given.equation().a();
        assertInstanceOf(kind(OperatorForm.parse(operator)), a);
        LowRankOperator factors = a instanceof SumOperator(var terms)
                ? (LowRankOperator) terms.getLast()
                : assertInstanceOf(LowRankOperator.class, a);
        Precision precision = Precision.of(label);
        assertEquals(precision, factors.left().precision());
        assertEquals(Precision.F64, given.a().precision());
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 30; j++) {
                double magnitude = Math.abs(dense.a().get(i, j));
                for (int k = 0; k < factors.rank(); k++) {
                    magnitude +=
                            Math.abs(factors.left().get(i, k) * factors.right().get(j, k));
                }
                double roundings = 4 * precision.unitRoundoff() + 12 * 0x1p-53;
                assertEquals(dense.a().get(i, j), given.a().get(i, j), roundings * magnitude, "(" + i + ", " + j + ")");
            }
        }
    }

    /// 30 values in four groups: 8, 7, 8, 7.
    @Test
    void groupsBecomeBlocksAndThoseThatAreZeroAreAbsent() {
        BlockTriangularOperator full = blocks("block-triangular:4");
        BlockTriangularOperator layers = blocks("layers:4");
        BlockTriangularOperator cascade = blocks("cascade:4");
        assertArrayEquals(new int[] {8, 7, 8, 7}, full.sizes());
        for (int i = 0; i < 4; i++) {
            for (int j = i; j < 4; j++) {
                String where = "(" + i + ", " + j + ")";
                assertNotNull(full.block(i, j), where);
                assertEquals(j == i + 1, layers.block(i, j) != null, where);
                assertEquals(i < j || i % 2 == 0, cascade.block(i, j) != null, where);
            }
        }
        assertEquals(true, layers.isStrict());
        assertNull(cascade.block(3, 3));
    }

    private static BlockTriangularOperator blocks(String structure) {
        return assertInstanceOf(
                BlockTriangularOperator.class,
                problem("structure=" + structure + ",operator=block-triangular")
                        .equation()
                        .a());
    }

    /// The diagonal, in the middle of the image, is the weight in the middle of the window from the channel to
    /// itself.
    @Test
    void aConvolutionIsThatOfTheImage() {
        Problem problem = problem("structure=convolution:2x5x3,operator=convolution,precision=f64");
        ConvolutionOperator a =
                assertInstanceOf(ConvolutionOperator.class, problem.equation().a());
        assertEquals("2 x 5 x 3", a.input().toString());
        int middle = 15 + 2 * 3 + 1;
        assertEquals(a.weights().get(1, 9 + 4), problem.a().get(middle, middle));
        assertEquals(0, problem.a().get(0, 14), "far from each other");
    }

    @ParameterizedTest
    @EnumSource(OperatorForm.class)
    void aFormIsFoundByItsLabel(OperatorForm form) {
        assertEquals(form, OperatorForm.parse(form.label()));
    }

    @Test
    void lambdaOfLayersIsTheLargestRowSum() {
        Problem problem = problem("structure=layers:3,precision=f64");
        double largest = 0;
        for (int i = 0; i < 30; i++) {
            double sum = 0;
            for (int j = 0; j < 30; j++) {
                sum += Math.abs(problem.a().get(i, j));
            }
            largest = Math.max(largest, sum);
        }
        // 30 additions, a division and a product, each rounded, here and there.
        assertEquals(0.8, largest, 0.8 * 65 * 0x1p-53);
    }
}
