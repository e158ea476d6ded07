package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What oclgrind says of the module's kernels, and that it finds faults.
class OclgrindTest {
    @TempDir
    private Path temporary;

    @TestFactory
    Stream<DynamicTest> findsNothingInTheKernels() {
        return Exercise.KERNELS.stream()
                .map(exercise -> DynamicTest.dynamicTest(exercise.name(), () -> {
                    Path directory = Files.createTempDirectory(temporary, "run");
                    assertEquals("", Oclgrind.log(directory, List.of(exercise)));
                }));
    }

    @Test
    void findsFaults() throws Exception {
        Map<String, String> faults = Map.of(
                "planted_race", "Read-write data race at local memory address",
                "planted_global_race", "Write-write data race at global memory address",
                "planted_uninitialized", "Uninitialized value written to global memory address",
                "planted_divergence", "Work-group divergence detected \\(barrier\\)",
                "planted_overrun", "Invalid read of size 4 at global memory address");
        assertEquals(Exercise.PLANTED.size(), faults.size());
        String log = Oclgrind.log(temporary, Exercise.PLANTED);
        faults.forEach((kernel, fault) -> assertTrue(
                Pattern.compile(fault + ".*\\R\\s*Kernel:\\s*" + kernel + "\\R")
                        .matcher(log)
                        .find(),
                kernel + " in " + log));
    }
}
