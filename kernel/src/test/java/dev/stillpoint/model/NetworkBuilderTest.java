package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.wellposed.Verdict;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/// Networks as implicit models compute what the networks compute. With whole numbers and ReLU every sum is exact
/// in either precision, so that results are equal.
final class NetworkBuilderTest {
    private static double[][] whole(int rows, int columns, Random random) {
        double[][] entries = new double[rows][columns];
        for (double[] row : entries) {
            Arrays.setAll(row, j -> random.nextInt(5) - 2);
        }
        return entries;
    }

    private static LinearOperator dense(double[][] entries) {
        return LinearOperator.dense(Matrix.ofRows(entries));
    }

    private static double[] layer(double[][] w, double[] v, double[] bias) {
        double[] y = add(PlainModel.times(w, v), bias);
        return Arrays.stream(y).map(value -> Math.max(0, value)).toArray();
    }

    private static double[] add(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    private static void assertExact(ImplicitModel network, UnaryOperator<double[]> direct, Random random) {
        Matrix inputs = Matrix.ofRows(whole(7, network.inputSize(), random));
        assertTrue(assertInstanceOf(BlockTriangularOperator.class, network.a()).isStrict());
        for (Precision precision : Precision.values()) {
            Matrix found = Parts.outputs(network, inputs, precision);
            for (int s = 0; s < inputs.rows(); s++) {
                double[] u = new double[inputs.columns()];
                inputs.getRow(s, u, 0);
                double[] y = new double[found.columns()];
                found.getRow(s, y, 0);
                assertArrayEquals(direct.apply(u), y, precision + ", sample " + s);
            }
        }
    }

    @Test
    void denseLayersAreThoseOfThePaper() {
        Random random = new Random(1);
        double[][] w0 = whole(5, 4, random);
        double[][] w1 = whole(6, 5, random);
        double[][] w2 = whole(3, 6, random);
        double[] b0 = whole(1, 5, random)[0];
        double[] b1 = whole(1, 6, random)[0];
        ImplicitModel network = NetworkBuilder.input(4)
                .dense(Matrix.ofRows(w0), Matrix.ofRows(b0), Activation.relu())
                .dense(Matrix.ofRows(w1), Matrix.ofRows(b1), Activation.relu())
                .linear(dense(w2), null)
                .build();
        assertEquals(Activation.relu(), network.activation());
        PlainModel plain = PlainModel.of(network);
        for (int i = 0; i < 11; i++) {
            double[] rowOfA = new double[11];
            if (i < 6) {
                System.arraycopy(w1[i], 0, rowOfA, 6, 5);
            }
            assertArrayEquals(rowOfA, plain.a[i], "row " + i + " of A");
            assertArrayEquals(i < 6 ? new double[4] : w0[i - 6], plain.b[i], "row " + i + " of B");
        }
        assertArrayEquals(Arrays.copyOf(w2[0], 11), plain.c[0]);
        assertNull(network.d());
        WellPosednessReport report = WellPosedness.analyse(network.a(), network.activation());
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertEquals(0, report.lambdaPf().upper());
        assertExact(network, u -> PlainModel.times(w2, layer(w1, layer(w0, u, b0), b1)), random);
    }

    @Test
    void residualBlocksShortcutsAndBranches() {
        Random random = new Random(2);
        double[][] w0 = whole(5, 4, random);
        double[][] w1 = whole(6, 5, random);
        double[][] w2 = whole(5, 6, random);
        double[][] w3 = whole(3, 5, random);
        double[][] p = whole(3, 5, random);
        double[] b1 = whole(1, 6, random)[0];
        double[] t = whole(1, 3, random)[0];
        ImplicitModel network = NetworkBuilder.input(4)
                .dense(Matrix.ofRows(w0), null, Activation.relu())
                .residual(branch -> branch.dense(Matrix.ofRows(w1), Matrix.ofRows(b1), Activation.relu())
                        .linear(dense(w2), null))
                .activation(Activation.relu())
                .residual(dense(p), branch -> branch.linear(dense(w3), Matrix.ofRows(t)))
                .branches(List.of(branch -> {}, branch -> branch.activation(Activation.relu())))
                .build();
        assertExact(
                network,
                u -> {
                    double[] v = layer(w0, u, new double[5]);
                    double[] g = add(v, PlainModel.times(w2, layer(w1, v, b1)));
                    double[] r =
                            Arrays.stream(g).map(value -> Math.max(0, value)).toArray();
                    double[] y = add(add(PlainModel.times(p, r), PlainModel.times(w3, r)), t);
                    return DoubleStream.concat(
                                    Arrays.stream(y), Arrays.stream(y).map(value -> Math.max(0, value)))
                            .toArray();
                },
                random);
    }

    @Test
    void convolutionAndMaxPooling() {
        Random random = new Random(3);
        ImageShape image = new ImageShape(2, 6, 7);
        double[][] kernel = whole(3, 2 * 3 * 3, random);
        double[] bias = whole(1, 3, random)[0];
        double[][] last = whole(2, 3 * 2 * 3, random);
        NetworkBuilder builder = NetworkBuilder.input(image)
                .convolution(Matrix.ofRows(kernel), 3, 1, 1, Matrix.ofRows(bias), Activation.relu())
                .maxPool(3, 2);
        assertEquals(new ImageShape(3, 2, 3), builder.shape());
        ImplicitModel network = builder.linear(dense(last), null).build();
        assertExact(network, u -> PlainModel.times(last, pooled(convolved(u, kernel, bias))), random);
    }

    /// A convolution of `2 x 6 x 7` by 3 x 3 with padding 1, and ReLU.
    private static double[] convolved(double[] u, double[][] kernel, double[] bias) {
        double[] y = new double[3 * 6 * 7];
        for (int o = 0; o < 3; o++) {
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 7; j++) {
                    double sum = bias[o];
                    for (int tap = 0; tap < 18; tap++) {
                        int row = i + tap / 3 % 3 - 1;
                        int column = j + tap % 3 - 1;
                        if (row >= 0 && row < 6 && column >= 0 && column < 7) {
                            sum += kernel[o][tap] * u[(tap / 9 * 6 + row) * 7 + column];
                        }
                    }
                    y[(o * 6 + i) * 7 + j] = Math.max(0, sum);
                }
            }
        }
        return y;
    }

    /// Windows of 3 x 3, 2 apart, of `3 x 6 x 7`.
    private static double[] pooled(double[] v) {
        double[] y = new double[3 * 2 * 3];
        for (int o = 0; o < y.length; o++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < 9; k++) {
                int row = o / 3 % 2 * 2 + k / 3;
                int column = o % 3 * 2 + k % 3;
                largest = Math.max(largest, v[(o / 6 * 6 + row) * 7 + column]);
            }
            y[o] = largest;
        }
        return y;
    }

    @Test
    void aRecurrentLayerIsUnrolled() {
        Random random = new Random(4);
        double[][] w = whole(3, 3, random);
        double[][] in = whole(3, 2, random);
        double[] bias = whole(1, 3, random)[0];
        NetworkBuilder builder =
                NetworkBuilder.input(8).recurrent(4, dense(w), dense(in), Matrix.ofRows(bias), Activation.relu());
        UnaryOperator<double[]> states = u -> {
            double[] all = new double[12];
            double[] h = new double[3];
            for (int t = 0; t < 4; t++) {
                double[] step = add(PlainModel.times(in, Arrays.copyOfRange(u, 2 * t, 2 * t + 2)), bias);
                h = layer(w, h, step);
                System.arraycopy(h, 0, all, 3 * t, 3);
            }
            return all;
        };
        assertExact(builder.build(), states, random);
        assertExact(builder.values(9, 12).build(), u -> Arrays.copyOfRange(states.apply(u), 9, 12), random);
        // A second recurrent layer reads states of the first.
        double[][] w2 = whole(2, 2, random);
        double[][] in2 = whole(2, 3, random);
        ImplicitModel two = NetworkBuilder.input(8)
                .recurrent(4, dense(w), dense(in), Matrix.ofRows(bias), Activation.relu())
                .recurrent(4, dense(w2), dense(in2), null, Activation.relu())
                .values(5, 7)
                .build();
        assertExact(
                two,
                u -> {
                    double[] h = states.apply(u);
                    double[] g = new double[2];
                    double[] all = new double[8];
                    for (int t = 0; t < 4; t++) {
                        g = layer(w2, g, PlainModel.times(in2, Arrays.copyOfRange(h, 3 * t, 3 * t + 3)));
                        System.arraycopy(g, 0, all, 2 * t, 2);
                    }
                    return Arrays.copyOfRange(all, 5, 7);
                },
                random);
    }

    @Test
    void attentionToAMemory() {
        Random random = new Random(5);
        double[][] keys = Parts.entries(6, 4, 1, random);
        double[][] values = Parts.entries(3, 6, 1, random);
        ImplicitModel network = NetworkBuilder.input(4)
                .attention(Matrix.ofRows(keys), Matrix.ofRows(values))
                .build();
        Parts.assertPredicts(
                network,
                u -> {
                    double[] scores = Arrays.stream(PlainModel.times(keys, u))
                            .map(Math::exp)
                            .toArray();
                    double sum = Arrays.stream(scores).sum();
                    return PlainModel.times(
                            values,
                            Arrays.stream(scores).map(score -> score / sum).toArray());
                },
                random,
                "attention");
    }

    @Test
    void sigmoidScoresWeighTanhValues() {
        Random random = new Random(7);
        double[][] keys = Parts.entries(3, 4, 1, random);
        double[][] values = Parts.entries(3, 4, 1, random);
        double[][] sum = {{1, 1, 1}};
        ImplicitModel network = NetworkBuilder.input(4)
                .product(
                        Activation.sigmoid(),
                        branch -> branch.linear(dense(keys), null),
                        Activation.tanh(),
                        branch -> branch.linear(dense(values), null))
                .linear(dense(sum), null)
                .build();
        assertTrue(assertInstanceOf(BlockTriangularOperator.class, network.a()).isStrict());
        Parts.assertPredicts(
                network,
                u -> {
                    double[] score = Activation.sigmoid().value(PlainModel.times(keys, u));
                    double[] value = Activation.tanh().value(PlainModel.times(values, u));
                    return new double[] {score[0] * value[0] + score[1] * value[1] + score[2] * value[2]};
                },
                random,
                "attention unit");
        assertThrows(
                ShapeException.class,
                () -> vector().product(Activation.tanh(), g -> g.values(0, 1), Activation.tanh(), g -> {}));
    }

    @Test
    void anImplicitLayerInANetwork() {
        Random random = new Random(6);
        ImplicitModel layer = Parts.part(3, 6, 2, true, "relu", random);
        double[][] w = Parts.entries(3, 4, 1, random);
        ImplicitModel network = NetworkBuilder.input(4)
                .dense(Matrix.ofRows(w), null, Activation.tanh())
                .model(layer)
                .activation(Activation.tanh())
                .build();
        assertEquals(
                3, assertInstanceOf(BlockTriangularOperator.class, network.a()).blocks());
        Parts.assertPredicts(
                network,
                u -> Activation.tanh()
                        .value(PlainModel.of(layer).output(Activation.tanh().value(PlainModel.times(w, u)))),
                random,
                "implicit layer");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(ShapeException.class, () -> NetworkBuilder.input(0));
        assertThrows(ShapeException.class, () -> vector().linear(dense(new double[2][3]), null));
        assertThrows(
                ShapeException.class,
                () -> vector().dense(Matrix.ofRows(new double[2][4]), Matrix.ofRows(new double[3]), Activation.relu()));
        assertThrows(ShapeException.class, () -> vector().activation(Activation.softmax(3)));
        assertThrows(ShapeException.class, () -> vector().residual(branch -> branch.values(0, 2)));
        assertThrows(ShapeException.class, () -> vector().values(2, 5));
        assertThrows(ShapeException.class, () -> vector().image(new ImageShape(1, 3, 2)));
        assertThrows(ShapeException.class, () -> recurrent(3));
        assertThrows(IllegalArgumentException.class, () -> vector().branches(List.of()));
        assertThrows(IllegalStateException.class, () -> vector().maxPool(1, 1));
        assertThrows(
                ShapeException.class,
                () -> NetworkBuilder.input(new ImageShape(1, 3, 2)).maxPool(3, 1));
    }

    private static NetworkBuilder vector() {
        return NetworkBuilder.input(4);
    }

    private static NetworkBuilder recurrent(int steps) {
        return vector().recurrent(steps, dense(new double[2][2]), dense(new double[2][2]), null, Activation.relu());
    }
}
