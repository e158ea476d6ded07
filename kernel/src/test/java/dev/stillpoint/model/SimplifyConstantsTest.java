package dev.stillpoint.model;

import static dev.stillpoint.model.PlainModel.assertSamePredictions;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// States, inputs and outputs that depend on nothing, or on which nothing depends.
final class SimplifyConstantsTest {
    @Test
    void constantsGoIntoTheBias() {
        // State 1 is relu(2), state 2 is relu(0.5 * 2 + 1), state 3 is relu(-1) = 0; 0 reads them and the input.
        ImplicitModel model = PlainModel.model(
                new double[][] {{0.25, 0.5, 0.25, 3}, {0, 0, 0, 0}, {0, 0.5, 0, 7}, {0, 0, 0, 0}},
                new double[][] {{1}, {0}, {0}, {0}},
                new double[][] {{1, 0, 0, 0}},
                new double[] {0, 2, 1, -1},
                Activation.relu());
        Simplification done = model.simplify();
        assertEquals(1, done.model().stateSize(), done.toString());
        assertArrayEquals(
                new double[] {1.5}, PlainModel.of(done.model()).bias, "0.5 relu(2) + 0.25 relu(0.5 relu(2) + 1)");
        assertEquals(
                "3 states depend on nothing: constant, folded into the bias",
                done.findings().getFirst());
    }

    @Test
    void constantsThatTheOutputReadsStay() {
        ImplicitModel model = PlainModel.model(
                new double[][] {{0.25, 0.5}, {0, 0}},
                new double[][] {{1}, {0}},
                new double[][] {{1, 1}},
                new double[] {0, 2},
                Activation.relu());
        Simplification done = model.simplify();
        assertEquals(2, done.model().stateSize(), done.toString());
        assertArrayEquals(new double[] {6}, PlainModel.of(done.model()).output(new double[] {2}));
    }

    @Test
    void aBlockIsConstantAsAWholeOrNotAtAll() {
        // The rows of state 2 are zero, but its block has the input in state 3.
        double[][] a = new double[4][4];
        a[0][2] = 0.5;
        a[1][3] = 0.5;
        ImplicitModel mixed = PlainModel.model(
                a, new double[][] {{0}, {0}, {0}, {1}}, new double[][] {{1, 0, 0, 0}}, null, Activation.softmax(2));
        assertEquals(4, mixed.simplify().model().stateSize());
        ImplicitModel constant = PlainModel.model(
                a, new double[][] {{1}, {0}, {0}, {0}}, new double[][] {{1, 0, 0, 0}}, null, Activation.softmax(2));
        Simplification done = constant.simplify();
        assertEquals(2, done.model().stateSize());
        assertArrayEquals(new double[] {0.25, 0.25}, PlainModel.of(done.model()).bias);
        assertSamePredictions(constant, done, new Random(1), "constant block");
    }

    @Test
    void anOutputWithoutStatesNeedsNone() {
        ImplicitModel model = ImplicitModel.of(
                Matrix.ofRows(Structures.contracting(Structures.random(6, 6, 1, new Random(1)), 0.9)),
                Matrix.ofRows(Structures.random(6, 2, 1, new Random(2))),
                Matrix.ofRows(new double[1][6]),
                Matrix.ofRows(new double[] {3, 4}),
                null,
                Activation.softmax(2));
        Simplification done = model.simplify();
        assertEquals(2, done.model().stateSize());
        assertEquals(0, done.flopsAfter());
        assertFalse(done.toString().contains("no role"), "D has both inputs");
        assertArrayEquals(new double[] {11}, PlainModel.of(done.model()).output(new double[] {1, 2}));
    }

    @Test
    void inputsWithoutARoleAreNamed() {
        double[][] b = Structures.random(20, 5, 1, new Random(10));
        for (double[] row : b) {
            row[1] = row[3] = 0;
        }
        ImplicitModel model = PlainModel.model(
                Structures.contracting(Structures.random(20, 20, 1, new Random(9)), 0.9),
                b,
                Structures.random(4, 20, 1, new Random(11)),
                null,
                Activation.relu());
        Simplification done = model.simplify();
        assertTrue(done.findings().contains("2 inputs play no role in the prediction"), done.toString());
    }
}
