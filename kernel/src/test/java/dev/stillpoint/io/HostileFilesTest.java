package dev.stillpoint.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What no file may do, whatever it holds: fail in another way than by an [IOException], or take memory for its
/// claims.
class HostileFilesTest {
    // Buffers, a header's prefix and parsers: far above what these small files need, far below what they claim.
    private static final long SMALL = 8 << 20;
    private static final int MUTATIONS = 2000;

    @TempDir
    Path directory;

    /// Small valid files by the kind that the test's messages give.
    static Map<String, byte[]> validFiles() throws IOException {
        byte[] npy = FileBytes.npy("(2, 3)", 1, 2, 3, 4, 5, 6);
        byte[] labels =
                FileBytes.npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2)}", new byte[] {1, 2, 3, 4});
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("one.npy", npy);
        files.put("fortran.npy", labels);
        ZipBytes stored = new ZipBytes();
        stored.stored("A.npy", npy);
        stored.stored("labels.npy", labels);
        files.put("stored.npz", stored.bytes());
        ZipBytes deflated = new ZipBytes();
        deflated.deflated("A.npy", npy);
        deflated.deflated("labels.npy", labels);
        files.put("deflated.npz", deflated.bytes());
        stored.zip64 = true;
        files.put("zip64.npz", stored.bytes());
        files.put("two.safetensors", FileBytes.safetensors("""
                        {"__metadata__":{"kind":"implicit"},"A":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},\
                        "b":{"dtype":"BF16","shape":[2],"data_offsets":[16,20]}}\s""", Arrays.copyOf(FileBytes.bytes(1, 2), 20)));
        return files;
    }

    static Iterable<Map.Entry<String, byte[]>> valid() throws IOException {
        return validFiles().entrySet();
    }

    /// Reads everything that the file holds, in every way.
    private static void readAll(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            readAll(file, MappedFile.map(file, arena));
        }
    }

    private static void readAll(Path file, MemorySegment bytes) throws IOException {
        if (file.toString().endsWith(".npy")) {
            use(NumpyFile.read(bytes, Origin.of(file)));
            return;
        }
        ArrayFile arrays =
                file.toString().endsWith(".npz") ? NumpyArchive.read(file, bytes) : Safetensors.read(file, bytes);
        assertTrue(arrays.metadata().size() < 10);
        IOException failure = null;
        for (String name : arrays.names()) {
            try {
                use(arrays.array(name));
            } catch (IOException e) {
                // The others are read all the same.
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void use(NumericArray array) throws IOException {
        assertEquals(
                array.elements(), array.reshape(array.elements()).toMatrix().columns());
        if (!array.type().isFloat()) {
            assertEquals(array.elements(), array.toLongs().length);
        }
        array.toMatrix();
    }

    /// Runs `action` and checks that this thread allocated little meanwhile.
    private static void assertSmall(String what, Executable action) throws Throwable {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.execute();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < SMALL, () -> what + " allocated " + allocated + " bytes");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void refusesEveryTruncation(Map.Entry<String, byte[]> valid) throws Throwable {
        Path file = directory.resolve(valid.getKey());
        byte[] bytes = valid.getValue();
        Files.write(file, bytes);
        readAll(file);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            FileBytes.assertRefused(file, () -> readAll(file));
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        FileBytes.assertRefused(file, () -> readAll(file));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesEveryTruncationWithinAMember(boolean deflated) throws IOException {
        byte[] npy = FileBytes.npy("(2, 3)", 1, 2, 3, 4, 5, 6);
        Path file = directory.resolve("x.npz");
        for (int length = 0; length <= npy.length + 1; length++) {
            ZipBytes zip = new ZipBytes();
            byte[] part = Arrays.copyOf(npy, length);
            ZipBytes.Member member = deflated ? zip.deflated("A.npy", part) : zip.stored("A.npy", part);
            Files.write(file, zip.bytes());
            if (length == npy.length) {
                readAll(file);
            } else {
                FileBytes.assertRefused(file, () -> readAll(file), "array 'A'");
            }
            // The same data under the size of the whole.
            member.size = npy.length;
            Files.write(file, zip.bytes());
            if (length != npy.length) {
                FileBytes.assertRefused(file, () -> readAll(file), "array 'A'");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void survivesMutations(Map.Entry<String, byte[]> valid) throws Throwable {
        Path file = directory.resolve(valid.getKey());
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] bytes = mutate(valid.getValue(), new SplittableRandom(seed));
            String what = valid.getKey() + " mutated with seed " + seed;
            boolean[] failed = new boolean[1];
            try {
                assertSmall(what, () -> {
                    try {
                        readAll(file, MemorySegment.ofArray(bytes));
                    } catch (IOException e) {
                        failed[0] = true;
                        assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
                    }
                });
            } catch (RuntimeException | Error e) {
                fail(what, e);
            }
            refused += failed[0] ? 1 : 0;
        }
        // Else the mutations would test nothing.
        assertTrue(refused > MUTATIONS / 4, refused + " of " + MUTATIONS + " refused");
    }

    private static byte[] mutate(byte[] valid, SplittableRandom random) {
        byte[] bytes = valid.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), (byte) 0xFF);
                case 3 -> bytes[at] = (byte) "0123456789()[]{},:'\"<>|fiubOL\\\n".charAt(random.nextInt(31));
                case 4 -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(16), bytes.length - Math.max(at, from));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    @Test
    void givesNoMemoryToClaims() throws Throwable {
        for (long claim : new long[] {1L << 27, 1L << 31, 1L << 60}) {
            byte[] npy = FileBytes.npy(
                    "{'descr': '<f8', 'fortran_order': False, 'shape': (%d,)}".formatted(claim), new byte[64]);
            Path file = Files.write(directory.resolve("x.npy"), npy);
            assertSmall("x.npy", () -> FileBytes.assertRefused(file, () -> readAll(file), "truncated"));
            Path archive = directory.resolve("x.npz");
            ZipBytes zip = new ZipBytes();
            zip.zip64 = true;
            ZipBytes.Member member = zip.deflated("A.npy", npy);
            member.size = npy.length - 64 + 8 * claim;
            Files.write(archive, zip.bytes());
            String part = claim < 1L << 60 ? "more than deflated data can hold" : "zip64 size";
            assertSmall("x.npz", () -> FileBytes.assertRefused(archive, () -> readAll(archive), "'A", part));
        }
    }

    /// One GB claimed within what 1.2 MB of deflated data could hold, but these hold 1.2 MB.
    @Test
    void seesThatDataAreThereBeforeItGivesMemory() throws Throwable {
        byte[] header = FileBytes.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (134217728,)}", new byte[0]);
        byte[] content = new byte[1_200_000];
        new SplittableRandom(5).nextBytes(content);
        System.arraycopy(header, 0, content, 0, header.length);
        ZipBytes zip = new ZipBytes();
        zip.deflated("A.npy", content).size = header.length + (8L << 27);
        Path file = Files.write(directory.resolve("x.npz"), zip.bytes());
        assertSmall("x.npz", () -> FileBytes.assertRefused(file, () -> readAll(file), "'A'", "end after 1200000 of"));
    }

    @Test
    void readsWhatDeflatesVeryWell() throws IOException {
        double[] values = new double[1 << 18];
        values[values.length - 1] = 7;
        ZipBytes zip = new ZipBytes();
        zip.deflated("A.npy", FileBytes.npy("(512, 512)", values));
        Path file = Files.write(directory.resolve("x.npz"), zip.bytes());
        assertTrue(Files.size(file) < 4096);
        assertEquals(7, NumpyArchive.read(file).array("A").toMatrix().get(511, 511));
    }

    @Test
    void refusesWhatExceedsTheHeap() throws Throwable {
        long elements = Runtime.getRuntime().maxMemory() / 8 + 1;
        assumeTrue(elements < Integer.MAX_VALUE - 8);
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (%d,)}".formatted(elements);
        Path file = Files.write(directory.resolve("x.npy"), FileBytes.npy(header, new byte[0]));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            // A hole, which takes no room on the disk.
            channel.write(ByteBuffer.wrap(new byte[1]), channel.size() + elements - 1);
        }
        NumericArray array = NumpyFile.read(file);
        assertSmall("x.npy", () -> FileBytes.assertRefused(file, array::toMatrix, "largest Java heap"));
        Files.delete(file);
    }

    @Test
    void refusesBadArchives() throws IOException {
        byte[] npy = FileBytes.npy("(2,)", 1, 2);
        byte[] more = Arrays.copyOf(npy, npy.length + 5000);
        check(zip -> zip.members.get(1).name = "A.npy", npy, "differs from its entry");
        check(zip -> zip.members.get(1).name = zip.members.get(1).localName = "A.npy", npy, "two zip members named 'A");
        check(zip -> zip.members.get(1).localName = "C.npy", npy, "'B.npy' has a header that differs");
        check(zip -> zip.members.get(1).localCrc++, npy, "'B.npy' has a header that differs");
        check(zip -> zip.members.get(1).localCrc = ++zip.members.get(1).crc, npy, "array 'B': the CRC-32");
        check(zip -> zip.members.get(1).flags = 1, npy, "array 'B': is encrypted");
        check(zip -> zip.members.get(1).method = 12, npy, "array 'B': is compressed by zip method 12");
        check(zip -> zip.members.get(1).size++, npy, "array 'B': ");
        check(zip -> zip.members.get(1).compressed--, npy, "array 'B': ");
        check(zip -> zip.members.get(1).compressed += 1000, npy, "'B.npy' takes", "exceeds the file");
        check(zip -> zip.members.get(1).offset = 7, npy, "'B.npy' has no header at byte 7");
        check(zip -> zip.members.get(1).offset = 1 << 30, npy, "'B.npy' has no header at byte 1073741824");
        check(zip -> zip.members.get(1).name = zip.members.get(1).localName = "\u00e4", npy, "neither ASCII nor");
        check(zip -> zip.directoryShift = 1, npy, "states a zip directory of");
        check(zip -> zip.directoryShift = -1, npy, "states a zip directory of");
        check(zip -> zip.behindDirectory = new byte[3], npy, "states a zip directory of");
        check(zip -> zip.entriesMore = 1, npy, "states 3 entries in a zip directory of 102 bytes");
        check(zip -> zip.entriesMore = 100, npy, "states 102 entries");
        check(zip -> zip.entriesMore = -1, npy, "bytes behind the 1 entries");
        check(zip -> zip.members.get(1).extra = new byte[] {1, 0, 8, 0}, npy, "'B.npy' has a zip64 field that exceeds");
        check(zip -> zip.members.get(1).size = 0xFFFFFFFFL, npy, "'B.npy' lacks a size or place");
        check(zip -> zip.members.get(1).size = npy.length, more, "array 'B': ");
    }

    private interface Damage {
        void to(ZipBytes zip);
    }

    /// Damages the second of two members, in a file of stored ones and in one of deflated ones.
    private void check(Damage damage, byte[] content, String... parts) throws IOException {
        for (boolean deflated : new boolean[] {false, true}) {
            byte[] good = FileBytes.npy("(2,)", 1, 2);
            ZipBytes zip = new ZipBytes();
            zip.stored("A.npy", good);
            if (deflated) {
                zip.deflated("B.npy", content);
            } else {
                zip.stored("B.npy", content);
            }
            damage.to(zip);
            Path file = Files.write(directory.resolve("x.npz"), zip.bytes());
            FileBytes.assertRefused(file, () -> readAll(file), parts);
        }
    }

    @Test
    void refusesMembersThatOverlap() throws IOException {
        ZipBytes inner = new ZipBytes();
        ZipBytes.Member b = inner.stored("B.npy", FileBytes.npy("(2,)", 1, 2));
        ZipBytes zip = new ZipBytes();
        zip.stored("A.npy", inner.bytes());
        // B's own header and data are those within A.
        b.offset = 30L + "A.npy".length();
        b.data = new byte[0];
        zip.members.add(b);
        Path file = directory.resolve("x.npz");
        // The builder writes a second header for B, which nothing refers to.
        Files.write(file, zip.bytes());
        FileBytes.assertRefused(file, () -> readAll(file), "overlapping zip members 'A.npy' and 'B.npy'");
    }

    @Test
    void refusesDeflatedDataThatEndElsewhere() throws IOException {
        byte[] npy = FileBytes.npy("(2,)", 1, 2);
        byte[] bomb = Arrays.copyOf(npy, 1 << 20);
        ZipBytes zip = new ZipBytes();
        ZipBytes.Member member = zip.deflated("A.npy", bomb);
        member.size = npy.length;
        Path file = Files.write(directory.resolve("x.npz"), zip.bytes());
        FileBytes.assertRefused(file, () -> readAll(file), "go on beyond the " + npy.length + " bytes");

        ZipBytes rest = new ZipBytes();
        ZipBytes.Member trailing = rest.deflated("A.npy", npy);
        trailing.data = Arrays.copyOf(trailing.data, trailing.data.length + 1);
        trailing.compressed++;
        Files.write(file, rest.bytes());
        FileBytes.assertRefused(file, () -> readAll(file), "deflated data take");

        ZipBytes corrupt = new ZipBytes();
        corrupt.deflated("A.npy", npy).data[0] = 7;
        Files.write(file, corrupt.bytes());
        FileBytes.assertRefused(file, () -> readAll(file), "deflated data are corrupt (invalid block type)");
    }

    @Test
    void aBadArraySparesTheOthers() throws IOException {
        ZipBytes zip = new ZipBytes();
        zip.stored("A.npy", FileBytes.npy("(2,)", 1, 2));
        zip.stored("objects.npy", FileBytes.npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", new byte[9]));
        Path file = Files.write(directory.resolve("x.npz"), zip.bytes());
        NumpyArchive archive = NumpyArchive.read(file);
        assertEquals(2, archive.array("A").toMatrix().get(0, 1));
        FileBytes.assertRefused(file, () -> archive.array("objects"), "array 'objects'", "never unpickled");
        assertThrows(IOException.class, () -> readAll(file));
    }
}
