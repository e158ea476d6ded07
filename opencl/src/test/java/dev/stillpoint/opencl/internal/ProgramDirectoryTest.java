package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.opencl.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramDirectoryTest {
    private static final int BINARY = 1000;
    private static final int FILE = ProgramFile.HEADER + BINARY;

    @TempDir
    private Path temporary;

    private static ProgramKey key(int number) {
        return ProgramKey.of("V", Descriptions.named("device"), "source " + number, "options");
    }

    private static byte[] binary(int number) {
        byte[] binary = new byte[BINARY];
        binary[0] = (byte) number;
        return binary;
    }

    /// Makes it look as if the file had not been used for so long.
    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void keepsAndReplaces() throws IOException {
        ProgramDirectory directory = new ProgramDirectory(temporary.resolve("a").resolve("b"), 10 * FILE);
        assertEquals(Optional.empty(), directory.read(key(1)));
        directory.write(key(1), binary(1));
        directory.write(key(2), binary(2));
        assertArrayEquals(binary(1), directory.read(key(1)).orElseThrow());
        assertArrayEquals(binary(2), directory.read(key(2)).orElseThrow());
        directory.write(key(1), binary(3));
        assertArrayEquals(binary(3), directory.read(key(1)).orElseThrow());
        assertEquals(
                Stream.of(key(1), key(2)).map(key -> key + ".program").sorted().toList(), names(directory.path()));
    }

    @Test
    void isForItsOwnerAlone() throws IOException {
        Assumptions.assumeTrue(
                temporary.getFileSystem().supportedFileAttributeViews().contains("posix"),
                "skipped, the file system has no POSIX permissions");
        ProgramDirectory directory = new ProgramDirectory(temporary.resolve("new"), 10 * FILE);
        directory.write(key(1), binary(1));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
    }

    @Test
    void makesRoomFromTheLeastRecentlyUsed() throws IOException {
        ProgramDirectory directory = new ProgramDirectory(temporary, 3 * FILE);
        for (int i = 0; i < 3; i++) {
            directory.write(key(i), binary(i));
            age(directory.file(key(i)), Duration.ofHours(10 - i));
        }
        Path foreign = Files.write(temporary.resolve("foreign"), new byte[10 * FILE]);
        age(foreign, Duration.ofDays(1000));
        assertEquals(4, names(temporary).size());

        directory.touch(key(0));
        directory.write(key(3), binary(3));
        assertEquals(Optional.empty(), directory.read(key(1)));
        for (int kept : new int[] {0, 2, 3}) {
            assertArrayEquals(binary(kept), directory.read(key(kept)).orElseThrow(), "program " + kept);
        }
        assertTrue(Files.exists(foreign));

        new ProgramDirectory(temporary, FILE).write(key(4), binary(4));
        assertEquals(List.of("foreign", key(4) + ".program").stream().sorted().toList(), names(temporary));
    }

    @Test
    void whatWasJustStoredStays() throws IOException {
        ProgramDirectory directory = new ProgramDirectory(temporary, FILE);
        directory.write(key(1), binary(1));
        Files.setLastModifiedTime(
                directory.file(key(1)), FileTime.from(Instant.now().plus(Duration.ofDays(1))));
        directory.write(key(2), binary(2));
        assertEquals(List.of(key(2) + ".program"), names(temporary));
    }

    @Test
    void touchingWhatIsGoneIsNoFault() throws IOException {
        ProgramDirectory directory = new ProgramDirectory(temporary, FILE);
        directory.touch(key(1));
        assertEquals(List.of(), names(temporary));
    }

    @Test
    void abandonedFilesGo() throws IOException {
        Path abandoned = Files.createFile(temporary.resolve(".stillpoint-1.tmp"));
        age(abandoned, Duration.ofHours(2));
        Path inUse = Files.createFile(temporary.resolve(".stillpoint-2.tmp"));
        new ProgramDirectory(temporary, 3 * FILE).write(key(1), binary(1));
        assertFalse(Files.exists(abandoned));
        assertTrue(Files.exists(inUse));
    }

    @Test
    void whatIsBeyondTheLimitIsNotKeptAndNotRead() throws IOException {
        ProgramDirectory small = new ProgramDirectory(temporary, FILE - 1);
        IOException failure = assertThrows(IOException.class, () -> small.write(key(1), binary(1)));
        assertEquals("the program has 1084 bytes, the whole cache may have 1083", failure.getMessage());
        assertEquals(List.of(), names(temporary));
        new ProgramDirectory(temporary, FILE).write(key(1), binary(1));
        assertThrows(StaleProgramException.class, () -> small.read(key(1)));
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsSaid() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        ProgramDirectory directory = new ProgramDirectory(file, 3 * FILE);
        assertEquals(Optional.empty(), directory.read(key(1)));
        IOException failure = assertThrows(IOException.class, () -> directory.write(key(1), binary(1)));
        assertTrue(failure.toString().contains(file.toString()), failure.toString());
    }

    @Test
    void aDirectoryInPlaceOfAFileIsSaid() throws IOException {
        ProgramDirectory directory = new ProgramDirectory(temporary, 3 * FILE);
        Files.createDirectory(directory.file(key(1)));
        assertThrows(IOException.class, () -> directory.read(key(1)));
        assertThrows(IOException.class, () -> directory.write(key(1), binary(1)));
        assertEquals(List.of(key(1) + ".program"), names(temporary));
    }

    @Test
    void processesThatWriteTheSameFileReadItWhole() throws Exception {
        Path shared = temporary.resolve("shared");
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<ForkedJvm>> processes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Path output = Files.createDirectory(temporary.resolve("output" + i));
                processes.add(threads.submit(() -> ForkedJvm.run(
                        output,
                        Map.of(),
                        List.of("-D" + RewriteProgram.DIRECTORY + "=" + shared),
                        RewriteProgram.class)));
            }
            for (Future<ForkedJvm> process : processes) {
                ForkedJvm jvm = process.get();
                assertEquals(0, jvm.exitCode(), jvm.toString());
                assertTrue(Integer.parseInt(jvm.out().strip()) >= RewriteProgram.TIMES - 1, jvm.toString());
            }
        }
        assertEquals(List.of(RewriteProgram.key() + ".program"), names(shared));
        assertTrue(new ProgramDirectory(shared, 1L << 28)
                .read(RewriteProgram.key())
                .isPresent());
    }
}
