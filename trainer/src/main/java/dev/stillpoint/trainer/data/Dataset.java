package dev.stillpoint.trainer.data;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import java.util.Arrays;
import java.util.List;

/// One split of a set of labelled images: features, a class for every sample, and names for the classes.
///
/// Feature `i * width + j` of a sample is the pixel in row `i` and column `j` of its image, 0 for the background and 1
/// for full ink.
public final class Dataset {
    private final String name;
    private final Split split;
    private final Matrix features;
    private final int[] labels;
    private final List<String> classes;
    private final int height;
    private final int width;

    /// A data set.
    ///
    /// @param name the name, such as `MNIST`
    /// @param split which part it is
    /// @param features `(samples, p)` in FP32, `p = height * width`; kept as it is when immutable, else copied
    /// @param labels the class of every sample, a number of `classes`; copied
    /// @param classes the names of the classes
    /// @param height rows of an image
    /// @param width columns of an image
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a label is no number of a class
    public Dataset(
            String name, Split split, Matrix features, int[] labels, List<String> classes, int height, int width) {
        ShapeException.checkColumns("features", features, Math.multiplyExact(height, width));
        if (labels.length != features.rows()) {
            throw new ShapeException("there are %d labels for %d samples".formatted(labels.length, features.rows()));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes.size()) {
                throw new IllegalArgumentException(
                        "the label of sample %d is %d, expected 0 to %d".formatted(i, labels[i], classes.size() - 1));
            }
        }
        this.name = name;
        this.split = split;
        this.features = features.toImmutable();
        this.labels = labels.clone();
        this.classes = List.copyOf(classes);
        this.height = height;
        this.width = width;
    }

    /// The name, such as `MNIST`.
    public String name() {
        return name;
    }

    /// Which part of the data set this is.
    public Split split() {
        return split;
    }

    /// The features, `(samples, p)`, immutable, in [0, 1].
    public Matrix features() {
        return features;
    }

    /// Number of samples.
    public int samples() {
        return labels.length;
    }

    /// `p`, the number of features.
    public int featureSize() {
        return features.columns();
    }

    /// The class of sample `i`.
    public int label(int i) {
        return labels[i];
    }

    /// The class of every sample, in a new array.
    public int[] labels() {
        return labels.clone();
    }

    /// The names of the classes: a label is an index of this list.
    public List<String> classes() {
        return classes;
    }

    /// Rows of an image.
    public int height() {
        return height;
    }

    /// Columns of an image.
    public int width() {
        return width;
    }

    /// The samples `from` (inclusive) to `to` (exclusive), without copying their features.
    ///
    /// @throws IndexOutOfBoundsException when there are no such samples
    public Dataset slice(int from, int to) {
        return new Dataset(
                name, split, features.slice(from, to), Arrays.copyOfRange(labels, from, to), classes, height, width);
    }

    /// The samples of the given numbers, in that order, copied.
    ///
    /// @throws IndexOutOfBoundsException when there is no such sample
    public Dataset select(List<Integer> samples) {
        Matrix chosen = Matrix.zeros(Precision.F32, samples.size(), featureSize());
        int[] chosenLabels = new int[samples.size()];
        float[] row = new float[featureSize()];
        for (int i = 0; i < chosenLabels.length; i++) {
            features.getRow(samples.get(i), row, 0);
            chosen.setRow(i, row, 0);
            chosenLabels[i] = labels[samples.get(i)];
        }
        return new Dataset(name, split, chosen.frozen(), chosenLabels, classes, height, width);
    }

    /// The first samples, at most `limit` of them.
    public Dataset first(int limit) {
        return limit >= samples() ? this : slice(0, limit);
    }

    /// Name, split and size, as in `MNIST test, 10000 x 784`.
    @Override
    public String toString() {
        return "%s %s, %d x %d".formatted(name, split.label(), samples(), featureSize());
    }
}
