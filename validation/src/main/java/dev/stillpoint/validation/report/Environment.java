package dev.stillpoint.validation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// On what a report was made: machine, operating system, Java, version, time. Figures without it mean nothing.
///
/// @param entries what is known, in the order in which it is shown
public record Environment(List<Entry> entries) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String MODEL_NAME = "model name";

    /// Something known about the environment.
    ///
    /// @param name what it is, such as `Machine`
    /// @param value its value
    public record Entry(String name, String value) {}

    /// Copies the list.
    public Environment {
        entries = List.copyOf(entries);
    }

    /// The environment of this process, now.
    public static Environment current() {
        Runtime runtime = Runtime.getRuntime();
        return new Environment(List.of(
                new Entry("Machine", "%s, %d processors".formatted(processor(CPU_INFO), runtime.availableProcessors())),
                new Entry("Operating system", System.getProperty("os.name") + " " + System.getProperty("os.version")),
                new Entry(
                        "Java",
                        "%s %s, at most %d MiB of heap"
                                .formatted(
                                        System.getProperty("java.vm.name"),
                                        System.getProperty("java.vm.version"),
                                        runtime.maxMemory() >> 20)),
                new Entry("Stillpoint", version()),
                new Entry("Made", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())));
    }

    /// This environment with one entry more, such as a device or a command line.
    public Environment with(String name, String value) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(new Entry(name, value));
        return new Environment(more);
    }

    /// The processor's name, as Linux tells it where it does; the architecture elsewhere.
    static String processor(Path cpuInfo) {
        String architecture = System.getProperty("os.arch");
        if (!Files.isReadable(cpuInfo)) {
            return architecture;
        }
        try (Stream<String> lines = Files.lines(cpuInfo)) {
            return lines.filter(line -> line.startsWith(MODEL_NAME) && line.contains(":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .map(name -> name + " (" + architecture + ")")
                    .orElse(architecture);
        } catch (IOException unreadable) {
            return architecture + " (" + unreadable.getMessage() + ")";
        }
    }

    private static String version() {
        try (InputStream resource = Environment.class.getResourceAsStream("version.txt")) {
            return new String(Objects.requireNonNull(resource, "version.txt").readAllBytes(), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the resource version.txt cannot be read", unreadable);
        }
    }
}
