package dev.stillpoint.opencl.internal;

import dev.stillpoint.opencl.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The simulator oclgrind, which finds data races, accesses out of bounds, uses of values that nobody wrote, and
/// wrong calls.
///
/// Its library takes the place of the OpenCL loader in a JVM of its own. It reports by its log alone: neither the
/// calls nor the exit code tell of a fault. The log goes to the standard error: a file, which OCLGRIND_LOG could
/// name, is written anew for each context, and keeps what was found in the last one alone.
final class Oclgrind {
    private static final String VARIABLE = "STILLPOINT_OCLGRIND";
    private static final List<String> PLACES =
            List.of("/usr/lib/oclgrind", "/usr/lib/x86_64-linux-gnu/oclgrind", "/usr/lib/aarch64-linux-gnu/oclgrind");

    // The library beside it, liboclgrind-rt-icd.so, is for loaders and has no OpenCL functions by name.
    private static final String LIBRARY = "liboclgrind-rt.so";

    // The JVM's own, where kernels are compared with the CPU engine.
    private static final String INCUBATOR_WARNING = "^WARNING: Using incubator modules: jdk.incubator.vector\\R";

    private Oclgrind() {}

    /// The library: what the environment variable STILLPOINT_OCLGRIND names, or that of the system. Without one
    /// the test is skipped.
    static Path require() {
        String named = System.getenv(VARIABLE);
        Stream<Path> places = named == null
                ? PLACES.stream().map(place -> Path.of(place, LIBRARY))
                : Stream.of(Path.of(named).toAbsolutePath());
        Optional<Path> library = places.filter(Files::isRegularFile).findFirst();
        return library.orElseGet(() -> Assumptions.abort("skipped, there is no oclgrind here: no "
                + (named == null ? LIBRARY + " in " + String.join(", ", PLACES) : named)));
    }

    /// Runs exercises, one after the other in one process.
    ///
    /// @param directory for files of the run
    /// @return the log, empty when oclgrind finds nothing
    static String log(Path directory, List<Exercise> exercises) throws IOException, InterruptedException {
        Path library = require();
        String names = exercises.stream().map(Exercise::name).collect(Collectors.joining(","));
        ForkedJvm jvm = ForkedJvm.run(
                directory,
                Map.of(
                        "OCLGRIND_DATA_RACES", "1",
                        "OCLGRIND_UNINITIALIZED", "1",
                        "OCLGRIND_CHECK_API", "1",
                        // What the optimiser makes of remainders, it cannot follow where it looks for such values.
                        "OCLGRIND_BUILD_OPTIONS", "-cl-opt-disable"),
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Dorg.lwjgl.opencl.libname=" + library,
                        "-D" + RunExercise.NAMES + "=" + names),
                RunExercise.class);
        if (jvm.exitCode() != 0 || !jvm.out().strip().equals("Oclgrind")) {
            throw new AssertionError(names + " did not run to its end under oclgrind: " + jvm);
        }
        return jvm.err().replaceFirst(INCUBATOR_WARNING, "");
    }
}
