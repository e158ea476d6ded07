package dev.stillpoint.model;

import static dev.stillpoint.model.PlainModel.assertSamePredictions;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What simplifying keeps of how an operator is stored: its precision and its factors.
final class SimplifyFactorsTest {
    @Test
    void precisionStays() {
        Matrix a = Matrix.zeros(Precision.F32, 2, 2);
        a.set(0, 1, 0.1);
        Matrix b = Matrix.zeros(Precision.F32, 2, 1);
        b.set(0, 0, 0.3);
        b.set(1, 0, 0.3);
        Matrix c = Matrix.zeros(Precision.F32, 1, 2);
        c.set(0, 0, 1);
        Matrix bias = Matrix.zeros(Precision.F32, 1, 2);
        ImplicitModel done = ImplicitModel.of(a, b, c, null, bias, Activation.tanh())
                .simplify()
                .model();
        assertInstanceOf(BlockTriangularOperator.class, done.a());
        assertEquals(Precision.F32, done.a().toMatrix().precision());
        assertEquals(0.1f, done.a().toMatrix().get(0, 1));
        assertEquals(Precision.F32, done.b().toMatrix().precision());
        Matrix kept = done.bias();
        assertTrue(kept != null && kept.precision() == Precision.F32);
    }

    private static ImplicitModel model(LinearOperator a, Random random) {
        int n = a.rows();
        return new ImplicitModel(
                new FixedPointProblem(
                        a,
                        LinearOperator.dense(Matrix.ofRows(Structures.random(n, 3, 1, random))),
                        null,
                        Activation.tanh()),
                LinearOperator.dense(Matrix.ofRows(Structures.random(2, n, 1, random))),
                null);
    }

    private static Matrix scaled(int rows, int columns, Random random) {
        return Matrix.ofRows(Structures.contracting(Structures.random(rows, columns, 1, random), 0.5));
    }

    @Test
    void factorsStayFactors() {
        Random random = new Random(1);
        LinearOperator cheap = LinearOperator.lowRank(scaled(20, 3, random), scaled(20, 3, random));
        ImplicitModel model = model(cheap, random);
        assertSame(model, model.simplify().model());
        LinearOperator dear = LinearOperator.lowRank(scaled(8, 7, random), scaled(8, 7, random));
        ImplicitModel rounding = model(dear, random);
        assertSame(rounding, rounding.simplify().model(), "multiplying out rounds");
    }

    @Test
    void factorsAreCutToTheBlocks() {
        Random random = new Random(2);
        // L has entries in states 0 to 19 alone and R in 20 to 39: A maps the second half to the first.
        double[][] left = new double[40][3];
        double[][] right = new double[40][3];
        for (int i = 0; i < 20; i++) {
            left[i] = Structures.contracting(Structures.random(1, 3, 1, random), 0.02)[0];
            right[20 + i] = Structures.random(1, 3, 1, random)[0];
        }
        int[] order = Structures.permutation(40, 1, random);
        LinearOperator a = LinearOperator.lowRank(
                Matrix.ofRows(Structures.select(left, order, Structures.all(3))),
                Matrix.ofRows(Structures.select(right, order, Structures.all(3))));
        ImplicitModel model = model(a, random);
        Simplification done = model.simplify();
        BlockTriangularOperator triangular =
                assertInstanceOf(BlockTriangularOperator.class, done.model().a(), done.toString());
        assertArrayEquals(new int[] {20, 20}, triangular.sizes());
        assertTrue(triangular.isStrict());
        assertEquals(
                3,
                assertInstanceOf(LowRankOperator.class, triangular.block(0, 1)).rank());
        assertEquals(2 * 3 * 40, done.flopsAfter());
        assertSamePredictions(model, done, random, "factors");
    }
}
