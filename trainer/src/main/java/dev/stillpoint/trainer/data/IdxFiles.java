package dev.stillpoint.trainer.data;

import dev.stillpoint.matrix.Matrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads images and labels in gzipped IDX files, the form of MNIST.
///
/// All numbers are big-endian. Images: magic number `0x00000803`, count, rows and columns as 32-bit integers, then one
/// unsigned byte a pixel, image after image, row after row. Labels: magic number `0x00000801`, count, then one unsigned
/// byte a label. A pixel `v` becomes the feature `v / 255`, rounded to FP32. Source: the file format section of the
/// MNIST page by LeCun, Cortes and Burges.
public final class IdxFiles {
    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;
    private static final int MOST_PIXELS = Integer.MAX_VALUE - 8;

    private final String name;
    private final List<String> classes;

    /// A reader of one data set's files.
    ///
    /// @param name the data set's name
    /// @param classes the names of its classes
    public IdxFiles(String name, List<String> classes) {
        this.name = name;
        this.classes = List.copyOf(classes);
    }

    /// Reads one split.
    ///
    /// @param images the file of the images
    /// @param labels the file of the labels
    /// @throws MalformedDataException when a file is not what it should be, or they do not fit each other
    /// @throws IOException when a file is missing or cannot be read
    public Dataset read(Path images, Path labels, Split split) throws IOException {
        return read(images, null, labels, null, split);
    }

    Dataset read(Path images, @Nullable String imagesMd5, Path labels, @Nullable String labelsMd5, Split split)
            throws IOException {
        String of = " of %s (%s), IDX in gzip".formatted(name, split.label());
        DataFile imageFile = DataFile.read(images, "the images" + of, imagesMd5);
        DataFile labelFile = DataFile.read(labels, "the labels" + of, labelsMd5);
        int[] classOf = labels(labelFile);
        ByteBuffer pixels = content(imageFile, IMAGES, "images");
        int count = integer(imageFile, pixels, "number of images", 0);
        int height = integer(imageFile, pixels, "number of rows", 1);
        int width = integer(imageFile, pixels, "number of columns", 1);
        long size = (long) height * width;
        if (size > MOST_PIXELS || count * size > MOST_PIXELS) {
            throw imageFile.malformed(
                    "%d images of %d x %d are more than a Java array can hold, expected at most %d pixels"
                            .formatted(count, height, width, MOST_PIXELS));
        }
        checkLength(imageFile, pixels, count * size, "pixels (%d images of %d x %d)".formatted(count, height, width));
        if (classOf.length != count) {
            throw labelFile.malformed("it has %d labels, expected %d, the number of images in %s"
                    .formatted(classOf.length, count, imageFile.name()));
        }
        float[] features = new float[pixels.remaining()];
        for (int i = 0; i < features.length; i++) {
            features[i] = (pixels.get() & 0xff) / 255f;
        }
        return new Dataset(
                name, split, Matrix.of(features, count, (int) size).frozen(), classOf, classes, height, width);
    }

    private int[] labels(DataFile file) throws IOException {
        ByteBuffer content = content(file, LABELS, "labels");
        int count = integer(file, content, "number of labels", 0);
        checkLength(file, content, count, "labels");
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = content.get() & 0xff;
            if (labels[i] >= classes.size()) {
                throw file.malformed("label %d is %d, expected 0 to %d".formatted(i, labels[i], classes.size() - 1));
            }
        }
        return labels;
    }

    private static ByteBuffer content(DataFile file, int magic, String what) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(file.gunzip());
        int found = integer(file, content, "magic number", Integer.MIN_VALUE);
        if (found != magic) {
            throw file.malformed(
                    "its magic number is 0x%08x, expected 0x%08x, an IDX file of %s".formatted(found, magic, what));
        }
        return content;
    }

    private static int integer(DataFile file, ByteBuffer content, String what, int least) throws IOException {
        if (content.remaining() < Integer.BYTES) {
            throw file.malformed(
                    "it ends after %d bytes, before the %s of an IDX file".formatted(content.limit(), what));
        }
        int value = content.getInt();
        if (value < least) {
            throw file.malformed("its %s is %d, expected at least %d".formatted(what, value, least));
        }
        return value;
    }

    private static void checkLength(DataFile file, ByteBuffer content, long expected, String what) throws IOException {
        if (content.remaining() != expected) {
            throw file.malformed(
                    "%d bytes follow its header, expected %d %s".formatted(content.remaining(), expected, what));
        }
    }
}
