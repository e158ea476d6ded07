package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.Operators;
import dev.stillpoint.operator.SparseOperator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What operators are made of, taken out and put back.
final class OperatorLettersTest {
    private static final long SEED = 883;

    @Test
    void lettersGoFromLeftToRight() {
        Operators operators = Operators.uniform(SEED);
        LinearOperator dense = operators.dense(3, 4);
        LowRankOperator lowRank = LinearOperator.lowRank(operators.matrix(4, 2), operators.matrix(6, 2));
        SparseOperator sparse = operators.sparse(6, 5);
        LinearOperator diagonal = operators.diagonal(3);
        LinearOperator product = LinearOperator.product(diagonal, dense, lowRank, sparse);
        List<Matrix> letters = OperatorLetters.of(product);
        assertEquals(5, letters.size());
        assertSame(dense.toMatrix(), letters.get(1));
        assertSame(lowRank.left(), letters.get(2));
        assertSame(lowRank.right(), letters.get(3));
        assertSame(sparse.values(), letters.get(4));
        assertEquals(1, letters.getFirst().rows());
        assertEquals(
                List.of(letters.get(1), letters.get(0), letters.get(1), letters.get(2), letters.get(3), letters.get(4)),
                OperatorLetters.of(LinearOperator.blocks(new int[] {3, 3}, new int[] {4, 5}, new LinearOperator[][] {
                    {dense, LinearOperator.sum(product)}, {null, null}
                })));
    }

    /// The letters of one operator in the structure of another like it make the first again, in its own precision.
    @Test
    void replacedLettersMakeTheOtherOperator() {
        List<LinearOperator> first = Operators.uniform(SEED).all();
        // Patterns are drawn with the entries, so that the structure is the same where the seed is.
        List<LinearOperator> second = Operators.uniform(SEED).all();
        for (int k = 0; k < first.size(); k++) {
            List<Matrix> negative = new ArrayList<>();
            for (Matrix letter : OperatorLetters.of(second.get(k))) {
                Matrix other = Matrix.zeros(Precision.F64, letter.rows(), letter.columns());
                for (int i = 0; i < letter.rows(); i++) {
                    for (int j = 0; j < letter.columns(); j++) {
                        other.set(i, j, letter.get(i, j) + 2);
                    }
                }
                negative.add(other.frozen());
            }
            LinearOperator changed = OperatorLetters.replace(first.get(k), negative);
            assertSame(first.get(k).getClass(), changed.getClass());
            assertEquals(negative, OperatorLetters.of(changed), "the letters are kept as they are");
            LinearOperator back = OperatorLetters.replace(changed, OperatorLetters.of(second.get(k)));
            assertEquals(second.get(k).rows(), back.rows());
            Matrix expected = second.get(k).toMatrix();
            assertEquals(expected.precision(), back.toMatrix().precision());
            assertArrayEquals(
                    expected.toDoubleArray(),
                    back.toMatrix().toDoubleArray(),
                    "operator %d, %s, seed %d".formatted(k, back, SEED));
        }
    }

    @Test
    void structureIsKept() {
        BlockTriangularOperator triangle = Operators.uniform(SEED).blockTriangular();
        LinearOperator same = OperatorLetters.replace(triangle, OperatorLetters.of(triangle));
        assertTrue(same instanceof BlockTriangularOperator other && other.block(1, 1) == null && other.blocks() == 4);
    }

    @Test
    void wrongLettersAreRefused() {
        Operators operators = Operators.uniform(SEED);
        LinearOperator sum = LinearOperator.sum(operators.dense(3, 4), operators.sparse(3, 4));
        List<Matrix> letters = OperatorLetters.of(sum);
        assertEquals(
                "1 letters, expected the 2 of SumOperator",
                assertThrows(ShapeException.class, () -> OperatorLetters.replace(sum, letters.subList(0, 1)))
                        .getMessage());
        assertTrue(assertThrows(
                        ShapeException.class,
                        () -> OperatorLetters.replace(sum, List.of(operators.matrix(4, 3), letters.get(1))))
                .getMessage()
                .startsWith("letter 0 is 4 x 3, expected 3 x 4"));
        Matrix bad = Matrix.zeros(Precision.F64, 3, 4);
        bad.set(1, 1, Double.NaN);
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> OperatorLetters.replace(sum, List.of(bad, letters.get(1))))
                .getMessage()
                .contains("(1, 1) is NaN"));
    }
}
