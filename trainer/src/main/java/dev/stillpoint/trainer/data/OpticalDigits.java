package dev.stillpoint.trainer.data;

import dev.stillpoint.matrix.Matrix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// Reads the optical digits of the UCI repository: 3,823 digits to train on, 1,797 by other writers to test on.
///
/// A line is a digit: 64 numbers from 0 to 16, separated by commas, and its class from 0 to 9. A number is how many
/// pixels of a 4 x 4 block of a 32 x 32 bitmap are on; number `v` of block `(i, j)` becomes feature `8i + j`, `v / 16`,
/// exact in FP32. Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", 1998, CC BY 4.0; the files
/// are part of this program, see their `ATTRIBUTION.txt`.
public final class OpticalDigits {
    private static final String NAME = "Optical digits";
    private static final int SIDE = 8;
    private static final int FEATURES = SIDE * SIDE;
    private static final int LARGEST = 16;
    private static final List<String> CLASSES =
            IntStream.range(0, 10).mapToObj(Integer::toString).toList();

    private OpticalDigits() {}

    /// The digits that are part of this program.
    ///
    /// @throws IOException when the program's own resource cannot be read
    public static Dataset bundled(Split split) throws IOException {
        String resource = split == Split.TRAIN ? "digits/optdigits.tra" : "digits/optdigits.tes";
        try (InputStream in = Objects.requireNonNull(OpticalDigits.class.getResourceAsStream(resource), resource)) {
            return parse(new DataFile(resource, in.readAllBytes()), split);
        }
    }

    /// Reads a file of digits.
    ///
    /// @throws MalformedDataException when the file is not what it should be
    /// @throws IOException when the file is missing or cannot be read
    public static Dataset read(Path file, Split split) throws IOException {
        return parse(DataFile.read(file, "lines of 64 counts and a class", null), split);
    }

    private static Dataset parse(DataFile file, Split split) throws IOException {
        List<String> lines = file.text().lines().toList();
        float[] features = new float[lines.size() * FEATURES];
        int[] labels = new int[lines.size()];
        for (int i = 0; i < labels.length; i++) {
            List<String> fields = Arrays.asList(lines.get(i).split(",", -1));
            if (fields.size() != FEATURES + 1) {
                throw file.malformed("line %d has %d fields, expected %d, 64 counts and a class"
                        .formatted(i + 1, fields.size(), FEATURES + 1));
            }
            for (int j = 0; j < FEATURES; j++) {
                features[i * FEATURES + j] = (float) number(file, fields, i, j, LARGEST) / LARGEST;
            }
            labels[i] = number(file, fields, i, FEATURES, CLASSES.size() - 1);
        }
        return new Dataset(
                NAME, split, Matrix.of(features, labels.length, FEATURES).frozen(), labels, CLASSES, SIDE, SIDE);
    }

    private static int number(DataFile file, List<String> fields, int line, int field, int largest)
            throws MalformedDataException {
        String text = fields.get(field);
        int value;
        try {
            value = Integer.parseInt(text);
        } catch (NumberFormatException _) {
            value = -1;
        }
        if (value < 0 || value > largest) {
            throw file.malformed("line %d, field %d is '%s', expected a whole number from 0 to %d"
                    .formatted(line + 1, field + 1, text, largest));
        }
        return value;
    }
}
