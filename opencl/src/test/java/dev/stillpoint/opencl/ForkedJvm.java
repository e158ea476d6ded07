package dev.stillpoint.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a class of the test's class path in a JVM of its own: what a process loads first, and what its
/// environment says, cannot be tried twice in one.
public record ForkedJvm(int exitCode, String out, String err) {
    /// Runs `main` until its end.
    ///
    /// @param directory where its output is kept meanwhile; of two that run at once, each has its own
    /// @param environment variables to add
    /// @param options options of the JVM, system properties among them
    public static ForkedJvm run(Path directory, Map<String, String> environment, List<String> options, Class<?> main)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("still running after two minutes: " + command);
        }
        return new ForkedJvm(process.exitValue(), read(out), read(err));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
