package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.opencl.ForkedJvm;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What needs an OpenCL device. Whatever happens, no handle stays open.
class ProgramCacheTest {
    private static final int THREADS = 8;
    private static final int PROGRAMS = 6;

    private final ClCalls calls = new ClCalls();

    private Described device = OpenClHere.requireUsable(calls);

    @TempDir
    private Path temporary;

    private ProgramCache cache = ProgramCache.none();

    @BeforeEach
    void aNewCache() {
        cache = ProgramCache.in(temporary);
    }

    @AfterEach
    void nothingStaysOpen() {
        assertEquals(0, calls.openHandles());
        assertTrue(calls.openedHandles() > 0);
    }

    private CachedProgram build(int value) {
        return FillProgram.build(cache, calls, device, value);
    }

    private void expect(CacheUse use, int value) {
        CachedProgram built = build(value);
        assertEquals(use, built.use(), built.toString());
        assertEquals(List.of(), built.notes());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }

    private Path onlyFile() throws IOException {
        List<Path> files = files();
        assertEquals(1, files.size(), files.toString());
        return files.getFirst();
    }

    /// The program is compiled again, with one note that names the file and says why; then it is a hit.
    private void expectStale(Path file, int value, String why) throws IOException {
        CachedProgram built = build(value);
        assertEquals(CacheUse.STALE, built.use(), why);
        assertEquals(1, built.notes().size(), built.toString());
        String note = built.notes().getFirst();
        assertTrue(note.startsWith(file + " was compiled again: "), note);
        assertTrue(note.contains(why), note);
        expect(CacheUse.HIT, value);
        assertEquals(file, onlyFile());
    }

    @Test
    void aProgramIsCompiledOnce() throws IOException {
        expect(CacheUse.MISS, 7);
        byte[] kept = Files.readAllBytes(onlyFile());
        Object identity = identity(onlyFile());
        expect(CacheUse.HIT, 7);
        assertEquals(identity, identity(onlyFile()), "a hit wrote the file again");
        expect(CacheUse.MISS, 8);
        expect(CacheUse.HIT, 7);
        expect(CacheUse.HIT, 8);
        assertEquals(2, cache.count(CacheUse.MISS));
        assertEquals(3, cache.count(CacheUse.HIT));
        assertEquals(0, cache.count(CacheUse.STALE));
        assertEquals(0, cache.count(CacheUse.OFF));
        assertEquals(2, files().size());

        cache = ProgramCache.in(temporary);
        expect(CacheUse.HIT, 7);
        assertTrue(files().stream().anyMatch(file -> Arrays.equals(kept, content(file))));
    }

