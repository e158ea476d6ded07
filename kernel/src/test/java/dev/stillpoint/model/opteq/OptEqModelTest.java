package dev.stillpoint.model.opteq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.wellposed.WellPosedness;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OptEqModelTest {
    /// Each in `h` and `n`: square, wide, tall, and so tall that `A` stays in factors.
    @ParameterizedTest
    @CsvSource({"5,5,1", "3,6,2.5", "7,4,0.3", "9,2,1", "1,1,3"})
    void theImplicitModelSolvesTheEquation(int h, int n, double mu) {
        for (String label : new String[] {"relu", "leaky-relu:0.2", "tanh", "sigmoid", "identity"}) {
            String where = "h %d, n %d, %s".formatted(h, n, label);
            Random random = new Random(h * 31L + n);
            OptEqModel model = Cases.unit(random, h, n, mu, 0.8, Activation.parse(label));
            double[] x = Cases.vector(random, 2);
            double[] z = Cases.prediction(model.model(), x);
            double[] next = model.map(z, x);
            // |f(z) - z| = |W'(v+ - v)|/mu with the residual of v; a prediction rounds by (h + n) u of its terms.
            double back = Math.sqrt(0.8 / mu / model.activation().lipschitz().constant());
            double[] v = model.hidden(z, x);
            double rounding = 8 * (h + n + 4) * Cases.UNIT * (1 + back) * (1 + Cases.norm(v) + 3 * Math.sqrt(h));
            assertEquals(0, Cases.distance(next, z), back * Cases.TOLERANCE + rounding, where);
        }
    }

    @Test
    void aTallModelKeepsItsFactors() {
        Random random = new Random(4);
        ImplicitModel tall = Cases.unit(random, 9, 4, 1, 0.5, Activation.relu()).model();
        assertInstanceOf(ProductOperator.class, tall.a());
        assertEquals(4L * 9 * 4, tall.a().flops());
        ImplicitModel other =
                Cases.unit(random, 8, 4, 1, 0.5, Activation.relu()).model();
        assertInstanceOf(DenseOperator.class, other.a());
        assertEquals(2L * 8 * 8, other.a().flops());
    }

    @Test
    void theStateMatrixIsThatOfTheEquation() {
        // Integers and powers of two: exact. A = W W'/4.
        OptEqModel model = OptEqModel.of(
                Matrix.ofRows(new double[] {1, 1}, new double[] {0, -1}, new double[] {1, 0}),
                Matrix.ofRows(new double[] {1}, new double[] {2}, new double[] {3}),
                null,
                4,
                Activation.relu());
        assertArrayEquals(
                new double[] {.5, -.25, .25, -.25, .25, 0, .25, 0, .25},
                model.model().a().toMatrix().toDoubleArray());
        assertArrayEquals(
                new double[] {.25, 0, .25, .25, -.25, 0},
                model.model().c().toMatrix().toDoubleArray());
        assertArrayEquals(
                new double[] {.5, -.25, .25},
                model.model(LinearOperator.dense(Matrix.ofRows(new double[] {1, 1})))
                        .c()
                        .toMatrix()
                        .toDoubleArray());
        assertArrayEquals(new double[] {1.25, .25}, model.map(new double[] {0, 1}, new double[] {1}));
    }

    @Test
    void muIsRefusedWhereItIsProvedTooSmall() {
        Matrix w = Matrix.ofRows(new double[] {2, 0}, new double[] {0, 1});
        Matrix u = Matrix.ofRows(new double[] {1}, new double[] {1});
        Activation relu = Activation.relu();
        String message = assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(w, u, null, 3.9, relu))
                .getMessage();
        assertTrue(message.contains("mu is 3.9, below gamma |W|_2^2"), message);
        OptEqModel border = OptEqModel.of(w, u, null, 4, relu);
        assertTrue(border.slope().contains(1), border.slope().toString());
        assertTrue(border.slope().width() <= 64 * Cases.UNIT, border.slope().toString());
        OptEqModel inside = OptEqModel.of(w, u, null, 4.001, relu);
        assertTrue(inside.isProximal());
        assertTrue(inside.slope().contains(4 / 4.001));
        assertTrue(OptEqModel.of(w, u, null, 1.001, Activation.sigmoid()).isProximal());
        assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(w, u, null, 0.9, Activation.sigmoid()));
    }

    @Test
    void eachPartOfTheActivationCountsWithItsOwnConstant() {
        Matrix w = Matrix.ofRows(new double[] {4, 0}, new double[] {0, 1});
        Matrix u = Matrix.ofRows(new double[] {1}, new double[] {1});
        Activation sigma = Activation.parse("blocks:sigmoid@1/tanh@1");
        OptEqModel model = OptEqModel.of(w, u, null, 8, sigma);
        assertTrue(model.slope().contains(0.5), model.slope().toString());
        assertTrue(model.slope().width() <= 64 * Cases.UNIT, model.slope().toString());
        Activation turned = Activation.parse("blocks:tanh@1/sigmoid@1");
        assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(w, u, null, 8, turned));
    }

    @Test
    void whatCannotBeAModelIsRefused() {
        Matrix w = Matrix.ofRows(new double[] {0.5, 0}, new double[] {0, 0.5});
        Matrix u = Matrix.ofRows(new double[] {1}, new double[] {1});
        Activation relu = Activation.relu();
        assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(w, u, null, 0, relu));
        assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(w, u, null, Double.NaN, relu));
        assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(w, u, null, 1, Activation.leakyRelu(2)));
        assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(w, u, null, 1, Activation.leakyRelu(-.1)));
        assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(w, u, null, 1, Activation.maxPool(2)));
        assertThrows(ShapeException.class, () -> OptEqModel.of(w, u.slice(0, 1), null, 1, relu));
        assertThrows(ShapeException.class, () -> OptEqModel.of(w, u, u, 1, relu));
        Matrix nan = Matrix.ofRows(new double[] {Double.NaN, 0}, new double[] {0, 1});
        assertThrows(IllegalArgumentException.class, () -> OptEqModel.of(nan, u, null, 1, relu));
        OptEqModel model = OptEqModel.of(w, u, null, 1, relu);
        assertThrows(ShapeException.class, () -> model.map(new double[1], new double[1]));
        assertThrows(ShapeException.class, () -> model.map(new double[2], new double[2]));
        assertFalse(Double.isNaN(model.objective(new double[1]).at(new double[2])));
    }

    @Test
    void theSlopeBoundsTheNormOfTheStateMatrix() {
        for (int seed = 0; seed < 10; seed++) {
            OptEqModel model = Cases.unit(new Random(seed), 6, 6, 1.7, 0.6, Activation.tanh());
            double norm = WellPosedness.analyse(model.model().a(), Activation.tanh())
                    .normTwo()
                    .upper();
            assertEquals(norm, model.slope().upper(), 64 * 6 * Cases.UNIT, "seed " + seed);
        }
    }
}
