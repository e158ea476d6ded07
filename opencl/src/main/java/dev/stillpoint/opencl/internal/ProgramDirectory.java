package dev.stillpoint.opencl.internal;

import dev.stillpoint.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A directory of compiled programs, one file each, named by its key.
///
/// Files appear whole, by a move, and are never changed: several threads and processes may read, write and trim
/// at once, and a reader sees a whole file or none. The time a file was changed stands for the time it was last
/// used.
final class ProgramDirectory {
    private static final String SUFFIX = ".program";

    // As AtomicFile names what it has not moved yet; a process that was killed leaves such files.
    private static final String UNFINISHED = ".stillpoint-*.tmp";
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path directory;
    private final long limitBytes;

    /// A directory that need not exist yet.
    ///
    /// @param limitBytes how many bytes its files may have together
    ProgramDirectory(Path directory, long limitBytes) {
        this.directory = directory.toAbsolutePath();
        this.limitBytes = limitBytes;
    }

    /// The directory.
    Path path() {
        return directory;
    }

    /// The file of a program.
    Path file(ProgramKey key) {
        return directory.resolve(key + SUFFIX);
    }

    /// The binary of a program, or none.
    ///
    /// @throws StaleProgramException when there is a file that does not hold it whole
    /// @throws IOException when the file cannot be read
    Optional<byte[]> read(ProgramKey key) throws IOException {
        Path file = file(key);
        try {
            long size = Files.size(file);
            if (size > limitBytes) {
                throw new StaleProgramException(
                        "has %d bytes, more than the %d of a whole cache".formatted(size, limitBytes));
            }
            return Optional.of(ProgramFile.decode(key, Files.readAllBytes(file)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// Notes that a program is used now.
    ///
    /// @throws IOException when that cannot be noted
    void touch(ProgramKey key) throws IOException {
        try {
            Files.setLastModifiedTime(file(key), FileTime.from(Instant.now()));
        } catch (NoSuchFileException _) {
            // Another process made room meanwhile: there is nothing left to note it on.
        }
    }

    /// Keeps the binary of a program, in place of what is there, and deletes the programs that were used least
    /// recently until the rest is within the limit.
    ///
    /// @throws IOException when the file cannot be written, a file cannot be deleted, or the binary alone is
    ///     beyond the limit
    void write(ProgramKey key, byte[] binary) throws IOException {
        byte[] content = ProgramFile.encode(key, binary);
        if (content.length > limitBytes) {
            throw new IOException(
                    "the program has %d bytes, the whole cache may have %d".formatted(content.length, limitBytes));
        }
        Files.createDirectories(directory, ownerOnly());
        Path file = file(key);
        try (AtomicFile unfinished = AtomicFile.create(file)) {
            unfinished.write(ByteBuffer.wrap(content));
            unfinished.commit();
        }
        trim(file);
    }

    /// What is loaded from the directory runs on the device: where the system can say so, nobody else may write
    /// it.
    private FileAttribute<?>[] ownerOnly() {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        };
    }

    private void trim(Path kept) throws IOException {
        List<Entry> programs = entries("*" + SUFFIX);
        programs.sort(Comparator.comparing(Entry::used).thenComparing(Entry::file));
        long total = programs.stream().mapToLong(Entry::bytes).sum();
        for (Entry program : programs) {
            if (total <= limitBytes) {
                break;
            }
            if (!program.file().equals(kept)) {
                Files.deleteIfExists(program.file());
                total -= program.bytes();
            }
        }
        Instant abandoned = Instant.now().minus(ABANDONED);
        for (Entry unfinished : entries(UNFINISHED)) {
            if (unfinished.used().toInstant().isBefore(abandoned)) {
                Files.deleteIfExists(unfinished.file());
            }
        }
    }

    private record Entry(Path file, long bytes, FileTime used) {}

    private List<Entry> entries(String pattern) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
            for (Path file : files) {
                try {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    if (attributes.isRegularFile()) {
                        entries.add(new Entry(file, attributes.size(), attributes.lastModifiedTime()));
                    }
                } catch (NoSuchFileException _) {
                    // Another process deleted it meanwhile.
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }
}