    /// What tells the file from one that replaced it, where the file system knows; the same for all elsewhere.
    private static Object identity(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? "unknown" : key;
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    @Test
    void withoutACacheNothingIsKept() throws IOException {
        cache = ProgramCache.none();
        expect(CacheUse.OFF, 7);
        expect(CacheUse.OFF, 7);
        assertEquals(2, cache.count(CacheUse.OFF));
        assertEquals(List.of(), files());
    }

    @Test
    void whatIsDamagedIsCompiledAgain() throws IOException {
        expect(CacheUse.MISS, 7);
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        record Damage(int at, String why) {}
        List<Damage> damages = List.of(
                new Damage(0, "does not start with STILLCLB"),
                new Damage(8, "has format"),
                new Damage(12, "holds a program of another key"),
                new Damage(44, "says that its binary has"),
                new Damage(52, "is damaged"),
                new Damage(84, "is damaged"),
                new Damage(whole.length - 1, "is damaged"));
        for (Damage damage : damages) {
            byte[] damaged = whole.clone();
            damaged[damage.at()] ^= 1;
            Files.write(file, damaged);
            expectStale(file, 7, damage.why());
        }
        for (int length : new int[] {0, 10, ProgramFile.HEADER, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            expectStale(file, 7, " bytes");
        }
        assertEquals(damages.size() + 4, cache.count(CacheUse.STALE));
    }

    @Test
    void whatTheDriverRefusesIsCompiledAgain() throws IOException {
        expect(CacheUse.MISS, 7);
        Path file = onlyFile();
        byte[] garbage = "no driver wrote this".getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(ProgramFile.HEADER + garbage.length)
                .put(Files.readAllBytes(file), 0, 44)
                .putLong(garbage.length)
                .put(ProgramKey.sha256(garbage))
                .put(garbage);
        Files.write(file, content.array());
        expectStale(file, 7, "the driver refuses it: cl");
    }

    @Test
    void anotherDriverIsAnotherProgram() throws IOException {
        expect(CacheUse.MISS, 7);
        Described before = device;
        device = new Described(device.id(), Descriptions.withDriverVersion(device.description(), "another"));
        expect(CacheUse.MISS, 7);
        assertEquals(2, files().size());
        device = before;
        expect(CacheUse.HIT, 7);
    }

    @Test
    void aDirectoryThatCannotBeHadIsSaid() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        cache = ProgramCache.in(file.resolve("below"));
        for (int i = 0; i < 2; i++) {
            CachedProgram built = build(7);
            assertEquals(CacheUse.MISS, built.use());
            assertEquals(1, built.notes().size(), built.toString());
            String note = built.notes().getFirst();
            assertTrue(note.startsWith("compiled programs cannot be kept in " + file.resolve("below")), note);
        }
        assertArrayEquals(new byte[0], Files.readAllBytes(file));
    }

    @Test
    void aFileThatCannotBeReadIsSaid() throws IOException {
        expect(CacheUse.MISS, 7);
        Path file = onlyFile();
        Files.delete(file);
        Files.createDirectory(file);
        CachedProgram built = build(7);
        assertEquals(CacheUse.MISS, built.use());
        assertEquals(2, built.notes().size(), built.toString());
        assertTrue(built.notes().get(0).startsWith("compiled programs cannot be read from " + temporary));
        assertTrue(built.notes().get(1).startsWith("compiled programs cannot be kept in " + temporary));
    }

    @Test
    void aProgramBeyondTheLimitIsSaid() throws IOException {
        cache = ProgramCache.in(temporary, 10);
        CachedProgram built = build(7);
        assertEquals(CacheUse.MISS, built.use());
        assertEquals(1, built.notes().size(), built.toString());
        assertTrue(built.notes().getFirst().contains("the whole cache may have 10"), built.toString());
        assertEquals(List.of(), files());
    }

    @Test
    void whatDoesNotCompileIsNotKept() throws IOException {
        ClObjects cl = new ClObjects(calls, device.id());
        try (ClHandle context = cl.context()) {
            DeviceException failure = assertThrows(
                    DeviceException.class,
                    () -> cache.program(calls, context, device, FillProgram.SOURCE, "-cl-std=CL1.2"));
            assertTrue(String.valueOf(failure.getMessage()).startsWith("clBuildProgram("), failure.toString());
        }
        assertEquals(List.of(), files());
        for (CacheUse use : CacheUse.values()) {
            assertEquals(0, cache.count(use));
        }
    }

    @Test
    void threadsMayShareACache() throws Exception {
        List<Future<?>> builds = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int thread = 0; thread < THREADS; thread++) {
                builds.add(threads.submit(() -> {
                    for (int value = 0; value < PROGRAMS; value++) {
                        CachedProgram built = build(value);
                        assertEquals(List.of(), built.notes());
                    }
                }));
            }
            for (Future<?> build : builds) {
                build.get();
            }
        }
        assertEquals(PROGRAMS, files().size());
        assertEquals(0, cache.count(CacheUse.STALE));
        assertTrue(cache.count(CacheUse.MISS) >= PROGRAMS);
        assertEquals(THREADS * PROGRAMS, cache.count(CacheUse.MISS) + cache.count(CacheUse.HIT));
        for (int value = 0; value < PROGRAMS; value++) {
            expect(CacheUse.HIT, value);
        }
    }

    @Test
    void processesMayShareACache() throws Exception {
        Path shared = temporary.resolve("shared");
        int built = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<ForkedJvm>> processes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Path output = Files.createDirectory(temporary.resolve("output" + i));
                processes.add(threads.submit(() -> ForkedJvm.run(
                        output,
                        Map.of(),
                        List.of("--enable-native-access=ALL-UNNAMED", "-D" + BuildPrograms.DIRECTORY + "=" + shared),
                        BuildPrograms.class)));
            }
            for (Future<ForkedJvm> process : processes) {
                ForkedJvm jvm = process.get();
                assertEquals(0, jvm.exitCode(), jvm.toString());
                String[] counts = jvm.out().strip().split(" ", -1);
                assertEquals("0", counts[2], jvm.toString());
                built += Integer.parseInt(counts[0]) + Integer.parseInt(counts[1]);
            }
        }
        assertEquals(2 * BuildPrograms.PROGRAMS, built);
        cache = ProgramCache.in(shared);
        for (int value = 0; value < BuildPrograms.PROGRAMS; value++) {
            expect(CacheUse.HIT, value);
        }
    }
}
