package dev.stillpoint.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that a test started, with what it wrote.
record RunningProgram(Process process, Path out, Path err) {
    private static final long PATIENCE_SECONDS = 120;

    /// Starts a command in `folder`.
    static RunningProgram start(Path folder, List<String> command) throws IOException {
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new RunningProgram(process, out, err);
    }

    /// Starts the packaged program in `folder`.
    static RunningProgram stillpoint(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("stillpoint.distribution") + "/bin/stillpoint");
        command.addAll(List.of(arguments));
        return start(folder, command);
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the program did not end");
        }
        return process.exitValue();
    }

    String output() throws IOException, InterruptedException {
        exitCode();
        return Files.readString(out);
    }

    String errors() throws IOException, InterruptedException {
        exitCode();
        return Files.readString(err);
    }
}
