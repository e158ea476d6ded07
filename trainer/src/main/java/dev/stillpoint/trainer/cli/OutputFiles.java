package dev.stillpoint.trainer.cli;

import dev.stillpoint.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The output files of a command: all of them appear, or none. They are begun before the work, so that a target that
/// cannot be written is known at once.
final class OutputFiles implements AutoCloseable {
    private final List<AtomicFile> files = new ArrayList<>();

    OutputFiles() {}

    AtomicFile create(Path target) throws IOException {
        AtomicFile file = AtomicFile.create(target);
        files.add(file);
        return file;
    }

    void commit() throws IOException {
        AtomicFile.commitAll(files.toArray(AtomicFile[]::new));
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (AtomicFile file : files) {
            try {
                file.close();
            } catch (IOException thrown) {
                failure = thrown;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
