package dev.stillpoint.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
    @TempDir
    Path directory;

    @Test
    void appearsOnCommitAlone() throws IOException {
        Path target = Files.writeString(directory.resolve("r.json"), "old");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.writeText("new ");
            file.writeText("té");
            assertEquals("old", Files.readString(target));
            assertEquals(target, file.target());
        }
        assertEquals("old", Files.readString(target));
        FileBytes.assertFiles(directory, "r.json");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.writeText("new ");
            file.writeText("té");
            file.commit();
            assertThrows(IllegalStateException.class, file::commit);
        }
        assertEquals("new té", Files.readString(target));
        AtomicFile.writeText(target, "");
        assertEquals("", Files.readString(target));
        FileBytes.assertFiles(directory, "r.json");
    }

    @Test
    void leavesNothingWhenWritingFails() throws IOException {
        Path source = Files.write(directory.resolve("x.npz"), damaged());
        NumericArray damaged = NumpyArchive.read(source).array("A");
        Path target = directory.resolve("y.npy");
        assertThrows(FormatException.class, () -> NumpyFile.write(target, damaged));
        assertThrows(FormatException.class, () -> NumpyArchive.write(target, Map.of("A", damaged)));
        assertThrows(FormatException.class, () -> Safetensors.write(target, Map.of("A", damaged), Map.of()));
        FileBytes.assertFiles(directory, "x.npz");

        Files.writeString(target, "old");
        Matrix refusing = Matrix.of(new float[] {1}, 1, 1);
        NumericArray brain = Safetensors.read(bfloat()).array("x");
        assertThrows(IllegalArgumentException.class, () -> NumpyFile.write(target, brain));
        assertThrows(
                IllegalArgumentException.class,
                () -> NumpyArchive.write(target, Map.of("a", NumericArray.of(refusing), "b", brain)));
        assertEquals("old", Files.readString(target));
        FileBytes.assertFiles(directory, "x.npz", "x.safetensors", "y.npy");
    }

    /// Its checksum is wrong, which is seen at the end of its data.
    private static byte[] damaged() {
        ZipBytes zip = new ZipBytes();
        ZipBytes.Member member = zip.deflated("A.npy", FileBytes.npy("(2,)", 1, 2));
        member.crc++;
        member.localCrc++;
        return zip.bytes();
    }

    private Path bfloat() throws IOException {
        String header = "{\"x\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}";
        return Files.write(directory.resolve("x.safetensors"), FileBytes.safetensors(header, new byte[2]));
    }

    @Test
    void refusesTargetsThatCannotBe() throws IOException {
        Path missing = directory.resolve("none").resolve("r.json");
        assertMessage(missing, "its directory does not exist", () -> AtomicFile.create(missing));
        assertMessage(directory, "exists and is not a regular file", () -> AtomicFile.create(directory));
        Path file = Files.writeString(directory.resolve("file"), "");
        Path below = file.resolve("r.json");
        assertThrows(FileSystemException.class, () -> AtomicFile.create(below));
        FileBytes.assertFiles(directory, "file");
    }

    private static void assertMessage(Path target, String part, Executable action) {
        String message =
                String.valueOf(assertThrows(FileSystemException.class, action).getMessage());
        assertTrue(message.startsWith(target + ": ") && message.contains(part), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void mapsBehindWhatWasWritten() throws IOException {
        Path target = directory.resolve("x");
        try (AtomicFile file = AtomicFile.create(target);
                Arena arena = Arena.ofConfined()) {
            file.writeText("ab");
            MemorySegment mapping = file.map(3, arena);
            file.writeText("cd");
            mapping.set(ValueLayout.JAVA_BYTE, 1, (byte) '-');
            file.commit();
        }
        assertEquals("ab\0-\0cd", Files.readString(target));
    }

    @Test
    void followsLinks() throws IOException {
        Path real = Files.writeString(directory.resolve("real"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        AtomicFile.writeText(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(real));
        FileBytes.assertFiles(directory, "real", "link");
    }

    @Test
    void severalAppearTogether() throws IOException {
        Path first = Files.writeString(directory.resolve("first"), "old");
        Path second = directory.resolve("second.npy");
        try (AtomicFile a = AtomicFile.create(first);
                AtomicFile b = AtomicFile.create(second)) {
            a.writeText("new");
            NumpyFile.write(b, NumericArray.of(Matrix.zeros(Precision.F32, 2, 2)));
            FileBytes.assertFiles(
                    directory,
                    "first",
                    String.valueOf(a.temporary().getFileName()),
                    String.valueOf(b.temporary().getFileName()));
            AtomicFile.commitAll(a, b);
        }
        assertEquals("new", Files.readString(first));
        NumpyFile.read(second).expectShape(2, 2).toMatrix();
        FileBytes.assertFiles(directory, "first", "second.npy");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void noneAppearsWhenOneCannot(int failing) throws IOException {
        String[] names = {"replaced", "added", "replaced too", "added too"};
        Files.writeString(directory.resolve(names[0]), "old");
        Files.writeString(directory.resolve(names[2]), "old");
        try (AtomicFile a = AtomicFile.create(directory.resolve(names[0]));
                AtomicFile b = AtomicFile.create(directory.resolve(names[1]));
                AtomicFile c = AtomicFile.create(directory.resolve(names[2]));
                AtomicFile d = AtomicFile.create(directory.resolve(names[3]))) {
            AtomicFile[] files = {a, b, c, d};
            for (AtomicFile file : files) {
                file.writeText("new");
            }
            // What is gone cannot be moved.
            Files.delete(files[failing].temporary());
            assertMessage(files[failing].target(), "cannot be written", () -> AtomicFile.commitAll(files));
        }
        assertEquals("old", Files.readString(directory.resolve(names[0])));
        assertEquals("old", Files.readString(directory.resolve(names[2])));
        FileBytes.assertFiles(directory, "replaced", "replaced too");
    }

    @Test
    void refusesTwoOutputsWithOneTarget() throws IOException {
        Path target = directory.resolve("y");
        Path same = directory.resolve("..").resolve(directory.getFileName()).resolve("y");
        try (AtomicFile a = AtomicFile.create(target);
                AtomicFile b = AtomicFile.create(same)) {
            assertMessage(same, "is the target of two outputs", () -> AtomicFile.commitAll(a, b));
        }
        FileBytes.assertFiles(directory);
    }
}
