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
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path directory;

    private Path file(String header, byte... data) throws IOException {
        return Files.write(directory.resolve("x.safetensors"), FileBytes.safetensors(header, data));
    }

    @Test
    void readsWhatTheFormatsOwnLibraryWrote() throws IOException {
        Safetensors file = Safetensors.read(FileBytes.fixture(directory, "library.safetensors"));
        assertEquals(Set.of("A", "half", "labels", "mask", "empty", "scalar"), file.names());
        assertEquals(Map.of("kind", "implicit", "note", "é \"quoted\""), file.metadata());
        NumpyFileTest.assertFixtureMatrix(file.array("A").toMatrix());
        Matrix half = file.array("half").toMatrix();
        assertEquals("f32 2 x 2", half.toString());
        assertArrayEquals(new double[] {1.5, -2, 65504, 0x1p-24}, half.toDoubleArray());
        assertArrayEquals(new long[] {1, -2, 1L << 62}, file.array("labels").toLongs());
        assertArrayEquals(new long[] {1, 0, 1}, file.array("mask").toLongs());
        assertEquals("f32 0 x 4", file.array("empty").toMatrix().toString());
        assertEquals(7, file.array("scalar").toMatrix().get(0, 0));
        FileBytes.assertRefused(file.file(), () -> file.array("B"), "no array 'B'", "'A'");
    }

    @ParameterizedTest
    @CsvSource({
        "F64, 000000000000F83F, 1.5",
        "F32, 0000C03F, 1.5",
        "F16, 003E, 1.5",
        "BF16, C03F, 1.5",
        "I64, FEFFFFFFFFFFFFFF, -2",
        "I32, FEFFFFFF, -2",
        "I16, FEFF, -2",
        "I8, FE, -2",
        "U64, FEFFFFFFFFFFFFFF, 18446744073709551614",
        "U32, FEFFFFFF, 4294967294",
        "U16, FEFF, 65534",
        "U8, FE, 254",
        "BOOL, 01, 1"
    })
    void readsEveryType(String type, String hex, double value) throws IOException {
        byte[] data = HexFormat.of().parseHex(hex);
        String header = "{\"x\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,%d]}}".formatted(type, data.length);
        NumericArray array = Safetensors.read(file(header, data)).array("x");
        assertEquals(ElementType.valueOf(type), array.type());
        assertEquals(value, array.toMatrix().get(0, 0));
        assertEquals((float) value, array.toMatrix(Precision.F32).get(0, 0));

        Path written = directory.resolve("written.safetensors");
        Safetensors.write(written, Map.of("x", array), Map.of());
        assertEquals(value, Safetensors.read(written).array("x").toMatrix().get(0, 0));
        assertEquals(
                ElementType.valueOf(type), Safetensors.read(written).array("x").type());
    }

    @Test
    void refusesAnUnknownTypeOnlyWhenAskedForIt() throws IOException {
        Path file = file("""
                {"odd":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]},
                 "x":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}""", (byte) 1, (byte) 2, (byte) 3, (byte) 4);
        Safetensors tensors = Safetensors.read(file);
        assertEquals(4, tensors.array("x").toMatrix().get(0, 0));
        FileBytes.assertRefused(file, () -> tensors.array("odd"), "array 'odd'", "'F8_E4M3'", "F64, F32, F16, BF16");
    }

    @Test
    void roundTrips() throws IOException {
        Map<String, NumericArray> arrays = new LinkedHashMap<>();
        arrays.put("bias", NumericArray.vector(1f, -2f, 3f));
        arrays.put("D", NumericArray.of(Matrix.ofRows(new double[][] {{1, 2}, {3, 4}})));
        arrays.put("A", NumericArray.of(Matrix.of(new double[] {5, 6}, 1, 2)));
        arrays.put("steps \"β\"", NumericArray.vector(1, 2, 3));
        Map<String, String> metadata = Map.of("kind", "implicit", "activation", "relu\n");
        Path file = directory.resolve("m.safetensors");
        Safetensors.write(file, arrays, metadata);

        byte[] bytes = Files.readAllBytes(file);
        int header = (bytes[0] & 0xFF) | (bytes[1] & 0xFF) << 8;
        assertEquals(0, header % 8);
        String expected = """
                {"__metadata__":{"activation":"relu\\n","kind":"implicit"},\
                "A":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},\
                "D":{"dtype":"F64","shape":[2,2],"data_offsets":[16,48]},\
                "bias":{"dtype":"F32","shape":[3],"data_offsets":[48,60]},\
                "steps \\"β\\"":{"dtype":"I32","shape":[3],"data_offsets":[60,72]}}""";
        assertEquals(expected, new String(bytes, 8, header, StandardCharsets.UTF_8).stripTrailing());
        assertEquals(8 + header + 72, bytes.length);

        Safetensors read = Safetensors.read(file);
        assertEquals(metadata, read.metadata());
        assertEquals(List.of("A", "D", "bias", "steps \"β\""), List.copyOf(read.names()));
        assertEquals("f32 1 x 3", read.array("bias").expectShape(3).toMatrix().toString());
        assertArrayEquals(new double[] {1, 2, 3, 4}, read.array("D").toMatrix().toDoubleArray());
        assertArrayEquals(new long[] {1, 2, 3}, read.array("steps \"β\"").toLongs());
        assertEquals(read.names(), ArrayFile.read(file).names());

        Safetensors.write(file, new LinkedHashMap<>(Map.copyOf(arrays)), new LinkedHashMap<>(metadata));
        assertArrayEquals(bytes, Files.readAllBytes(file), "the order of the maps must not matter");

        Safetensors.write(file, Map.of(), Map.of());
        assertEquals(Set.of(), Safetensors.read(file).names());
        FileBytes.assertRefused(file, () -> Safetensors.read(file).array("A"), "no arrays at all");
        FileBytes.assertFiles(directory, "m.safetensors");
    }

    @Test
    void refusesNamesThatCannotBeWritten() throws IOException {
        Path file = directory.resolve("m.safetensors");
        NumericArray array = NumericArray.vector(1.0);
        Map<String, String> none = Map.of();
        assertThrows(
                IllegalArgumentException.class, () -> Safetensors.write(file, Map.of("__metadata__", array), none));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, Map.of("\ud800", array), none));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, Map.of(), Map.of("a", "\udc00")));
        FileBytes.assertFiles(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "; begins with its end",
                "[]; begins with '['",
                "` {}`; begins with ' '",
                "{; JSON",
                "{}x; JSON",
                "{}{}; goes on behind",
                "{\"x\":1}; has '1'",
                "{\"x\":null}; has 'null'",
                "{\"x\":{}}; array 'x': lacks dtype",
                "{\"x\":{\"dtype\":\"U8\",\"data_offsets\":[0,8]}}; array 'x': lacks shape",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[8]}}; array 'x': lacks data_offsets",
                "{\"x\":{\"dtype\":1,\"shape\":[8],\"data_offsets\":[0,8]}}; a text as dtype of array 'x'",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":8,\"data_offsets\":[0,8]}}; a list as shape of",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[8.0],\"data_offsets\":[0,8]}}; has '8.0' in its shape",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[-8],\"data_offsets\":[0,8]}}; has '-8' in its shape",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[\"8\"],\"data_offsets\":[0,8]}}; has '8' in its shape",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[9223372036854775808],\"data_offsets\":[0,8]}}; 2^63-1",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}; more elements",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[1152921504606846976],\"data_offsets\":[0,8]}}; takes 8 bytes",
                "{\"x\":{\"dtype\":\"F64\",\"shape\":[2305843009213693953],\"data_offsets\":[0,8]}}; takes 8 bytes",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[7],\"data_offsets\":[0,8]}}; takes 8 bytes, expected (7,)",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}; takes 8 bytes, expected (1,)",
                "{\"x\":{\"dtype\":\"U16\",\"shape\":[3],\"data_offsets\":[0,7]}}; takes 7 bytes, expected (3,)",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0]}}; expected a begin and an end",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[8,0]}}; expected a begin and an end",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8,9]}}; more than 2 values",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8],\"z\":1}}; has the key 'z'",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[7],\"data_offsets\":[0,7]}}; has 8 bytes of data, its header",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[7],\"data_offsets\":[1,8]}}; begins at byte 1",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}}; ends at byte 9",
                "{\"x\":{\"dtype\":\"??\",\"shape\":[9],\"data_offsets\":[0,9]}}; ends at byte 9",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                        + "\"y\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[3,8]}}; 'y': begins at byte 3",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                        + "\"y\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[5,8]}}; 'y': begins at byte 5",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},"
                        + "\"x\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}; Duplicate field 'x'",
                "{\"x\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}; Duplicate field",
                "{\"__metadata__\":{\"a\":1}}; a text as metadata 'a'",
                "{\"__metadata__\":[]}; __metadata__",
                "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}; Duplicate field 'a'",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[[[[8]]]],\"data_offsets\":[0,8]}}; depth",
            })
    void refusesABadHeader(String header, String part) throws IOException {
        Path file = file(header == null ? "" : header, new byte[8]);
        FileBytes.assertRefused(file, () -> Safetensors.read(file), part);
    }

    @Test
    void refusesDeepNestingAtOnce() throws IOException {
        Path file = file("{\"x\":" + "[".repeat(1_000_000));
        FileBytes.assertRefused(file, () -> Safetensors.read(file), "'[' at character 5", "an object");
    }

    @Test
    void refusesAHeaderThatIsNoText() throws IOException {
        byte[] bytes = FileBytes.safetensors("{\"é\":1}", new byte[0]);
        bytes[10] = (byte) 0xFF;
        Path file = Files.write(directory.resolve("x.safetensors"), bytes);
        FileBytes.assertRefused(file, () -> Safetensors.read(file), "not UTF-8");
    }

    @ParameterizedTest
    @CsvSource({"3", "9223372036854775807", "-1", "100000001"})
    void refusesAHeaderLongerThanTheFile(long length) throws IOException {
        byte[] bytes = FileBytes.content(
                FileBytes.little(10).putLong(length).put((byte) '{').put((byte) '}'));
        Path file = Files.write(directory.resolve("x.safetensors"), bytes);
        FileBytes.assertRefused(
                file, () -> Safetensors.read(file), Long.toUnsignedString(length), "expected at most 2");
    }

    @Test
    void tellsFormatsByTheirContent() throws IOException {
        Path text = Files.writeString(directory.resolve("x.safetensors"), "not a file of arrays");
        FileBytes.assertRefused(text, () -> ArrayFile.read(text), "neither an .npz nor a .safetensors file");
        Path empty = Files.write(directory.resolve("y.npz"), new byte[0]);
        FileBytes.assertRefused(empty, () -> ArrayFile.read(empty), "neither");
    }
}
