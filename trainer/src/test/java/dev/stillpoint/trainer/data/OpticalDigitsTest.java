package dev.stillpoint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The optical digits are the published ones, and files of their form are read or refused.
final class OpticalDigitsTest {
    private static final String BLANK = "0,".repeat(62);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"tra, 268ce7771f3f15afbc54402478b1d454", "tes, a0339c30a8a5312a1b6f9e5c719dcce5"})
    void theBundledFilesAreThePublishedOnes(String extension, String md5) throws IOException, GeneralSecurityException {
        try (InputStream in = OpticalDigits.class.getResourceAsStream("digits/optdigits." + extension)) {
            byte[] digest = MessageDigest.getInstance("MD5").digest(in.readAllBytes());
            assertEquals(md5, HexFormat.of().formatHex(digest));
        }
    }

    @Test
    void theBundledDigitsAreRead() throws IOException {
        Dataset train = OpticalDigits.bundled(Split.TRAIN);
        Dataset test = OpticalDigits.bundled(Split.TEST);
        assertEquals("Optical digits train, 3823 x 64", train.toString());
        assertEquals("Optical digits test, 1797 x 64", test.toString());
        // The class distribution that the publishers give.
        assertArrayEquals(new int[] {376, 389, 380, 389, 387, 376, 377, 387, 380, 382}, count(train));
        assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, count(test));
        assertEquals(0, train.label(0));
        assertEquals(6 / 16.0, train.features().get(0, 2));
        assertEquals(1 / 16.0, train.features().get(0, 1));
    }

    private static int[] count(Dataset digits) {
        int[] counts = new int[digits.classes().size()];
        for (int label : digits.labels()) {
            counts[label]++;
        }
        return counts;
    }

    @Test
    void countsAreScaledExactly() throws IOException {
        Path file = folder.resolve("digits.csv");
        Files.writeString(file, "16,3," + BLANK + "7\n0,0," + BLANK + "0\n");
        Dataset read = OpticalDigits.read(file, Split.TEST);
        assertEquals(2, read.samples());
        assertEquals(1, read.features().get(0, 0));
        assertEquals(3 / 16.0, read.features().get(0, 1));
        assertArrayEquals(new int[] {7, 0}, read.labels());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "16,3,| 7,1 | line 2 has 66 fields, expected 65",
                "16,|    7   | line 2 has 64 fields, expected 65",
                "17,0,|  7   | line 2, field 1 is '17', expected a whole number from 0 to 16",
                "0,-1,|  7   | line 2, field 2 is '-1', expected a whole number from 0 to 16",
                "0,x,|   7   | line 2, field 2 is 'x', expected a whole number from 0 to 16",
                "0,,|    7   | line 2, field 2 is '', expected a whole number from 0 to 16",
                "0,1.5,| 7   | line 2, field 2 is '1.5', expected a whole number from 0 to 16",
                "0,0,|   10  | line 2, field 65 is '10', expected a whole number from 0 to 9",
            })
    void aBrokenLineIsRefused(String first, String last, String problem) throws IOException {
        Path file = folder.resolve("digits.csv");
        Files.writeString(file, "0,0," + BLANK + "1\n" + first + BLANK + last + "\n");
        MalformedDataException refused =
                assertThrows(MalformedDataException.class, () -> OpticalDigits.read(file, Split.TRAIN));
        assertTrue(refused.getMessage().startsWith(file + ": " + problem), refused.getMessage());
    }

    @Test
    void aLineCutShortIsRefused() throws IOException {
        Path file = folder.resolve("digits.csv");
        Files.writeString(file, "0,0," + BLANK + "1\n0,0,1");
        assertThrows(MalformedDataException.class, () -> OpticalDigits.read(file, Split.TRAIN));
    }
}
