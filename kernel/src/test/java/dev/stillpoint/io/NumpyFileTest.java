package dev.stillpoint.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyFileTest {
    @TempDir
    Path directory;

    /// Entry `(i, j)` of the fixtures' 3 x 4 matrix is `10i + j`.
    static void assertFixtureMatrix(Matrix matrix) {
        assertEquals(3, matrix.rows());
        assertEquals(4, matrix.columns());
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 4; j++) {
                assertEquals(10 * i + j, matrix.get(i, j), "(" + i + ", " + j + ")");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "matrix.npy, F64",
        "matrix_f4.npy, F32",
        "fortran_big_endian.npy, F32",
        "version2.npy, F64",
        "version3.npy, F64"
    })
    void readsWhatNumpyWrote(String name, Precision natural) throws IOException {
        NumericArray array = NumpyFile.read(FileBytes.fixture(directory, name));
        assertArrayEquals(new long[] {3, 4}, array.shape());
        assertEquals(12, array.elements());
        assertEquals("", array.name());
        assertEquals(natural, array.toMatrix().precision());
        for (Precision precision : Precision.values()) {
            assertEquals(precision, array.toMatrix(precision).precision());
            assertFixtureMatrix(array.toMatrix(precision));
        }
    }

    @Test
    void readsVectorsAndScalars() throws IOException {
        NumericArray labels = NumpyFile.read(FileBytes.fixture(directory, "labels.npy"));
        assertArrayEquals(new long[] {3, 0, -7, (1L << 53) + 1}, labels.toLongs());
        assertArrayEquals(new double[] {3, 0, -7, 0x1p53}, labels.toMatrix().toDoubleArray());
        assertEquals(1, labels.toMatrix().rows());

        NumericArray scalar = NumpyFile.read(FileBytes.fixture(directory, "scalar.npy"));
        assertArrayEquals(new long[] {}, scalar.shape());
        assertEquals("f32 1 x 1", scalar.toMatrix().toString());
        assertEquals(0.5, scalar.toMatrix().get(0, 0));
    }

    @ParameterizedTest
    @CsvSource({"objects.npy, never unpickled", "structured.npy, structured", "complex.npy, '<c16'", "text.npy, '<U2'"})
    void refusesWhatIsNoNumber(String name, String part) throws IOException {
        Path file = FileBytes.fixture(directory, name);
        FileBytes.assertRefused(file, () -> NumpyFile.read(file), part, "expected");
    }

    @Test
    void writesTheBytesThatNumpyWrites() throws IOException {
        double[] values = new double[12];
        for (int k = 0; k < 12; k++) {
            values[k] = 10 * (k / 4) + k % 4;
        }
        Matrix matrix = Matrix.of(values, 3, 4);
        Path file = directory.resolve("written.npy");
        NumpyFile.write(file, matrix);
        assertSameBytes("matrix.npy", file);
        NumpyFile.write(file, matrix.toImmutable(Precision.F32));
        assertSameBytes("matrix_f4.npy", file);
        NumpyFile.write(file, NumericArray.vector(3, 0, -7, (1L << 53) + 1));
        assertSameBytes("labels.npy", file);
        NumpyFile.write(file, NumericArray.vector(0.5f).reshape());
        assertSameBytes("scalar.npy", file);
    }

    @Test
    void writesWhatWasReadInItsOwnType() throws IOException {
        Path file = directory.resolve("written.npy");
        NumpyFile.write(file, NumpyFile.read(FileBytes.fixture(directory, "fortran_big_endian.npy")));
        assertSameBytes("matrix_f4.npy", file);
        NumpyFile.write(file, NumpyFile.read(file).reshape(12));
        assertArrayEquals(new long[] {12}, NumpyFile.read(file).shape());
        assertEquals(21, NumpyFile.read(file).toMatrix().get(0, 9));
    }

    private void assertSameBytes(String fixture, Path file) throws IOException {
        assertArrayEquals(Files.readAllBytes(FileBytes.fixture(directory, fixture)), Files.readAllBytes(file), fixture);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void roundTripsViewsOfAnyShape(Precision precision) throws IOException {
        SplittableRandom random = new SplittableRandom(71);
        Path file = directory.resolve("x.npy");
        int[][] shapes = {{0, 0}, {0, 5}, {5, 0}, {1, 1}, {1, 13}, {13, 1}, {7, 9}, {207, 13}, {3, 70001}};
        for (int[] shape : shapes) {
            Matrix wide = Matrix.zeros(precision, shape[0] + 2, shape[1] + 3);
            for (int i = 0; i < wide.rows(); i++) {
                for (int j = 0; j < wide.columns(); j++) {
                    wide.set(i, j, Float.intBitsToFloat(random.nextInt() & 0xFF7FFFFF));
                }
            }
            Matrix matrix = wide.slice(1, 2, shape[0], shape[1]);
            NumpyFile.write(file, matrix);
            NumericArray array = NumpyFile.read(file).expectShape(shape[0], shape[1]);
            assertEquals(precision, array.toMatrix().precision());
            assertArrayEquals(matrix.toDoubleArray(), array.toMatrix().toDoubleArray());
            try (Arena arena = Arena.ofConfined()) {
                Matrix mapped = NumpyFile.map(file, arena);
                assertTrue(mapped.isImmutable());
                assertEquals(matrix.rows(), mapped.rows());
                assertEquals(matrix.columns(), mapped.columns());
                assertArrayEquals(matrix.toDoubleArray(), mapped.toDoubleArray());
            }
        }
        FileBytes.assertFiles(directory, "x.npy");
    }

    @Test
    void roundTripsVectors() throws IOException {
        Path file = directory.resolve("x.npy");
        NumpyFile.write(file, NumericArray.vector(1.5, Double.NaN, -0.0));
        assertArrayEquals(
                new double[] {1.5, Double.NaN, -0.0},
                NumpyFile.read(file).toMatrix().toDoubleArray());
        NumpyFile.write(file, NumericArray.vector(1, -2, Integer.MIN_VALUE));
        assertEquals(ElementType.I32, NumpyFile.read(file).type());
        assertArrayEquals(
                new long[] {1, -2, Integer.MIN_VALUE}, NumpyFile.read(file).toLongs());
        NumpyFile.write(file, NumericArray.vector(Matrix.of(new float[] {1, 2, 3}, 3, 1)));
        assertArrayEquals(new long[] {3}, NumpyFile.read(file).shape());
        assertArrayEquals(new float[] {1, 2, 3}, NumpyFile.read(file).toMatrix().toFloatArray());
        assertThrows(ShapeException.class, () -> NumericArray.vector(Matrix.zeros(Precision.F32, 2, 2)));
    }

    @Test
    void mapsOnlyWhatNeedsNoConversion() throws IOException {
        Path good = FileBytes.fixture(directory, "matrix.npy");
        Matrix closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = NumpyFile.map(good, arena);
            assertFixtureMatrix(closed);
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> NumpyFile.map(good, arena).set(0, 0, 1));
            Path fortran = FileBytes.fixture(directory, "fortran_big_endian.npy");
            FileBytes.assertRefused(
                    fortran, () -> NumpyFile.map(fortran, arena), "big-endian, in Fortran order", "only f32 or f64");
            Path labels = FileBytes.fixture(directory, "labels.npy");
            FileBytes.assertRefused(labels, () -> NumpyFile.map(labels, arena), "type i64");
            Path cube = Files.write(directory.resolve("cube.npy"), FileBytes.npy("(1, 2, 1)", 1, 2));
            FileBytes.assertRefused(cube, () -> NumpyFile.map(cube, arena), "(1, 2, 1)", "at most two axes");
        }
        assertThrows(IllegalStateException.class, () -> closed.get(0, 0));
    }

    @Test
    void createsAMappedFileThatAppearsOnCommit() throws IOException {
        Path file = Files.writeString(directory.resolve("y.npy"), "before");
        try (AtomicFile output = AtomicFile.create(file);
                Arena arena = Arena.ofShared()) {
            Matrix rows = NumpyFile.create(output, Precision.F32, 300, 7, arena);
            assertEquals(0, rows.get(299, 6));
            for (int i = 0; i < 300; i++) {
                rows.setRow(i, new float[] {i, 1, 2, 3, 4, 5, 6}, 0);
            }
            assertEquals("before", Files.readString(file));
            output.commit();
        }
        FileBytes.assertFiles(directory, "y.npy");
        Matrix read = NumpyFile.read(file).expectShape(300, 7).toMatrix();
        assertEquals(299, read.get(299, 0));
        assertEquals(6, read.get(299, 6));

        try (AtomicFile output = AtomicFile.create(file)) {
            try (Arena arena = Arena.ofConfined()) {
                NumpyFile.create(output, Precision.F64, 2, 2, arena).set(1, 1, 5);
            }
            output.commit();
        }
        assertEquals(5, NumpyFile.read(file).toMatrix().get(1, 1));
    }

    @Test
    void anAbandonedMappedFileLeavesNothing() throws IOException {
        Path file = directory.resolve("y.npy");
        try (AtomicFile output = AtomicFile.create(file);
                Arena arena = Arena.ofConfined()) {
            NumpyFile.create(output, Precision.F64, 2, 2, arena).set(0, 0, 1);
        }
        FileBytes.assertFiles(directory);
        try (AtomicFile output = AtomicFile.create(file);
                Arena arena = Arena.ofConfined()) {
            FileSystemException e = assertThrows(
                    FileSystemException.class,
                    () -> NumpyFile.create(output, Precision.F64, Integer.MAX_VALUE, Integer.MAX_VALUE, arena));
            assertTrue(String.valueOf(e.getMessage()).contains("the disk has room for"), e.getMessage());
        }
        FileBytes.assertFiles(directory);
    }

    @Test
    void namesAMissingFile() {
        Path file = directory.resolve("none.npy");
        NoSuchFileException missing = assertThrows(NoSuchFileException.class, () -> NumpyFile.read(file));
        assertEquals(file + ": no such file", missing.getMessage());
        FileSystemException folder = assertThrows(FileSystemException.class, () -> NumpyFile.read(directory));
        assertEquals(directory + ": expected a regular file", folder.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
                "{'descr':'<f8','fortran_order':False,'shape':(2,)}",
                "{\"shape\": (2L,), \"fortran_order\": True, \"descr\": \"<f8\"}   \n",
                " { 'fortran_order' : False , 'shape' : ( 2 , ) , 'descr' : '<f8' , } \n",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }",
                "{'descr': '<f8', 'fortran_order': True, 'shape': (1, 2,), }",
                "{'descr': '<f8', 'fortran_order': True, 'shape': (1, 1, 2, 1), }"
            })
    void readsEverySpellingOfAHeader(String header) throws IOException {
        Path file = Files.write(directory.resolve("x.npy"), FileBytes.npy(header, FileBytes.bytes(1.5, -2)));
        assertArrayEquals(
                new double[] {1.5, -2},
                NumpyFile.read(file).reshape(2).toMatrix().toDoubleArray());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "; header has its end; '{'",
                "[]; header has '[]'; '{'",
                "{}; lacks 'descr'; lacks",
                "{'descr': '<f8', 'fortran_order': False}; lacks 'shape'; lacks",
                "{'descr': '<f8', 'shape': (2,)}; lacks 'fortran_order'; lacks",
                "{'descr': '<f8', 'fortran_order': 0, 'shape': (2,)}; '0, 'shape; True or False",
                "{'descr': <f8, 'fortran_order': False, 'shape': (2,)}; '<f8; a string",
                "{'descr': '<f8, 'fortran_order': False, 'shape': (2,)}; ; expected",
                "{'descr': '\\x3cf8', 'fortran_order': False, 'shape': (2,)}; escapes; without escapes",
                "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}; twice; 'descr'",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'x': 1}; key 'x'; 'fortran_order'",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2)}; ')}'; '(3,)'",
                "{'descr': '<f8', 'fortran_order': False, 'shape': 2}; '2}'; '('",
                "{'descr': '<f8', 'fortran_order': False, 'shape': [2]}; '[2]}'; '('",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (-2, -1)}; '-2; non-negative integer",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2.0,)}; '.0,; ','",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (02,)}; '02,; non-negative integer",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (0x2,)}; 'x2; ','",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} x; 'x'; the end",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,); its end; '}'",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1,,2)}; ',2; non-negative integer",
                "{'descr': '=f8', 'fortran_order': False, 'shape': (2,)}; '=f8'; expected a floating",
                "{'descr': '|f8', 'fortran_order': False, 'shape': (2,)}; '|f8'; expected a floating",
                "{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}; '<f16'; expected a floating",
                "{'descr': '<f1', 'fortran_order': False, 'shape': (16,)}; '<f1'; expected a floating",
                "{'descr': '< 8', 'fortran_order': False, 'shape': (2,)}; '< 8'; expected a floating",
                "{'descr': '< 2', 'fortran_order': False, 'shape': (8,)}; '< 2'; expected a floating",
                "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}; objects; never unpickled",
                "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,)}; structured; expected a floating",
                "{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (1,)}; structured; expected a floating",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}; truncated; 16 bytes",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}; 8 bytes behind; take 8 bytes",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846976,)}; truncated; 16 bytes",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,)}; truncated; 16 bytes",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}; more elements; shape",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775808,)}; more elements; 92233",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 0)}; 16 bytes behind; take 0",
            })
    void refusesABadHeader(String header, String found, String expected) throws IOException {
        byte[] bytes = FileBytes.npy(header == null ? "" : header, FileBytes.bytes(1, 2));
        Path file = Files.write(directory.resolve("x.npy"), bytes);
        FileBytes.assertRefused(file, () -> NumpyFile.read(file), found == null ? "" : found, expected);
    }

    @Test
    void refusesBadMagicVersionAndLength() throws IOException {
        byte[] good = FileBytes.npy("(1,)", 1);
        Path file = directory.resolve("x.npy");
        for (int i = 0; i < 6; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            FileBytes.assertRefused(file, () -> NumpyFile.read(file), "no .npy data", "NUMPY");
        }
        byte[] version = good.clone();
        version[6] = 4;
        Files.write(file, version);
        FileBytes.assertRefused(file, () -> NumpyFile.read(file), "version 4.0", "1.0, 2.0 or 3.0");
        byte[] length = good.clone();
        length[9] = 1;
        Files.write(file, length);
        FileBytes.assertRefused(file, () -> NumpyFile.read(file), "truncated", "a header of at least");
        byte[] huge = good.clone();
        huge[6] = 2;
        huge[11] = (byte) 0x80;
        Files.write(file, huge);
        FileBytes.assertRefused(file, () -> NumpyFile.read(file), "states a header of 2", "at most 65535");
        Files.write(
                file,
                FileBytes.npy(
                        "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1,".repeat(65) + ")}", new byte[8]));
        FileBytes.assertRefused(file, () -> NumpyFile.read(file), "more than 64 axes");
    }

    @Test
    void refusesShapesThatAreNoMatrix() throws IOException {
        Path file = Files.write(directory.resolve("x.npy"), FileBytes.npy("(2, 1, 2)", 1, 2, 3, 4));
        NumericArray array = NumpyFile.read(file);
        FileBytes.assertRefused(file, array::toMatrix, "(2, 1, 2)", "at most two axes");
        assertArrayEquals(
                new double[] {3, 4}, array.reshape(2, 2).toMatrix().slice(1, 2).toDoubleArray());
        assertThrows(ShapeException.class, () -> array.reshape(2, 3));
        assertThrows(ShapeException.class, () -> array.reshape(-2, -2));
        assertThrows(ShapeException.class, () -> array.reshape(Long.MAX_VALUE, 2));
        FileBytes.assertRefused(file, () -> array.expectShape(2, -1, 3), "(2, 1, 2)", "expected (2, *, 3)");
        FileBytes.assertRefused(file, () -> array.expectShape(4), "expected (4,)");
        FileBytes.assertRefused(file, array::toLongs, "type f64", "expected integers");

        Files.write(file, FileBytes.npy("(0, 4294967296)"));
        FileBytes.assertRefused(file, () -> NumpyFile.read(file).toMatrix(), "(0, 4294967296)", "at most 2147483647");
    }

    @Test
    void messagesStayOnOneLine() throws IOException {
        Path file = Files.write(directory.resolve("x.npy"), FileBytes.npy("{'a\nb\u0085\r': 1}", new byte[0]));
        FileBytes.assertRefused(file, () -> NumpyFile.read(file), "a\\u000ab\\u0085\\u000d");
    }
}
