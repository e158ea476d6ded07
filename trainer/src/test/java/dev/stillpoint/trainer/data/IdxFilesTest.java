package dev.stillpoint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// IDX files are read as they are, or refused with one line that names the file.
final class IdxFilesTest {
    private static final IdxFiles FILES = new IdxFiles("Small", List.of("a", "b", "c"));
    private static final int[] PIXELS = {0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 254};

    @TempDir
    private Path folder;

    private Path images;
    private Path labels;

    @BeforeEach
    void writeFiles() throws IOException {
        images = folder.resolve("images.gz");
        labels = folder.resolve("labels.gz");
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {2, 2, 3}, PIXELS)));
        Files.write(labels, DataFiles.gzip(DataFiles.idx(0x801, new int[] {2}, 2, 0)));
    }

    private Dataset read() throws IOException {
        return FILES.read(images, labels, Split.TEST);
    }

    private void assertRefused(Path file, String problem) {
        IOException refused = assertThrows(MalformedDataException.class, this::read);
        String message = refused.getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertTrue(message.contains(problem), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void pixelsAndLabelsAreRead() throws IOException {
        Dataset read = read();
        assertEquals("Small", read.name());
        assertEquals(Split.TEST, read.split());
        assertEquals(2, read.height());
        assertEquals(3, read.width());
        assertArrayEquals(new int[] {2, 0}, read.labels());
        float[] expected = new float[PIXELS.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = PIXELS[i] / 255f;
        }
        assertArrayEquals(expected, read.features().toFloatArray());
        assertEquals(1, read.features().get(0, 5));
        assertTrue(read.features().isImmutable());
    }

    @Test
    void noImagesAreADataSetToo() throws IOException {
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {0, 2, 3})));
        Files.write(labels, DataFiles.gzip(DataFiles.idx(0x801, new int[] {0})));
        assertEquals(0, read().samples());
    }

    @Test
    void theWrongMagicNumberIsRefused() throws IOException {
        Files.copy(labels, folder.resolve("other.gz"));
        images = folder.resolve("other.gz");
        assertRefused(images, "magic number is 0x00000801, expected 0x00000803");
    }

    @Test
    void missingPixelsAreRefused() throws IOException {
        int[] fewer = Arrays.copyOf(PIXELS, PIXELS.length - 1);
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {2, 2, 3}, fewer)));
        assertRefused(images, "11 bytes follow its header, expected 12 pixels");
    }

    @Test
    void pixelsTooManyAreRefused() throws IOException {
        int[] more = Arrays.copyOf(PIXELS, PIXELS.length + 1);
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {2, 2, 3}, more)));
        assertRefused(images, "13 bytes follow its header, expected 12 pixels");
    }

    @Test
    void aHeaderThatEndsEarlyIsRefused() throws IOException {
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {2, 2})));
        assertRefused(images, "ends after 12 bytes, before the number of columns");
        Files.write(images, DataFiles.gzip(new byte[0]));
        assertRefused(images, "ends after 0 bytes, before the magic number");
    }

    @Test
    void impossibleSizesAreRefused() throws IOException {
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {-1, 2, 3}, PIXELS)));
        assertRefused(images, "number of images is -1, expected at least 0");
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {2, 0, 3}, PIXELS)));
        assertRefused(images, "number of rows is 0, expected at least 1");
        int huge = Integer.MAX_VALUE;
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {huge, huge, huge}, PIXELS)));
        assertRefused(images, "more than a Java array can hold");
    }

    @Test
    void labelsOutOfRangeAreRefused() throws IOException {
        Files.write(labels, DataFiles.gzip(DataFiles.idx(0x801, new int[] {2}, 2, 3)));
        assertRefused(labels, "label 1 is 3, expected 0 to 2");
        Files.write(labels, DataFiles.gzip(DataFiles.idx(0x801, new int[] {2}, 255, 0)));
        assertRefused(labels, "label 0 is 255, expected 0 to 2");
    }

    @Test
    void labelsOfOtherImagesAreRefused() throws IOException {
        Files.write(labels, DataFiles.gzip(DataFiles.idx(0x801, new int[] {1}, 2)));
        assertRefused(labels, "has 1 labels, expected 2, the number of images in " + images);
    }

    @Test
    void aFileThatIsNoGzipIsRefused() throws IOException {
        Files.write(images, DataFiles.idx(0x803, new int[] {2, 2, 3}, PIXELS));
        assertRefused(images, "not a whole gzip file");
        Files.write(images, new byte[0]);
        assertRefused(images, "not a whole gzip file");
    }

    @Test
    void everyCutOfTheGzipIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(images);
        for (int length = 0; length < whole.length; length++) {
            Files.write(images, Arrays.copyOf(whole, length));
            assertRefused(images, "not a whole gzip file");
        }
    }

    @Test
    void noFlippedBitChangesWhatIsRead() throws IOException {
        byte[] whole = Files.readAllBytes(images);
        float[] expected = read().features().toFloatArray();
        int refused = 0;
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(images, flipped);
            try {
                // Flags and time of the header, and the bits that fill the last byte of the data, mean nothing here.
                assertArrayEquals(expected, read().features().toFloatArray(), "bit " + bit);
            } catch (MalformedDataException _) {
                refused++;
            }
        }
        // All but those: at most the header's ten bytes but for the magic number and the method, and seven bits.
        assertTrue(refused >= 8 * (whole.length - 7) - 7, refused + " of " + 8 * whole.length);
    }

    @Test
    void whatFollowsTheGzipIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(images);
        for (int excess : new int[] {1, 17, 18, 30, 1000}) {
            Files.write(images, Arrays.copyOf(whole, whole.length + excess));
            assertRefused(images, excess + " bytes follow the gzip stream, expected none");
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(labels);
        NoSuchFileException missing = assertThrows(NoSuchFileException.class, this::read);
        assertEquals(labels + ": no such file, expected the labels of Small (test), IDX in gzip", missing.getMessage());
    }

    @Test
    void aWrongChecksumIsRefused() throws IOException {
        String wrong = "0".repeat(32);
        MalformedDataException refused =
                assertThrows(MalformedDataException.class, () -> FILES.read(images, null, labels, wrong, Split.TRAIN));
        assertTrue(refused.getMessage().startsWith(labels + ": its MD5 checksum is "), refused.getMessage());
        assertTrue(refused.getMessage().contains("expected " + wrong), refused.getMessage());
    }
}
