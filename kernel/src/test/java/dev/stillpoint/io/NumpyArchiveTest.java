package dev.stillpoint.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyArchiveTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("x.npz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.npz", "types_big_endian.npz"})
    void readsAndWritesEveryType(String name) throws IOException {
        NumpyArchive archive = NumpyArchive.read(FileBytes.fixture(directory, name));
        assertEveryType(archive);
        Map<String, NumericArray> arrays = new LinkedHashMap<>();
        for (String array : archive.names()) {
            arrays.put(array, archive.array(array));
        }
        NumpyArchive.write(file(), arrays);
        assertEveryType(NumpyArchive.read(file()));
    }

    private static void assertEveryType(NumpyArchive archive) throws IOException {
        assertEquals(Set.of("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"), archive.names());
        assertFloats(archive.array("f2"), 0x1p-24, 65504);
        assertFloats(archive.array("f4"), Float.MIN_VALUE, Float.MAX_VALUE);
        assertFloats(archive.array("f8"), Double.MIN_VALUE, Double.MAX_VALUE);
        for (int bytes : new int[] {1, 2, 4, 8}) {
            long greatest = Long.MAX_VALUE >> (64 - 8 * bytes);
            assertIntegers(archive.array("i" + bytes), -greatest - 1, -1, 0, 1, greatest);
        }
        for (int bytes : new int[] {1, 2, 4}) {
            long greatest = (1L << (8 * bytes)) - 1;
            assertIntegers(archive.array("u" + bytes), 0, 1, 2, greatest - 1, greatest);
        }
        assertIntegers(archive.array("b1"), 1, 0, 1);

        NumericArray wide = archive.array("u8");
        assertArrayEquals(
                new double[] {0, 1, 2, 0x1p64, 0x1p64}, wide.toMatrix().toDoubleArray());
        FileBytes.assertRefused(
                archive.file(), wide::toLongs, "array 'u8'", "18446744073709551614", "largest signed 64-bit");
    }

    private static void assertFloats(NumericArray array, double least, double greatest) throws IOException {
        double[] expected = {-0.0, 1.5, least, greatest, Double.NEGATIVE_INFINITY, Double.NaN};
        assertArrayEquals(expected, array.toMatrix().toDoubleArray(), array.toString());
        float[] rounded = new float[expected.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) expected[i];
        }
        assertArrayEquals(rounded, array.toMatrix(Precision.F32).toFloatArray(), array.toString());
    }

    private static void assertIntegers(NumericArray array, long... expected) throws IOException {
        assertArrayEquals(expected, array.toLongs(), array.toString());
        assertEquals(Precision.F64, array.toMatrix().precision());
        assertArrayEquals(
                Arrays.stream(expected).asDoubleStream().toArray(),
                array.toMatrix().toDoubleArray());
    }

    @Test
    void roundsIntegersOnce() throws IOException {
        // Ties and their neighbours, where a rounding by way of double would go wrong.
        long[] values = {(1L << 24) + 1, (1L << 60) + (1L << 36) + 1, (1L << 53) + 1, Long.MAX_VALUE, 33554435L};
        NumericArray array = NumericArray.vector(values);
        float[] rounded = {0x1p24f, 0x1.000002p60f, 0x1p53f, 0x1p63f, 33554436f};
        assertArrayEquals(rounded, array.toMatrix(Precision.F32).toFloatArray());

        long[] unsigned = {(1L << 63) + (1L << 39) + 1, (1L << 63) + (1L << 39), (1L << 63) + (1L << 10) + 1};
        String header = "{'descr': '<u8', 'fortran_order': False, 'shape': (3,)}";
        byte[] payload = new byte[24];
        for (int i = 0; i < 24; i++) {
            payload[i] = (byte) (unsigned[i / 8] >> (8 * (i % 8)));
        }
        Path npy = Files.write(directory.resolve("u.npy"), FileBytes.npy(header, payload));
        float[] expected = {0x1.000002p63f, 0x1p63f, 0x1p63f};
        assertArrayEquals(expected, NumpyFile.read(npy).toMatrix(Precision.F32).toFloatArray());
        assertEquals(0x1.0000000000001p63, NumpyFile.read(npy).toMatrix().get(0, 2));
    }

    @Test
    void readsEveryOrder() throws IOException {
        NumpyArchive archive = NumpyArchive.read(FileBytes.fixture(directory, "orders.npz"));
        for (String name : List.of("c2", "fortran2", "fortran2_big")) {
            assertArrayEquals(new long[] {5, 7}, archive.array(name).shape());
            assertCounts(archive.array(name), 35);
        }
        for (String name : List.of("c3", "fortran3")) {
            NumericArray array = archive.array(name);
            assertArrayEquals(new long[] {2, 3, 4}, array.shape());
            FileBytes.assertRefused(archive.file(), array::toMatrix, "array '" + name + "'", "(2, 3, 4)");
            assertCounts(array.reshape(6, 4), 24);
            assertEquals(23, array.toLongs()[23]);
        }
        assertEquals(3.25, archive.array("scalar").toMatrix().get(0, 0));
        assertCounts(archive.array("vector"), 5);
        assertEquals("f64 0 x 3", archive.array("none").toMatrix().toString());
        assertEquals("f64 3 x 0", archive.array("none_fortran").toMatrix().toString());
    }

    private static void assertCounts(NumericArray array, int elements) throws IOException {
        double[] expected = new double[elements];
        Arrays.setAll(expected, k -> k);
        for (Precision precision : Precision.values()) {
            assertArrayEquals(expected, array.toMatrix(precision).toDoubleArray(), array.toString());
        }
    }

    /// Several bands, and chunks of the inflater that begin and end within a column.
    @Test
    void readsLargeFortranArrays() throws IOException {
        int rows = 1301;
        int columns = 17;
        double[] values = new double[rows * columns];
        for (int k = 0; k < values.length; k++) {
            int place = k % rows * columns + k / rows;
            values[k] = place;
        }
        byte[] content =
                FileBytes.npy("{'descr': '<f8', 'fortran_order': True, 'shape': (1301, 17)}", FileBytes.bytes(values));
        ZipBytes zip = new ZipBytes();
        zip.stored("a.npy", content);
        zip.deflated("b.npy", content);
        NumpyArchive archive = NumpyArchive.read(Files.write(file(), zip.bytes()));
        assertCounts(archive.array("a"), rows * columns);
        assertCounts(archive.array("b"), rows * columns);

        Path written = directory.resolve("w.npz");
        NumpyArchive.write(written, Map.of("a", archive.array("a"), "b", archive.array("b")));
        assertCounts(NumpyArchive.read(written).array("a"), rows * columns);
        assertCounts(NumpyArchive.read(written).array("b"), rows * columns);
    }

    @Test
    void readsStreamedFiles() throws IOException {
        NumpyArchive archive = NumpyArchive.read(FileBytes.fixture(directory, "streamed.npz"));
        NumpyFileTest.assertFixtureMatrix(archive.array("m").toMatrix());
    }

    @Test
    void readsZip64CommentsAndOtherMembers() throws IOException {
        ZipBytes zip = new ZipBytes();
        zip.zip64 = true;
        zip.comment = "PK\5\6 this is no end record".getBytes(StandardCharsets.US_ASCII);
        zip.stored("a.npy", FileBytes.npy("(2,)", 1, 2));
        zip.deflated("b.npy", FileBytes.npy("(2,)", 3, 4));
        zip.stored("notes.txt", new byte[] {1, 2, 3});
        zip.stored("ä/β.npy", FileBytes.npy("(1,)", 5)).flags = 1 << 11;
        NumpyArchive archive = NumpyArchive.read(Files.write(file(), zip.bytes()));
        assertEquals(List.of("a", "b", "ä/β"), List.copyOf(archive.names()));
        assertEquals(2, archive.array("a").toMatrix().get(0, 1));
        assertEquals(4, archive.array("b").toMatrix().get(0, 1));
        assertEquals("ä/β", archive.array("ä/β").name());
        FileBytes.assertRefused(file(), () -> archive.array("notes.txt"), "no array 'notes.txt'", "'a', 'b', 'ä/β'");
    }

    @Test
    void roundTrips() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        double[] a = random.doubles(35).toArray();
        Map<String, NumericArray> arrays = new LinkedHashMap<>();
        arrays.put("β", NumericArray.vector(7L, -7L));
        arrays.put("A", NumericArray.of(Matrix.of(a, 5, 7)));
        arrays.put("bias", NumericArray.vector(1f, 2f));
        arrays.put("empty", NumericArray.of(Matrix.zeros(Precision.F32, 0, 3)));
        NumpyArchive.write(file(), arrays);
        NumpyArchive read = NumpyArchive.read(file());
        assertEquals(List.of("A", "bias", "empty", "β"), List.copyOf(read.names()));
        assertArrayEquals(a, read.array("A").expectShape(5, 7).toMatrix().toDoubleArray());
        assertEquals("f32 1 x 2", read.array("bias").expectShape(2).toMatrix().toString());
        assertArrayEquals(new long[] {7, -7}, read.array("β").toLongs());
        read.array("empty").expectShape(0, 3).toMatrix();
        assertEquals(Map.of(), read.metadata());
        assertEquals(read.names(), ArrayFile.read(file()).names());

        byte[] bytes = Files.readAllBytes(file());
        NumpyArchive.write(file(), new LinkedHashMap<>(Map.copyOf(arrays)));
        assertArrayEquals(bytes, Files.readAllBytes(file()), "the order of the map must not matter");
        FileBytes.assertFiles(directory, "x.npz");
    }

    /// The JDK's readers are independent of ours: one uses the directory, the other the members' own headers.
    @Test
    void otherReadersAgreeWithWhatIsWritten() throws IOException {
        NumpyArchive.write(file(), Map.of("A", NumericArray.vector(1.0, 2.0), "ß", NumericArray.vector(3f)));
        Path npy = directory.resolve("A.npy");
        NumpyFile.write(npy, NumericArray.vector(1.0, 2.0));
        try (ZipFile zip = new ZipFile(file().toFile());
                ZipInputStream stream = new ZipInputStream(Files.newInputStream(file()))) {
            ZipEntry entry = zip.getEntry("A.npy");
            assertEquals(ZipEntry.STORED, entry.getMethod());
            assertArrayEquals(Files.readAllBytes(npy), zip.getInputStream(entry).readAllBytes());
            assertEquals(2, zip.size());
            assertEquals("A.npy", stream.getNextEntry().getName());
            assertArrayEquals(Files.readAllBytes(npy), stream.readAllBytes());
            assertEquals("ß.npy", stream.getNextEntry().getName());
            assertEquals(entry.getCrc(), zip.stream().findFirst().orElseThrow().getCrc());
        }
    }

    @Test
    void refusesNamesThatCannotBeWritten() {
        NumericArray array = NumericArray.vector(1.0);
        for (String name : List.of("", "\ud800", "x".repeat(0xFFFF))) {
            assertThrows(IllegalArgumentException.class, () -> NumpyArchive.write(file(), Map.of(name, array)), name);
        }
        assertThrows(IOException.class, () -> NumpyArchive.read(file()), "nothing may be left");
    }
}
