package dev.stillpoint.io;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file that appears whole or not at all.
///
/// What is written goes to a temporary file in the target's directory. [#commit()] forces it to the disk and moves it
/// to the target in one step, over the file that is there if one is; until then the target stays as it was.
/// [#close()] without a commit deletes the temporary, so that a failure leaves nothing behind:
///
///     try (AtomicFile file = AtomicFile.create(target)) {
///         file.writeText(report);
///         file.commit();
///     }
///
/// [#commitAll] does so for several files. A target that is a symbolic link is followed. For one thread at a time.
public final class AtomicFile implements Closeable {
    private final Path target;
    private final Path destination;
    private final Path temporary;
    private final FileChannel channel;
    private final List<MemorySegment> mappings = new ArrayList<>();
    private boolean committed;

    private AtomicFile(Path target, Path destination, Path temporary, FileChannel channel) {
        this.target = target;
        this.destination = destination;
        this.temporary = temporary;
        this.channel = channel;
    }

    /// Begins to write `target`.
    ///
    /// @throws IOException when its directory does not exist or cannot be written, or it exists and is no regular
    ///     file
    public static AtomicFile create(Path target) throws IOException {
        try {
            Path destination = destination(target);
            Path temporary = destination.resolveSibling(".stillpoint-" + UUID.randomUUID() + ".tmp");
            FileChannel channel = FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new AtomicFile(target, destination, temporary, channel);
        } catch (NoSuchFileException e) {
            throw because(target, "its directory does not exist", e);
        } catch (IOException e) {
            throw notWritten(target, e);
        }
    }

    /// Writes all of `text` as UTF-8 to `target`, or nothing.
    public static void writeText(Path target, String text) throws IOException {
        try (AtomicFile file = create(target)) {
            file.writeText(text);
            file.commit();
        }
    }

    /// The file that will appear, as the caller named it.
    public Path target() {
        return target;
    }

    /// Where the bytes are until the commit.
    Path temporary() {
        return temporary;
    }

    /// How many bytes were written so far.
    long position() throws IOException {
        return channel.position();
    }

    /// Writes the remaining bytes of `bytes` behind what was written so far.
    public void write(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw notWritten(target, e);
        }
    }

    /// Writes the remaining bytes of `bytes` over what lies at byte `position`.
    public void write(ByteBuffer bytes, long position) throws IOException {
        try {
            for (long at = position; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw notWritten(target, e);
        }
    }

    /// Writes `text` as UTF-8 behind what was written so far.
    public void writeText(String text) throws IOException {
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Maps `size` bytes, at first zero, behind what was written so far, for writing, as long as `arena` lives.
    ///
    /// What was written to the mapping before [#commit()] is part of the file. The bytes take room on the disk when
    /// they are written: where another process takes that room away meanwhile, the access fails with
    /// [InternalError].
    ///
    /// @throws IOException when the disk has no room for them
    public MemorySegment map(long size, Arena arena) throws IOException {
        try {
            long position = channel.position();
            long room = Files.getFileStore(temporary).getUsableSpace();
            if (size > room) {
                throw new IOException("it takes %d bytes, the disk has room for %d".formatted(size, room));
            }
            MemorySegment mapping = channel.map(FileChannel.MapMode.READ_WRITE, position, size, arena);
            mappings.add(mapping);
            channel.position(position + size);
            return mapping;
        } catch (IOException e) {
            throw notWritten(target, e);
        }
    }

    /// Makes the file appear with all that was written.
    ///
    /// @throws IllegalStateException when it was committed or closed
    public void commit() throws IOException {
        commitAll(this);
    }

    /// Makes all files appear. They are forced to the disk first and then moved, one right after the other; when one
    /// cannot be moved, those moved before it are taken back and the files they replaced restored.
    ///
    /// @throws IOException when a file cannot be forced or moved, or two have the same target
    /// @throws IllegalStateException when one was committed or closed
    public static void commitAll(AtomicFile... files) throws IOException {
        Set<Path> destinations = new HashSet<>();
        for (AtomicFile file : files) {
            if (file.committed || !file.channel.isOpen()) {
                throw new IllegalStateException(file.target + " was committed or closed before");
            }
            if (!destinations.add(file.destination)) {
                throw because(file.target, "is the target of two outputs", null);
            }
        }
        for (AtomicFile file : files) {
            file.force();
        }
        List<Move> moves = new ArrayList<>();
        try {
            for (AtomicFile file : files) {
                Move move = new Move(file.temporary, file.destination);
                moves.add(move);
                move.run(files.length > 1);
            }
        } catch (IOException e) {
            IOException failure = notWritten(files[moves.size() - 1].target, e);
            for (Move move : moves.reversed()) {
                try {
                    move.undo();
                } catch (IOException again) {
                    failure.addSuppressed(again);
                }
            }
            throw failure;
        }
        for (AtomicFile file : files) {
            file.committed = true;
        }
        for (Move move : moves) {
            move.forgetReplaced();
        }
    }

    /// Deletes what was written, unless it was committed.
    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(temporary);
        }
    }

    private void force() throws IOException {
        try {
            for (MemorySegment mapping : mappings) {
                // One whose arena is closed was written back to the file's pages, which the channel forces.
                if (mapping.scope().isAlive()) {
                    mapping.force();
                }
            }
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw notWritten(target, e);
        }
    }

    /// Where the file will be, links resolved, so that a link stays one and equal targets are seen to be equal.
    private static Path destination(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        if (Files.exists(absolute)) {
            if (!Files.isRegularFile(absolute)) {
                throw new IOException("it exists and is not a regular file");
            }
            return absolute.toRealPath();
        }
        Path directory = absolute.getParent();
        return directory == null ? absolute : directory.toRealPath().resolve(absolute.getFileName());
    }

    private static IOException notWritten(Path target, IOException cause) {
        return because(target, "cannot be written: " + reason(cause), cause);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private static IOException because(Path target, String reason, @Nullable IOException cause) {
        FileSystemException failure = new FileSystemException(Origin.of(target).file(), null, reason);
        failure.initCause(cause);
        return failure;
    }

    /// The move of a temporary file to its destination, which can be undone.
    private static final class Move {
        private final Path temporary;
        private final Path destination;
        private boolean replaced;
        private boolean moved;

        Move(Path temporary, Path destination) {
            this.temporary = temporary;
            this.destination = destination;
        }

        void run(boolean undoable) throws IOException {
            if (undoable && Files.exists(destination)) {
                Files.move(destination, kept(), StandardCopyOption.ATOMIC_MOVE);
                replaced = true;
            }
            Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
        }

        void undo() throws IOException {
            if (replaced) {
                Files.move(kept(), destination, StandardCopyOption.ATOMIC_MOVE);
            } else if (moved) {
                Files.delete(destination);
            }
        }

        void forgetReplaced() throws IOException {
            if (replaced) {
                Files.delete(kept());
            }
        }

        private Path kept() {
            return temporary.resolveSibling(temporary.getFileName() + ".old");
        }
    }
}
