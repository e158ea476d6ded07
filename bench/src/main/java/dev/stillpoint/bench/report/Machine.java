package dev.stillpoint.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Where and when figures were measured: the stamp without which they say nothing.
///
/// @param date the time, in UTC
/// @param processor the processor, as its maker calls it
/// @param processors processors that the JVM may use
/// @param system operating system, its version, and architecture
/// @param jvm the virtual machine and its version
/// @param flags arguments of the JVMs that measured
/// @param commit the commit of the working directory, with `-dirty` where something differs from it, or why it is not
///     known
/// @param loadAverage runnable threads of the last minute, or a negative number where the system does not tell
public record Machine(
        Instant date,
        String processor,
        int processors,
        String system,
        String jvm,
        List<String> flags,
        String commit,
        double loadAverage) {
    /// The share of the processors that others may use before figures are doubtful.
    private static final double BUSY = 0.25;

    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /// Copies the flags.
    public Machine {
        flags = List.copyOf(flags);
    }

    /// This machine, now.
    ///
    /// @param flags arguments of the JVMs that will measure
    /// @throws InterruptedException when the thread is interrupted while it asks for the commit
    public static Machine inspect(List<String> flags) throws InterruptedException {
        String architecture = System.getProperty("os.arch");
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                findProcessor().orElse("unknown processor, " + architecture),
                Runtime.getRuntime().availableProcessors(),
                "%s %s %s".formatted(System.getProperty("os.name"), System.getProperty("os.version"), architecture),
                "%s %s (%s)"
                        .formatted(
                                System.getProperty("java.vm.name"),
                                System.getProperty("java.vm.version"),
                                System.getProperty("java.vm.vendor")),
                flags,
                findCommit(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /// Why figures measured now would be doubtful, if so.
    public Optional<String> warning() {
        return loadAverage > BUSY * processors
                ? Optional.of("the machine is busy: load average %.1f on %d processors; figures will be too low"
                        .formatted(loadAverage, processors))
                : Optional.empty();
    }

    /// The processor's name in the text of `/proc/cpuinfo`.
    static Optional<String> modelName(String cpuinfo) {
        return cpuinfo.lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    private static Optional<String> findProcessor() {
        if (!Files.isReadable(CPUINFO)) {
            return Optional.empty();
        }
        try {
            return modelName(Files.readString(CPUINFO));
        } catch (IOException unreadable) {
            return Optional.of("unknown processor (" + unreadable + ")");
        }
    }

    private static String findCommit() throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12");
        builder.redirectErrorStream(true);
        try {
            Process git = builder.start();
            git.getOutputStream().close();
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0
                    ? answer
                    : "unknown (" + answer.lines().findFirst().orElse("git failed") + ")";
        } catch (IOException absent) {
            return "unknown (" + absent.getMessage() + ")";
        }
    }
}
