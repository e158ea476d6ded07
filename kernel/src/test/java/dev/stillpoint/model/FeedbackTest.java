package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.wellposed.Verdict;
import dev.stillpoint.wellposed.WellPosedness;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models whose output comes back to their input.
final class FeedbackTest {
    /// Gains so small that the loop contracts by a quarter at least: the output that comes back is had by
    /// iteration.
    private static ImplicitModel quiet(int p, int n, int q, boolean direct, String activation, Random random) {
        return ImplicitModel.of(
                Parts.matrix(n, n, 0.25 / n, random),
                Parts.matrix(n, p, 0.5 / p, random),
                Parts.matrix(q, n, 0.5 / n, random),
                direct ? Parts.matrix(q, p, 0.25 / p, random) : null,
                Parts.matrix(1, n, 1, random),
                Activation.parse(activation));
    }

    /// The fixed point of `y = f(y)` for a contraction by at least a half: `2^-100` is beyond rounding.
    private static double[] fixedPoint(int q, UnaryOperator<double[]> f) {
        double[] y = new double[q];
        for (int step = 0; step < 100; step++) {
            y = f.apply(y);
        }
        return y;
    }

    private static double[] add(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void twoModelsInALoop(int which) {
        Random random = new Random(which);
        ImplicitModel forward = quiet(3, 6, 2, which % 2 == 1, "tanh", random);
        ImplicitModel backward = quiet(2, 4, 3, which > 1, "relu", random);
        ImplicitModel loop = Feedback.between(forward, backward);
        assertEquals(which == 3 ? 12 : 10, loop.stateSize());
        PlainModel f1 = PlainModel.of(forward);
        PlainModel f2 = PlainModel.of(backward);
        Parts.assertPredicts(
                loop, u -> fixedPoint(2, y -> f1.output(add(u, f2.output(y)))), random, "direct parts " + which);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aModelThatReadsItsOutput(boolean direct) {
        Random random = new Random(7);
        ImplicitModel model = quiet(3, 6, 2, direct, "softmax:3", random);
        double[][] f = Parts.entries(3, 2, 0.5, random);
        ImplicitModel loop = Feedback.linear(model, LinearOperator.dense(Matrix.ofRows(f)));
        PlainModel plain = PlainModel.of(model);
        Parts.assertPredicts(
                loop,
                u -> fixedPoint(2, y -> plain.output(add(u, PlainModel.times(f, y)))),
                random,
                "direct " + direct);
    }

    @Test
    void theMatricesAreThoseOfThePaper() {
        ImplicitModel forward = PlainModel.model(
                new double[][] {{1, 2}, {3, 4}},
                new double[][] {{5}, {6}},
                new double[][] {{7, 8}},
                null,
                Activation.relu());
        ImplicitModel backward = PlainModel.model(
                new double[][] {{9}}, new double[][] {{10}}, new double[][] {{11}}, null, Activation.relu());
        PlainModel loop = PlainModel.of(Feedback.between(forward, backward));
        assertArrayEquals(new double[] {1, 2, 55}, loop.a[0]);
        assertArrayEquals(new double[] {3, 4, 66}, loop.a[1]);
        assertArrayEquals(new double[] {70, 80, 9}, loop.a[2]);
        assertArrayEquals(new double[] {5, 6, 0}, new double[] {loop.b[0][0], loop.b[1][0], loop.b[2][0]});
        assertArrayEquals(new double[] {7, 8, 0}, loop.c[0]);
    }

    @Test
    void aLoopOfWellPosedPartsMayBeIllPosed() {
        ImplicitModel model = PlainModel.model(
                new double[][] {{0}}, new double[][] {{1}}, new double[][] {{1}}, null, Activation.relu());
        ImplicitModel loop = Feedback.linear(model, LinearOperator.dense(Matrix.ofRows(new double[] {2})));
        assertEquals(
                Verdict.ILL_POSED,
                WellPosedness.analyse(loop.a(), loop.activation()).verdict());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Random random = new Random(8);
        ImplicitModel model = quiet(3, 4, 2, false, "relu", random);
        assertThrows(ShapeException.class, () -> Feedback.between(model, model));
        LinearOperator wrong = Parts.dense(2, 3, 1, random);
        assertThrows(ShapeException.class, () -> Feedback.linear(model, wrong));
    }
}
