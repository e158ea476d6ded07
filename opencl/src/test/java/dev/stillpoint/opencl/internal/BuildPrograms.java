package dev.stillpoint.opencl.internal;

import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.nio.file.Path;

/// A program that asks a cache for the same programs as another process does at the same time. It prints how many
/// were hits, misses and stale.
public final class BuildPrograms {
    static final String DIRECTORY = "stillpoint.test.directory";
    static final int PROGRAMS = 6;

    private BuildPrograms() {}

    /// The program.
    public static void main(String[] arguments) {
        ClCalls calls = new ClCalls();
        Described device = OpenClHere.requireUsable(calls);
        ProgramCache cache = ProgramCache.in(Path.of(System.getProperty(DIRECTORY)));
        for (int value = 0; value < PROGRAMS; value++) {
            CachedProgram built = FillProgram.build(cache, calls, device, value);
            if (!built.notes().isEmpty()) {
                throw new AssertionError(built.notes().toString());
            }
        }
        if (calls.openHandles() != 0) {
            throw new AssertionError(calls.openHandles() + " handles are open");
        }
        System.out.printf(
                "%d %d %d%n", cache.count(CacheUse.HIT), cache.count(CacheUse.MISS), cache.count(CacheUse.STALE));
    }
}
