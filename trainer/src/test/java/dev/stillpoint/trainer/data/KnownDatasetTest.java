package dev.stillpoint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The known data sets are found where they should be, and are the published ones.
final class KnownDatasetTest {
    @Test
    void theDigitsNeedNoFolder() throws IOException {
        assertTrue(KnownDataset.DIGITS.isBundled());
        assertEquals(1797, KnownDataset.DIGITS.load(Split.TEST, null).samples());
        assertEquals(3823, KnownDataset.DIGITS.load(Split.TRAIN, null).samples());
    }

    @ParameterizedTest
    @EnumSource(names = {"MNIST", "FASHION"})
    void withoutAFolderTheVariableIsNamed(KnownDataset known) {
        assertFalse(known.isBundled());
        NoSuchFileException missing = assertThrows(NoSuchFileException.class, () -> known.load(Split.TRAIN, null));
        assertTrue(missing.getMessage().contains("STILLPOINT_DATA"), missing.getMessage());
    }

    @ParameterizedTest
    @EnumSource(names = {"MNIST", "FASHION"})
    void filesThatAreNotThePublishedOnesAreRefused(KnownDataset known, @TempDir Path folder) throws IOException {
        Path home = Files.createDirectory(folder.resolve(known.label()));
        NoSuchFileException missing = assertThrows(NoSuchFileException.class, () -> known.load(Split.TEST, folder));
        Path images = home.resolve("t10k-images-idx3-ubyte.gz");
        assertTrue(missing.getMessage().startsWith(images + ": no such file"), missing.getMessage());
        Files.write(images, DataFiles.gzip(DataFiles.idx(0x803, new int[] {1, 1, 1}, 9)));
        MalformedDataException refused =
                assertThrows(MalformedDataException.class, () -> known.load(Split.TEST, folder));
        assertTrue(refused.getMessage().startsWith(images + ": its MD5 checksum is"), refused.getMessage());
    }

    /// Runs where the environment names a folder that has them.
    @ParameterizedTest
    @EnumSource(names = {"MNIST", "FASHION"})
    void thePublishedFilesAreRead(KnownDataset known) throws IOException {
        Path folder = KnownDataset.folderOf(System.getenv());
        assumeTrue(folder != null && Files.isDirectory(folder.resolve(known.label())), "no folder of data sets");
        Dataset test = known.load(Split.TEST, folder);
        assertEquals(10_000, test.samples());
        assertEquals(28, test.height());
        assertEquals(28, test.width());
        int[] counts = new int[10];
        for (int label : test.labels()) {
            counts[label]++;
        }
        assertEquals(known == KnownDataset.MNIST ? 1135 : 1000, counts[1]);
        assertEquals(60_000, known.load(Split.TRAIN, folder).samples());
    }

    @Test
    void namesAreFound() {
        for (KnownDataset known : KnownDataset.values()) {
            assertEquals(known, KnownDataset.of(known.label()));
        }
        IllegalArgumentException unknown =
                assertThrows(IllegalArgumentException.class, () -> KnownDataset.of("letters"));
        assertEquals("unknown data set 'letters': expected digits, mnist, fashion", unknown.getMessage());
    }

    @Test
    void theFolderComesFromTheEnvironment() {
        assertEquals(Path.of("/data"), KnownDataset.folderOf(Map.of("STILLPOINT_DATA", "/data")));
        assertNull(KnownDataset.folderOf(Map.of("STILLPOINT_DATA", "")));
        assertNull(KnownDataset.folderOf(Map.of()));
    }
}
