package dev.stillpoint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A data set cannot change, and its parts fit each other.
final class DatasetTest {
    private static final List<String> CLASSES = List.of("a", "b");

    @Test
    void changesOutsideDoNotReachIt() {
        float[] values = {0, 1, 2, 3};
        int[] labels = {1, 0};
        Dataset data = new Dataset("x", Split.TRAIN, Matrix.of(values, 2, 2), labels, CLASSES, 1, 2);
        values[0] = 9;
        labels[0] = 0;
        data.labels()[1] = 1;
        assertEquals(0, data.features().get(0, 0));
        assertArrayEquals(new int[] {1, 0}, data.labels());
    }

    @Test
    void slicesKeepSamplesAndLabelsTogether() {
        Matrix features = Matrix.of(new float[] {0, 1, 2}, 3, 1);
        Dataset data = new Dataset("x", Split.TEST, features, new int[] {1, 0, 1}, CLASSES, 1, 1);
        Dataset slice = data.slice(1, 3);
        assertEquals(2, slice.samples());
        assertEquals(0, slice.label(0));
        assertEquals(1, slice.features().get(0, 0));
        assertSame(data, data.first(3));
        assertEquals(1, data.first(1).samples());
        assertThrows(IndexOutOfBoundsException.class, () -> data.slice(2, 4));
    }

    @Test
    void partsThatDoNotFitAreRefused() {
        Matrix features = Matrix.of(new float[4], 2, 2);
        int[] labels = {0, 1};
        assertThrows(ShapeException.class, () -> new Dataset("", Split.TEST, features, labels, CLASSES, 2, 2));
        int[] one = {0};
        assertThrows(ShapeException.class, () -> new Dataset("", Split.TEST, features, one, CLASSES, 1, 2));
        int[] high = {0, 2};
        assertThrows(IllegalArgumentException.class, () -> new Dataset("", Split.TEST, features, high, CLASSES, 1, 2));
    }
}
