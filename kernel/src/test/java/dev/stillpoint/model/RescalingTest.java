package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rescaled models contract in the maximum norm and predict the same.
final class RescalingTest {
    @Test
    void theTwoCycleIsBalanced() {
        // lambda_PF = 1/sqrt 2 while |A|_inf = 4; x* = (10, 2.25).
        ImplicitModel model = PlainModel.model(
                new double[][] {{0, 4}, {0.125, 0}},
                new double[][] {{1}, {1}},
                new double[][] {{1, 0}, {0, 1}},
                null,
                Activation.relu());
        Rescaling done = Rescaling.of(model);
        PlainModel plain = PlainModel.of(done.model());
        assertTrue(done.bound() < 1, done.toString());
        assertTrue(plain.contraction() <= done.bound(), done.toString());
        double[] u = {1};
        // The entries err by 3 u each, which the map amplifies no more than its own rounding.
        assertArrayEquals(new double[] {10, 2.25}, plain.output(u), 4 * plain.outputError(u));
    }

    /// Weights that the state was multiplied by, so that no norm is below 1 any more.
    private static ImplicitModel stretched(int n, Activation phi, Random random) {
        double[] s = new double[n];
        int block = phi.blockSize();
        for (int i = 0; i < n; i++) {
            s[i] = i % block == 0 ? Math.pow(2, random.nextInt(13) - 6) : s[i - 1];
        }
        double[][] a = Structures.contracting(Structures.random(n, n, 0.6, random), 0.5 / block);
        double[][] b = Structures.random(n, 3, 1, random);
        double[][] c = Structures.random(2, n, 1, random);
        double[] bias = Structures.vector(n, random);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] *= s[i] / s[j];
            }
            for (int j = 0; j < 3; j++) {
                b[i][j] *= s[i];
            }
            c[0][i] /= s[i];
            c[1][i] /= s[i];
            bias[i] *= s[i];
        }
        return PlainModel.model(a, b, c, bias, phi);
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "leaky-relu:0.25", "identity", "max-pool:3"})
    void predictionsStayAndTheNormFallsBelowOne(String label) {
        Activation phi = Activation.parse(label);
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            ImplicitModel model = stretched(12, phi, random);
            WellPosednessReport before = WellPosedness.analyse(model.a(), phi);
            assertTrue(before.normInfinity().lower() > 1, "the case says nothing");
            Rescaling done = Rescaling.of(model);
            WellPosednessReport after = WellPosedness.analyse(done.model().a(), phi);
            assertTrue(done.bound() < 1);
            assertTrue(before.lambdaPf().lower() <= done.bound());
            if (phi.isComponentwise()) {
                assertTrue(after.normInfinity().lower() <= done.bound(), label + ", seed " + seed);
            }
            double[] u = Structures.vector(3, random);
            PlainModel plain = PlainModel.of(done.model());
            double[] x = plain.state(u);
            double[] original = PlainModel.of(model).state(u);
            // The rounding of entries, 3 u each, and of the solution, in the weights: by the certificate a factor of
            // 1/(1 - kappa) of that of the map, whose 16 terms are at most |x'| + |B'u| + |bias'| in size.
            double size = Arrays.stream(x).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < x.length; i++) {
                double inputs = Math.abs(plain.bias[i]);
                for (int j = 0; j < u.length; j++) {
                    inputs += Math.abs(plain.b[i][j] * u[j]);
                }
                size = Math.max(size, inputs);
            }
            double blocks = Math.sqrt(phi.blockSize());
            double bound = 2 * blocks * (16 + 3) * 0x1p-53 * 2 * size / (1 - done.bound());
            for (int i = 0; i < x.length; i++) {
                assertEquals(original[i] / done.weights().weight(i), x[i], 2 * bound, label + ", seed " + seed);
            }
            double[] expected = PlainModel.of(model).output(u);
            double[] found = plain.output(u);
            for (int i = 0; i < expected.length; i++) {
                double row = Arrays.stream(plain.c[i]).map(Math::abs).sum();
                assertEquals(expected[i], found[i], row * (2 * bound + 2 * 16 * 0x1p-53 * size), label);
            }
        }
    }

    @Test
    void structureStays() {
        Random random = new Random(3);
        LinearOperator diagonal = LinearOperator.diagonal(Matrix.ofRows(new double[] {0.5, 0.25, 0.125}));
        LinearOperator lowRank = LinearOperator.lowRank(Parts.matrix(3, 1, 8, random), Parts.matrix(4, 1, 8, random));
        LinearOperator sparse = LinearOperator.sparse(Matrix.ofRows(
                new double[] {0, 4, 0, 0}, new double[] {0.125, 0, 0, 0}, new double[] {0, 0, 0.5, 0}, new double[4]));
        @Nullable LinearOperator[][] blocks = {{diagonal, lowRank}, {null, sparse}};
        ImplicitModel model = new ImplicitModel(
                new FixedPointProblem(
                        new BlockTriangularOperator(new int[] {3, 4}, blocks),
                        Parts.dense(7, 2, 1, random),
                        null,
                        Activation.relu()),
                Parts.dense(2, 7, 1, random),
                Parts.dense(2, 2, 1, random));
        Rescaling done = Rescaling.of(model);
        BlockTriangularOperator a =
                assertInstanceOf(BlockTriangularOperator.class, done.model().a());
        assertEquals(diagonal.toMatrix().get(1, 1), a.toMatrix().get(1, 1), "the diagonal does not change");
        assertInstanceOf(ProductOperator.class, a.block(0, 1));
        assertEquals(model.d(), done.model().d());
        assertTrue(PlainModel.of(done.model()).contraction() <= done.bound() * (1 + 16 * 0x1p-53));
        PlainModel plain = PlainModel.of(model);
        Parts.assertPredicts(done.model(), plain::output, random, "structured");
    }

    @Test
    void whatCannotBeRescaledIsRefused() {
        Random random = new Random(4);
        ImplicitModel tanh = Parts.part(2, 4, 2, false, "tanh", random);
        assertTrue(refusal(tanh).contains("tanh is not positively homogeneous"), refusal(tanh));
        ImplicitModel wide = PlainModel.model(
                new double[][] {{0, 2}, {1, 0}},
                new double[][] {{1}, {1}},
                new double[][] {{1, 1}},
                null,
                Activation.relu());
        assertTrue(refusal(wide).contains("expected below 1"), refusal(wide));
        ImplicitModel far = PlainModel.model(
                new double[][] {{0, 0x1p1000}, {0, 0}},
                new double[][] {{0x1p-900}, {1}},
                new double[][] {{1, 1}},
                null,
                Activation.relu());
        assertTrue(refusal(far).contains("leaves the range of doubles"), refusal(far));
    }

    private static String refusal(ImplicitModel model) {
        String message = assertThrows(IllegalArgumentException.class, () -> Rescaling.of(model))
                .getMessage();
        return message == null ? "" : message;
    }
}
