package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.wellposed.PerturbationBound;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApproximateSimplifyTest {

    private static ImplicitModel model(double[][] a, Activation phi, Random random) {
        int n = a.length;
        return PlainModel.model(
                a,
                Structures.random(n, 3, 1, random),
                Structures.random(2, n, 1, random),
                Structures.vector(n, random),
                phi);
    }

    /// The states differ by the bound at most, but for the rounding of both; returns the largest part of the
    /// bound that the difference takes.
    private static double assertWithinBound(ImplicitModel model, Simplification done, Random random, String what) {
        PerturbationBound bound = done.errorBound().orElseThrow();
        PlainModel before = PlainModel.of(model);
        PlainModel after = PlainModel.of(done.model());
        double largest = 0;
        for (int sample = 0; sample < 4; sample++) {
            double[] u = Structures.vector(model.inputSize(), random);
            double[] x = before.state(u);
            double[] x0 = after.state(u);
            double rounding = before.stateError(u) + after.stateError(u);
            double[] componentwise = bound.bound(x0);
            double norm = 0;
            double change = 0;
            for (int i = 0; i < x0.length; i++) {
                double difference = Math.abs(x[done.original(i)] - x0[i]);
                String where = "%s, state %d: %s above %s\n%s".formatted(what, i, difference, componentwise[i], done);
                assertTrue(difference <= componentwise[i] + rounding, where);
                largest = Math.max(largest, difference / (componentwise[i] + rounding));
                norm = Math.max(norm, Math.abs(x0[i]) / bound.weights().weight(i));
                change = Math.max(
                        change, (difference - rounding) / bound.weights().weight(i));
            }
            // Both norms are computed with two roundings.
            assertTrue(change <= bound.factor() * norm * (1 + 0x1p-50), what);
        }
        return largest;
    }

    /// A sparse matrix of large entries with small ones everywhere.
    private static double[][] noisy(int n, double noise, Random random) {
        double[][] a = Structures.contracting(Structures.random(n, n, 4.0 / n, random), 0.8);
        for (double[] row : a) {
            for (int j = 0; j < n; j++) {
                row[j] = Math.abs(row[j]) > 2 * noise ? row[j] : noise * random.nextDouble(-1, 1);
            }
        }
        return a;
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh", "sigmoid", "leaky-relu:0.5", "identity"})
    void droppedEntriesMoveTheStateWithinTheBound(String label) {
        double largest = 0;
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int n = 40 + random.nextInt(40);
            ImplicitModel model = model(noisy(n, 1e-4, random), Activation.parse(label), random);
            Simplification done = model.simplify(1e-4);
            String what = label + ", seed " + seed;
            assertTrue(done.flopsAfter() < done.flopsBefore() / 4, what + "\n" + done);
            largest = Math.max(largest, assertWithinBound(model, done, random, what));
        }
        assertTrue(largest > 0.01, "the bound is of the size of the error: " + largest);
    }

    @Test
    void droppedEntriesOpenABlockTriangularForm() {
        Random random = new Random(3);
        double[][] a = Structures.contracting(Structures.random(60, 60, 1, random), 0.8);
        for (int i = 30; i < 60; i++) {
            for (int j = 0; j < 30; j++) {
                a[i][j] = 1e-6 * random.nextDouble(-1, 1);
            }
        }
        a[3][5] = 5e-7;
        ImplicitModel model = model(a, Activation.tanh(), random);
        assertFalse(model.simplify().isChanged());
        Simplification done = model.simplify(1e-6);
        BlockTriangularOperator triangular =
                assertInstanceOf(BlockTriangularOperator.class, done.model().a(), done.toString());
        assertArrayEquals(new int[] {30, 30}, triangular.sizes());
        // What is not cheaper without its small entries keeps them.
        assertEquals(5e-7, triangular.toMatrix().get(3, 5));
        assertWithinBound(model, done, random, "block triangular");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-9, 1e-5})
    void numericalRankIsFound(double noise) {
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            int n = 50;
            int rank = 1 + random.nextInt(5);
            double[][] left = Structures.random(n, rank, 1, random);
            double[][] right = Structures.random(rank, n, 1, random);
            double[][] a = new double[n][n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    for (int k = 0; k < rank; k++) {
                        a[i][j] += left[i][k] * right[k][j];
                    }
                }
            }
            Structures.contracting(a, 0.7);
            for (double[] row : a) {
                Arrays.setAll(row, j -> row[j] + noise * random.nextDouble(-1, 1));
            }
            ImplicitModel model = model(a, Activation.relu(), random);
            Simplification done = model.simplify(Math.max(1e-12, 2 * noise));
            LowRankOperator found =
                    assertInstanceOf(LowRankOperator.class, done.model().a(), done.toString());
            assertEquals(rank, found.rank(), "seed " + seed);
            assertEquals(4L * n * rank, done.flopsAfter());
            assertWithinBound(model, done, random, "rank " + rank + ", seed " + seed);
        }
    }

    @Test
    void toleranceZeroIsExact() {
        Random random = new Random(1);
        ImplicitModel model = model(noisy(40, 1e-4, random), Activation.relu(), random);
        assertSame(model, model.simplify(0).model());
        Simplification useless = model.simplify(1e-9);
        assertSame(model, useless.model());
        assertTrue(useless.errorBound().isEmpty());
        assertTrue(useless.findings().getLast().contains("would save nothing more"), useless.toString());
    }

    @Test
    void whatCannotBeBoundedIsRefused() {
        Random random = new Random(2);
        double[][] a = noisy(40, 1e-4, random);
        for (double[] row : a) {
            Arrays.setAll(row, j -> 3 * row[j]);
        }
        ImplicitModel expanding = model(a, Activation.relu(), random);
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> expanding.simplify(3e-4));
        assertTrue(refused.getMessage().contains("lambda_PF(|A0| + E)"), refused.getMessage());
        ImplicitModel blockwise = model(noisy(40, 1e-4, random), Activation.softmax(4), random);
        IllegalStateException softmax = assertThrows(IllegalStateException.class, () -> blockwise.simplify(1e-4));
        assertTrue(softmax.getMessage().contains("softmax:4 is not componentwise"), softmax.getMessage());
        for (double tolerance : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> expanding.simplify(tolerance));
        }
    }

    @Test
    void aStateThatSmallEntriesAloneConnectIsKeptForTheBound() {
        // 19 reaches the output through entries that are dropped.
        Random random = new Random(4);
        double[][] a = noisy(40, 1e-4, random);
        double[][] c = Structures.random(2, 40, 1, random);
        for (int i = 0; i < 40; i++) {
            a[i][19] = i == 19 ? 0 : 1e-4;
        }
        c[0][19] = c[1][19] = 0;
        ImplicitModel model = PlainModel.model(
                a, Structures.random(40, 3, 1, random), c, Structures.vector(40, random), Activation.relu());
        Simplification done = model.simplify(1e-4);
        assertTrue(done.position(19) >= 0);
        assertWithinBound(model, done, random, "weakly connected state");
    }

    @Test
    void constantsThatRoundAreNotFolded() {
        Random random = new Random(5);
        double[][] a = noisy(40, 1e-4, random);
        double[][] b = Structures.random(40, 3, 1, random);
        double[][] c = Structures.random(2, 40, 1, random);
        Arrays.fill(a[7], 0);
        Arrays.fill(b[7], 0);
        Arrays.fill(a[8], 0);
        Arrays.fill(b[8], 0);
        c[0][7] = c[1][7] = c[0][8] = c[1][8] = 0;
        double[] bias = Structures.vector(40, random);
        bias[7] = 0.3;
        bias[8] = -0.3;
        ImplicitModel model = PlainModel.model(a, b, c, bias, Activation.relu());
        assertEquals(38, model.simplify().model().stateSize());
        Simplification done = model.simplify(1e-4);
        assertTrue(done.position(7) >= 0);
        assertEquals(-1, done.position(8), "relu(-0.3) is zero without rounding");
        assertWithinBound(model, done, random, "constants");
    }

    @Test
    void factorsAreNotApproximated() {
        Random random = new Random(6);
        Matrix left = Matrix.ofRows(Structures.contracting(Structures.random(20, 3, 1, random), 0.1));
        ImplicitModel model = new ImplicitModel(
                new FixedPointProblem(
                        LinearOperator.lowRank(left, left),
                        LinearOperator.dense(Matrix.ofRows(Structures.random(20, 3, 1, random))),
                        null,
                        Activation.relu()),
                LinearOperator.dense(Matrix.ofRows(Structures.random(2, 20, 1, random))),
                null);
        Simplification done = model.simplify(0.5);
        assertSame(model, done.model());
        assertTrue(done.findings().getLast().contains("not used"), done.toString());
    }

    @Test
    void sparseModelsStaySparse() {
        Random random = new Random(7);
        double[][] a = noisy(60, 1e-4, random);
        ImplicitModel model = model(a, Activation.relu(), random);
        Simplification done = model.simplify(1e-4);
        BlockTriangularOperator triangular =
                assertInstanceOf(BlockTriangularOperator.class, done.model().a());
        boolean sparse = false;
        for (int i = 0; i < triangular.blocks(); i++) {
            sparse |= triangular.block(i, i) instanceof SparseOperator;
        }
        assertTrue(sparse, done.toString());
    }
}
