package dev.stillpoint.trainer.data;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The data sets that the experiments use.
///
/// The optical digits are part of the program. The others are read from the sub folder `mnist` or `fashion` of a folder
/// that the user names, in the environment variable [#FOLDER_VARIABLE] or otherwise; the files keep the names under
/// which they are published, and a file whose MD5 checksum is not the published one is refused.
public enum KnownDataset {
    /// Optical digits of the UCI repository: 8 x 8, 3,823 to train on and 1,797 to test on.
    DIGITS("digits", "Optical digits"),
    /// MNIST: handwritten digits, 28 x 28, 60,000 to train on and 10,000 to test on.
    MNIST("mnist", "MNIST"),
    /// Fashion-MNIST: pieces of clothing, 28 x 28, 60,000 to train on and 10,000 to test on.
    FASHION("fashion", "Fashion-MNIST");

    /// The environment variable that names the folder of the data sets.
    public static final String FOLDER_VARIABLE = "STILLPOINT_DATA";

    private final String label;
    private final String title;

    KnownDataset(String label, String title) {
        this.label = label;
        this.title = title;
    }

    /// The name on command lines, and of the sub folder: `digits`, `mnist` or `fashion`.
    public String label() {
        return label;
    }

    /// The name in reports.
    public String title() {
        return title;
    }

    /// Whether the data set is part of the program, so that no folder is needed.
    public boolean isBundled() {
        return this == DIGITS;
    }

    /// Loads one split.
    ///
    /// @param folder the folder of the data sets, or null for none; a bundled data set does not look at it
    /// @throws NoSuchFileException when the data set needs a folder and there is none, or a file is missing
    /// @throws MalformedDataException when a file is not the published one
    /// @throws IOException when a file cannot be read
    public Dataset load(Split split, @Nullable Path folder) throws IOException {
        Published published = published(split);
        if (published == null) {
            return OpticalDigits.bundled(split);
        }
        if (folder == null) {
            throw new NoSuchFileException(
                    label + "/" + published.images,
                    null,
                    "no folder of data sets is known, expected one that holds this file, named by " + FOLDER_VARIABLE);
        }
        Path home = folder.resolve(label);
        return new IdxFiles(title, classes())
                .read(
                        home.resolve(published.images),
                        published.imagesMd5,
                        home.resolve(published.labels),
                        published.labelsMd5,
                        split);
    }

    /// The data set that `label` names.
    ///
    /// @throws IllegalArgumentException when it names none
    public static KnownDataset of(String label) {
        for (KnownDataset known : values()) {
            if (known.label.equals(label)) {
                return known;
            }
        }
        throw new IllegalArgumentException("unknown data set '%s': expected %s"
                .formatted(
                        label, Arrays.stream(values()).map(KnownDataset::label).collect(Collectors.joining(", "))));
    }

    /// The folder that an environment names, or null for none.
    ///
    /// @param environment the environment's variables, those of [System#getenv()] in a program
    public static @Nullable Path folderOf(Map<String, String> environment) {
        String folder = environment.get(FOLDER_VARIABLE);
        return folder == null || folder.isEmpty() ? null : Path.of(folder);
    }

    private List<String> classes() {
        return switch (this) {
            case DIGITS, MNIST ->
                IntStream.range(0, 10).mapToObj(Integer::toString).toList();
            case FASHION ->
                List.of(
                        "T-shirt/top",
                        "trouser",
                        "pullover",
                        "dress",
                        "coat",
                        "sandal",
                        "shirt",
                        "sneaker",
                        "bag",
                        "ankle boot");
        };
    }

    private @Nullable Published published(Split split) {
        boolean train = split == Split.TRAIN;
        return switch (this) {
            case DIGITS -> null;
            case MNIST ->
                train
                        ? Published.train("f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432")
                        : Published.test("9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c");
            case FASHION ->
                train
                        ? Published.train("8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe")
                        : Published.test("bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310");
        };
    }

    /// The files of a split, with their checksums.
    private record Published(String images, String imagesMd5, String labels, String labelsMd5) {
        static Published train(String imagesMd5, String labelsMd5) {
            return new Published("train-images-idx3-ubyte.gz", imagesMd5, "train-labels-idx1-ubyte.gz", labelsMd5);
        }

        static Published test(String imagesMd5, String labelsMd5) {
            return new Published("t10k-images-idx3-ubyte.gz", imagesMd5, "t10k-labels-idx1-ubyte.gz", labelsMd5);
        }
    }
}
