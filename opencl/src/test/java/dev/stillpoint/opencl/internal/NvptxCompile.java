package dev.stillpoint.opencl.internal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Compiles kernels for NVIDIA's processors with the clang of the machine, where no such processor is needed, and
/// looks for what is slow on them.
///
/// Clang is not the driver's compiler. But an array that clang must leave in memory, because its index is not
/// known when all loops are unrolled, the driver must leave there too. Registers that run out are decided later,
/// by the driver's assembler, and not seen here.
final class NvptxCompile {
    private static final String TARGET = "nvptx64";
    private static final Pattern VERSIONED = Pattern.compile("clang-(\\d+)(\\.exe)?");
    private static final Pattern LINE =
            Pattern.compile("\\.(?:entry|func)\\s+(?:\\([^)]*\\)\\s*)?([\\w$]+)|__local_depot\\d+\\[(\\d+)]");

    private NvptxCompile() {}

    /// Compiles a program, prelude and all.
    ///
    /// @param options as `clBuildProgram` takes them, with a space between two
    /// @return the functions that keep a frame in memory, each as `name: bytes`; none when all is in registers
    static List<String> check(String source, String options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(require(), "-x", "cl"));
        command.addAll(List.of(options.split(" ", -1)));
        command.addAll(List.of(
                "-Xclang",
                "-finclude-default-header",
                "-target",
                TARGET + "-nvidia-nvcl",
                "-O3",
                "-S",
                "-o",
                "-",
                "-"));
        Output output = run(command, source);
        if (output.exitCode() != 0) {
            throw new AssertionError("%s failed:%n%s".formatted(String.join(" ", command), output.err()));
        }
        return frames(output.out());
    }

    /// The frames in the text of PTX.
    static List<String> frames(String ptx) {
        List<String> frames = new ArrayList<>();
        String function = "";
        Matcher matcher = LINE.matcher(ptx);
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                function = matcher.group(1);
            } else {
                frames.add(function + ": " + matcher.group(2));
            }
        }
        return frames;
    }

    /// A clang on the path that knows the target: the one without a version in its name, else the newest. Without
    /// one the test is skipped.
    static String require() throws IOException, InterruptedException {
        for (Path candidate : candidates()) {
            Output targets = run(List.of(candidate.toString(), "--print-targets"), "");
            if (targets.exitCode() == 0 && targets.out().contains(TARGET)) {
                return candidate.toString();
            }
        }
        return Assumptions.abort("skipped, there is no clang for " + TARGET + " on the path");
    }

    private static List<Path> candidates() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String place :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1)) {
            if (!place.isEmpty() && Files.isDirectory(Path.of(place))) {
                try (Stream<Path> files = Files.list(Path.of(place))) {
                    files.filter(file -> version(file) > 0 && Files.isExecutable(file))
                            .forEach(found::add);
                }
            }
        }
        found.sort(Comparator.comparingInt(NvptxCompile::version).reversed());
        return found;
    }

    /// The version in the name of a clang; the highest for one without, and 0 for what is no clang.
    private static int version(Path file) {
        String name = file.getFileName().toString();
        if (name.equals("clang") || name.equals("clang.exe")) {
            return Integer.MAX_VALUE;
        }
        Matcher matcher = VERSIONED.matcher(name);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private record Output(int exitCode, String out, String err) {}

    private static Output run(List<String> command, String input) throws IOException, InterruptedException {
        Path in = Files.createTempFile("clang", ".cl");
        Path out = Files.createTempFile("clang", ".ptx");
        Path err = Files.createTempFile("clang", ".err");
        try {
            Files.writeString(in, input);
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("still running after two minutes: " + command);
            }
            return new Output(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            for (Path file : List.of(in, out, err)) {
                Files.delete(file);
            }
        }
    }
}
