package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.Gate;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.wellposed.Bracket;
import dev.stillpoint.wellposed.Verdict;
import dev.stillpoint.wellposed.WellPosedness;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compositions predict what their parts predict.
final class CompositionTest {
    private static double[] concat(double[] a, double[] b) {
        return DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    /// A model whose `A` is block triangular: solved, explicit, solved; dense `B` and `C` that must be cut.
    private static ImplicitModel triangular(int p, int q, Random random) {
        @Nullable
        LinearOperator[][] blocks = {
            {Parts.dense(3, 3, 0.15, random), Parts.dense(3, 2, 1, random), null},
            {null, null, Parts.dense(2, 4, 1, random)},
            {null, null, Parts.dense(4, 4, 0.1, random)}
        };
        return new ImplicitModel(
                new FixedPointProblem(
                        new BlockTriangularOperator(new int[] {3, 2, 4}, blocks),
                        Parts.dense(9, p, 1, random),
                        Parts.matrix(1, 9, 1, random),
                        Activation.parse("blocks:relu@3/tanh@2/softmax:2@4")),
                Parts.dense(q, 9, 1, random),
                Parts.dense(q, p, 1, random));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aCascadeIsOneModelAfterTheOther(int seed) {
        Random random = new Random(seed);
        ImplicitModel f1 = Parts.part(3, 6, 4, seed % 2 == 0, "tanh", random);
        ImplicitModel f2 = triangular(4, 2, random);
        ImplicitModel f3 = Parts.part(2, 6, 3, seed < 2, "softmax:3", random);
        ImplicitModel cascade = Composition.cascade(f1, f2, f3);
        assertArrayEquals(
                new int[] {6, 3, 2, 4, 6},
                assertInstanceOf(BlockTriangularOperator.class, cascade.a()).sizes());
        Parts.assertPredicts(
                cascade,
                u -> PlainModel.of(f3)
                        .output(PlainModel.of(f2).output(PlainModel.of(f1).output(u))),
                random,
                "seed " + seed);
    }

    @Test
    void aCascadeHasTheMatricesOfThePaper() {
        Random random = new Random(5);
        double[][][] m = new double[8][][];
        int[][] shapes = {{3, 3}, {3, 2}, {4, 3}, {4, 2}, {2, 2}, {2, 4}, {1, 2}, {1, 4}};
        for (int k = 0; k < m.length; k++) {
            m[k] = new double[shapes[k][0]][shapes[k][1]];
            for (double[] row : m[k]) {
                Arrays.setAll(row, j -> random.nextInt(9) - 4);
            }
        }
        ImplicitModel f1 = whole(m[0], m[1], m[2], m[3]);
        ImplicitModel f2 = whole(m[4], m[5], m[6], m[7]);
        PlainModel cascade = PlainModel.of(Composition.cascade(f1, f2));
        double[][] b2c1 = times(m[5], m[2]);
        for (int i = 0; i < 5; i++) {
            double[] expected = i < 2 ? concat(m[4][i], b2c1[i]) : concat(new double[2], m[0][i - 2]);
            assertArrayEquals(expected, cascade.a[i], "row " + i + " of A");
            assertArrayEquals(i < 2 ? times(m[5], m[3])[i] : m[1][i - 2], cascade.b[i], "row " + i + " of B");
        }
        assertArrayEquals(concat(m[6][0], times(m[7], m[2])[0]), cascade.c[0]);
        assertArrayEquals(times(m[7], m[3])[0], cascade.d[0]);
    }

    private static ImplicitModel whole(double[][] a, double[][] b, double[][] c, double[][] d) {
        return ImplicitModel.of(
                Matrix.ofRows(a), Matrix.ofRows(b), Matrix.ofRows(c), Matrix.ofRows(d), null, Activation.relu());
    }

    private static double[][] times(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    @Test
    void sumsAndConcatenationsOfOneInput() {
        Random random = new Random(11);
        ImplicitModel f1 = Parts.part(3, 6, 2, true, "relu", random);
        ImplicitModel f2 = triangular(3, 2, random);
        ImplicitModel f3 = Parts.part(3, 4, 2, false, "sigmoid", random);
        PlainModel g1 = PlainModel.of(f1);
        PlainModel g2 = PlainModel.of(f2);
        PlainModel g3 = PlainModel.of(f3);
        Parts.assertPredicts(
                Composition.sum(f1, f2, f3),
                u -> add(1, g1.output(u), 1, add(1, g2.output(u), 1, g3.output(u))),
                random,
                "sum");
        Parts.assertPredicts(
                Composition.sum(new double[] {-2, 0.5}, f1, f3),
                u -> add(-2, g1.output(u), 0.5, g3.output(u)),
                random,
                "weighted sum");
        Parts.assertPredicts(
                Composition.concatenation(f3, f2, f1),
                u -> concat(g3.output(u), concat(g2.output(u), g1.output(u))),
                random,
                "concatenation");
    }

    @Test
    void modelsWithAnInputEach() {
        Random random = new Random(12);
        ImplicitModel f1 = Parts.part(3, 6, 2, false, "relu", random);
        ImplicitModel f2 = triangular(4, 2, random);
        PlainModel g1 = PlainModel.of(f1);
        PlainModel g2 = PlainModel.of(f2);
        Parts.assertPredicts(
                Composition.sideBySide(f1, f2),
                u -> concat(g1.output(Arrays.copyOf(u, 3)), g2.output(Arrays.copyOfRange(u, 3, 7))),
                random,
                "side by side");
        Parts.assertPredicts(
                Composition.sumOfSeparate(f1, f2),
                u -> add(1, g1.output(Arrays.copyOf(u, 3)), 1, g2.output(Arrays.copyOfRange(u, 3, 7))),
                random,
                "sum of separate inputs");
    }

    private static double[] add(double s, double[] a, double t, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> s * a[i] + t * b[i]);
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh"})
    void affineMapsBeforeAndAfter(String activation) {
        Random random = new Random(13);
        ImplicitModel f = Parts.part(3, 6, 2, true, activation, random);
        PlainModel g = PlainModel.of(f);
        double[][] before = Parts.entries(3, 4, 1, random);
        double[][] after = Parts.entries(5, 2, 1, random);
        double[] t = Parts.entries(1, 3, 1, random)[0];
        double[] t2 = Parts.entries(1, 5, 1, random)[0];
        ImplicitModel input = Composition.affineInput(f, LinearOperator.dense(Matrix.ofRows(before)), Matrix.ofRows(t));
        Parts.assertPredicts(input, u -> g.output(add(1, PlainModel.times(before, u), 1, t)), random, "input");
        ImplicitModel output =
                Composition.affineOutput(f, LinearOperator.dense(Matrix.ofRows(after)), Matrix.ofRows(t2));
        Parts.assertPredicts(output, u -> add(1, PlainModel.times(after, g.output(u)), 1, t2), random, "output");
        assertEquals(7, output.stateSize(), "one state for the offset");
        assertEquals(
                activation.equals("relu") ? "relu" : "blocks:identity@1/tanh@6",
                output.activation().label());
        ImplicitModel map = Composition.affine(LinearOperator.dense(Matrix.ofRows(after)), Matrix.ofRows(t2));
        Parts.assertPredicts(map, u -> add(1, PlainModel.times(after, u), 1, t2), random, "map");
        Parts.assertPredicts(
                Composition.cascade(map, Composition.affine(LinearOperator.dense(Matrix.ofRows(t2)), null)),
                u -> PlainModel.times(new double[][] {t2}, add(1, PlainModel.times(after, u), 1, t2)),
                random,
                "maps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gate:tanh:tanh", "gate:sigmoid:tanh", "gate:sigmoid:sigmoid"})
    void boundedFunctionsOfOutputsAreMultiplied(String label) {
        Random random = new Random(17);
        Gate gate = assertInstanceOf(Gate.class, Activation.parse(label));
        ImplicitModel f = Parts.part(3, 6, 4, true, "relu", random);
        ImplicitModel g = triangular(3, 4, random);
        ImplicitModel product = Composition.product(gate.outer(), f, gate.inner(), g);
        assertEquals(23, product.stateSize());
        PlainModel f1 = PlainModel.of(f);
        PlainModel f2 = PlainModel.of(g);
        Parts.assertPredicts(
                product,
                u -> {
                    double[] y = gate.outer().value(f1.output(u));
                    double[] z = gate.inner().value(f2.output(u));
                    Arrays.setAll(y, i -> y[i] * z[i]);
                    return y;
                },
                random,
                label);
        assertEquals(
                Verdict.WELL_POSED,
                WellPosedness.analyse(product.a(), product.activation()).verdict());
        assertThrows(IllegalArgumentException.class, () -> Composition.product(Activation.relu(), f, gate.inner(), g));
        ImplicitModel other = Parts.part(3, 6, 3, true, "relu", random);
        assertThrows(ShapeException.class, () -> Composition.product(gate.outer(), f, gate.inner(), other));
    }

    @Test
    void compositionsAreAsWellPosedAsTheirParts() {
        Random random = new Random(14);
        // lambda_PF(|A|) is the absolute row sum, the same in all rows.
        ImplicitModel small = constant(3, 0.2, "relu");
        ImplicitModel large = constant(4, 0.225, "tanh");
        ImplicitModel gain = Composition.affine(Parts.dense(1, 1, 1e6, random), null);
        for (ImplicitModel model : new ImplicitModel[] {
            Composition.cascade(small, gain, large),
            Composition.sum(large, small),
            Composition.concatenation(large, small),
            Composition.sideBySide(small, large)
        }) {
            var report = WellPosedness.analyse(model.a(), model.activation());
            assertEquals(Verdict.WELL_POSED, report.verdict());
            Bracket lambda = report.lambdaPf();
            assertTrue(lambda.lower() <= 0.9 && lambda.upper() >= 0.9, lambda.toString());
            // Bounds of the eigenvalue are as narrow as some units of rounding for each state.
            assertEquals(lambda.lower(), lambda.upper(), 64 * 0x1p-53);
        }
        ImplicitModel bad = constant(3, 0.5, "relu");
        ImplicitModel cascade = Composition.cascade(small, bad);
        assertEquals(
                Verdict.ILL_POSED,
                WellPosedness.analyse(cascade.a(), cascade.activation()).verdict());
    }

    /// All entries of `A` alike, one input and one output.
    private static ImplicitModel constant(int n, double entry, String activation) {
        double[][] a = new double[n][n];
        double[][] ones = new double[n][1];
        for (int i = 0; i < n; i++) {
            Arrays.fill(a[i], entry);
            ones[i][0] = 1;
        }
        double[][] c = new double[1][n];
        Arrays.fill(c[0], 1);
        return PlainModel.model(a, ones, c, null, Activation.parse(activation));
    }

    @Test
    void networksInACascadeAreNotSolved() {
        Random random = new Random(15);
        ImplicitModel cascade = Composition.cascade(network(random), network(random), network(random));
        BlockTriangularOperator a = assertInstanceOf(BlockTriangularOperator.class, cascade.a());
        assertEquals(6, a.blocks());
        assertTrue(a.isStrict());
    }

    private static ImplicitModel network(Random random) {
        return NetworkBuilder.input(2)
                .dense(Parts.matrix(5, 2, 1, random), null, Activation.relu())
                .dense(Parts.matrix(4, 5, 1, random), null, Activation.tanh())
                .linear(Parts.dense(2, 4, 1, random), null)
                .build();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Random random = new Random(16);
        ImplicitModel f = Parts.part(3, 4, 2, false, "relu", random);
        ImplicitModel g = Parts.part(2, 4, 3, false, "relu", random);
        assertThrows(IllegalArgumentException.class, Composition::cascade);
        assertThrows(ShapeException.class, () -> Composition.cascade(f, f));
        assertThrows(ShapeException.class, () -> Composition.sum(f, g));
        assertThrows(ShapeException.class, () -> Composition.sumOfSeparate(f, g));
        assertThrows(ShapeException.class, () -> Composition.concatenation(f, g));
        assertThrows(ShapeException.class, () -> Composition.sum(new double[] {1}, f, f));
        assertThrows(IllegalArgumentException.class, () -> Composition.sum(new double[] {1, Double.NaN}, f, f));
        LinearOperator wrong = Parts.dense(5, 5, 1, random);
        assertThrows(ShapeException.class, () -> Composition.affineInput(f, wrong, null));
        assertThrows(ShapeException.class, () -> Composition.affineOutput(f, wrong, null));
        Matrix infinite = Matrix.ofRows(new double[] {1, 2, 3, 4, Double.POSITIVE_INFINITY});
        assertThrows(IllegalArgumentException.class, () -> Composition.affine(wrong, infinite));
        assertThrows(ShapeException.class, () -> Composition.affine(wrong, Matrix.ofRows(new double[] {1})));
        ImplicitModel cut = new ImplicitModel(
                new FixedPointProblem(
                        new BlockTriangularOperator(new int[] {1, 3}, new @Nullable LinearOperator[2][2]),
                        Parts.dense(4, 2, 1, random),
                        null,
                        Activation.softmax(2)),
                Parts.dense(2, 4, 1, random),
                null);
        String message = assertThrows(IllegalArgumentException.class, () -> Composition.cascade(cut, cut))
                .getMessage();
        assertTrue(message.contains("cuts a block of the activation softmax:2"), message);
        ImplicitModel deaf = new ImplicitModel(
                new FixedPointProblem(
                        Parts.dense(2, 2, 0.1, random),
                        LinearOperator.dense(Matrix.zeros(Precision.F64, 2, 0)),
                        null,
                        Activation.relu()),
                Parts.dense(2, 2, 1, random),
                null);
        assertThrows(ShapeException.class, () -> Composition.sum(deaf, deaf));
    }
}
