package dev.stillpoint.opencl.internal;

import java.util.List;

/// A built program, and how it came about. Closing it releases the program.
///
/// @param program the program, built for the device it was asked for
/// @param use what the cache did
/// @param notes what went wrong with the cache, one line each, for the user; empty when all is well. The program
///     is as good as any other whatever they say
public record CachedProgram(ClHandle program, CacheUse use, List<String> notes) implements AutoCloseable {
    /// Keeps a copy of the notes.
    public CachedProgram {
        notes = List.copyOf(notes);
    }

    @Override
    public void close() {
        program.close();
    }
}
