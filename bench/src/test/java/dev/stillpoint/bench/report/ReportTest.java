package dev.stillpoint.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private static final Machine MACHINE = machine(0.25, 2);

    private static final List<Measurement> MEASUREMENTS = List.of(
            new Measurement("fma-peak", null, null, Precision.F32, 2, "vectors", "12 chains", 204.5, 100, null, null),
            new Measurement(
                    "solve", 64, 256, Precision.F64, 1, "stillpoint cpu", "picard", 51.125, 25, 0.5, Double.NaN));

    private static Machine machine(double load, int processors) {
        return new Machine(
                Instant.parse("2026-02-03T04:05:06Z"),
                "Some \"CPU\"",
                processors,
                "Linux 6 amd64",
                "A VM 25",
                List.of("-Xmx1g", "-XX:+Some"),
                "0123456789ab-dirty",
                load);
    }

    @Test
    void jsonHoldsTheStampAndEveryRecord(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("report.json");
        Files.writeString(file, "what was there before");
        JsonReport.write(file, MACHINE, MEASUREMENTS);
        String expected = """
                {"machine":{"date":"2026-02-03T04:05:06Z","processor":"Some\\"CPU\\"","processors":2,\
                "system":"Linux6amd64","jvm":"AVM25","flags":["-Xmx1g","-XX:+Some"],\
                "commit":"0123456789ab-dirty","load_average":0.25},"records":[\
                {"benchmark":"fma-peak","n":null,"m":null,"precision":"f32","threads":2,"engine":"vectors",\
                "configuration":"12chains","gflops":204.5,"percent_of_peak":100.0,"seconds":null,"ratio":null},\
                {"benchmark":"solve","n":64,"m":256,"precision":"f64","threads":1,"engine":"stillpointcpu",\
                "configuration":"picard","gflops":51.125,"percent_of_peak":25.0,"seconds":0.5,"ratio":null}]}""";
        assertEquals(expected, Files.readString(file).replaceAll("\\s", ""));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aReportThatCannotBeWrittenLeavesNothing(@TempDir Path directory) throws IOException {
        Path occupied = directory.resolve("report.json");
        Files.createDirectories(occupied.resolve("inside"));
        assertThrows(IOException.class, () -> JsonReport.write(occupied, MACHINE, MEASUREMENTS));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(occupied), files.toList());
        }
    }

    @Test
    void theTableHasAStampAHeadingAndALineEach() {
        List<String> lines = TableReport.format(MACHINE, MEASUREMENTS).lines().toList();
        assertEquals(
                List.of(
                        "# machine  Some \"CPU\", 2 processors, Linux 6 amd64",
                        "# jvm      A VM 25",
                        "# flags    -Xmx1g -XX:+Some",
                        "# commit   0123456789ab-dirty",
                        "# date     2026-02-03T04:05:06Z",
                        "# fma-peak vectors, such as 12 chains",
                        "# solve    stillpoint cpu, such as picard",
                        "benchmark       n      m precision threads    gflops percent_of_peak",
                        "fma-peak        -      - f32             2    204.50           100.0",
                        "solve          64    256 f64             1     51.13            25.0"),
                lines);
    }

    @Test
    void theProcessorIsTheFirstModelName() {
        assertEquals(
                Optional.of("One: 2 GHz"),
                Machine.modelName("processor\t: 0\nmodel name\t: One: 2 GHz\nmodel name\t: Two\n"));
        assertEquals(Optional.empty(), Machine.modelName("CPU part\t: 0xd40\nmodel name\t:\n"));
    }

    @Test
    void aBusyMachineIsNamed() {
        assertFalse(machine(0.5, 2).warning().isPresent());
        assertTrue(machine(0.51, 2).warning().isPresent());
        assertFalse(machine(0.51, 16).warning().isPresent());
        assertFalse(machine(-1, 2).warning().isPresent(), "where the system does not tell");
    }

    @Test
    void settingsRefuseWhatCannotBeMeasured() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new RunSettings(
                        List.of(32, 0), List.of(1), List.of(Precision.F32), List.of(1), 1, 1, "", 1, List.of(), false));
        assertEquals("n is 0, expected at least 1", refused.getMessage());
    }
}
