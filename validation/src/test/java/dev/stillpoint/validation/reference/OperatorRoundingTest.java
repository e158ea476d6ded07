package dev.stillpoint.validation.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Small whole numbers, worked out by hand.
final class OperatorRoundingTest {
    private static final LinearOperator DENSE = LinearOperator.dense(Matrix.ofRows(new double[][] {{1, -2}, {-3, 0}}));
    private static final LinearOperator DIAGONAL = LinearOperator.diagonal(Matrix.ofRows(new double[][] {{-5, 7}}));

    private static void assertRounding(
            LinearOperator operator, double[][] magnitude, int terms, double underflows, boolean computed) {
        OperatorRounding rounding = OperatorRounding.of(operator);
        for (int i = 0; i < magnitude.length; i++) {
            assertArrayEquals(magnitude[i], rounding.magnitude()[i], operator + ", row " + i);
        }
        assertEquals(terms, rounding.terms(), operator::toString);
        assertEquals(underflows, rounding.underflows(), operator::toString);
        assertEquals(computed, rounding.isComputed(), operator::toString);
    }

    @Test
    void whatIsStoredHasItsMagnitudesAndATermForEachColumn() {
        double[][] magnitude = {{1, 2}, {3, 0}};
        assertRounding(DENSE, magnitude, 2, 2, false);
        assertRounding(LinearOperator.sparse(DENSE.toMatrix()), magnitude, 2, 2, false);
        assertRounding(DIAGONAL, new double[][] {{5, 0}, {0, 7}}, 1, 1, false);
        // Only the middle row of the window meets an image of one row.
        Matrix weights = Matrix.ofRows(new double[][] {{9, 9, 9, -1, 2, -3, 9, 9, 9}});
        assertRounding(
                LinearOperator.convolution(new ImageShape(1, 1, 3), weights, 3, 3, 1, 1, 1),
                new double[][] {{2, 3, 0}, {1, 2, 3}, {0, 1, 2}},
                3,
                3,
                false);
    }

    /// `1 - 1` is 0 in the matrix and 2 in what rounding is measured by.
    @Test
    void magnitudesOfAProductDoNotCancel() {
        Matrix left = Matrix.ofRows(new double[][] {{1, -1}, {0, 2}});
        Matrix right = Matrix.ofRows(new double[][] {{1, 1}, {3, 0}});
        // R' = ((1, 3), (1, 0)); the inner underflows, two each, are carried on by rows of L of the sum 2 at most.
        double[][] magnitude = {{2, 3}, {2, 0}};
        assertRounding(LinearOperator.lowRank(left, right), magnitude, 4, 2 + 2 * 2 * 2, true);
        LinearOperator product = LinearOperator.product(
                LinearOperator.dense(left), LinearOperator.dense(Matrix.ofRows(new double[][] {{1, 3}, {1, 0}})));
        assertRounding(product, magnitude, 4, 10, true);
    }

    @Test
    void aSumHasTheRoundingsOfAllItsTerms() {
        assertRounding(LinearOperator.sum(DENSE, DIAGONAL), new double[][] {{6, 2}, {3, 7}}, 3, 3, true);
        assertRounding(LinearOperator.sum(DENSE), new double[][] {{1, 2}, {3, 0}}, 2, 2, false);
    }

    @Test
    void blocksHaveTheRoundingsOfTheirLongestRow() {
        @Nullable LinearOperator[][] blocks = {{DENSE, DIAGONAL}, {null, DIAGONAL}};
        double[][] magnitude = {{1, 2, 5, 0}, {3, 0, 0, 7}, {0, 0, 5, 0}, {0, 0, 0, 7}};
        int[] sizes = {2, 2};
        assertRounding(LinearOperator.blockTriangular(sizes, blocks), magnitude, 3, 3, false);
        assertRounding(LinearOperator.blocks(sizes, sizes, blocks), magnitude, 3, 3, false);
        @Nullable LinearOperator[][] computed = {{LinearOperator.sum(DENSE, DENSE)}};
        OperatorRounding rounding = OperatorRounding.of(LinearOperator.blocks(new int[] {2}, new int[] {2}, computed));
        assertEquals("[2.0, 4.0]", Arrays.toString(rounding.magnitude()[0]));
        assertEquals(true, rounding.isComputed());
    }
}
