package dev.stillpoint.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
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

    private static final Work ONE = new Work(Precision.F64, 1);

    private static final List<Measurement> MEASUREMENTS = List.of(
            Measurement.of("fma-peak", new Work(Precision.F32, 2), "vectors", "12 chains")
                    .withSpeed(204.5, null)
                    .inPercentOf(204.5),
            Measurement.of("read", ONE, "vectors", "a sum")
                    .withProblem(64, null, null)
                    .withBandwidth(80, 80),
            Measurement.of("solve", ONE, "stillpoint cpu", "picard")
                    .withProblem(64, 256, "tanh")
                    .withSpeed(51.125, 0.5)
                    .withUndisturbed(0.25, 102.25)
                    .withBandwidth(20, 80)
                    .inPercentOf(204.5)
                    .withRatio(0.75),
            Measurement.of("certify", ONE, "stillpoint cpu", "picard")
                    .withProblem(64, 16, "relu")
                    .withCertificate(new CertifyRounds(0.25, 1.125, 2.5, 70.5, 0.0625)));

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
                {"benchmark":"fma-peak","n":null,"m":null,"precision":"f32","threads":2,"activation":null,\
                "engine":"vectors","configuration":"12chains","gflops":204.5,"percent_of_peak":100.0,\
                "gigabytes_per_second":null,"percent_of_read":null,"seconds":null,"undisturbed":null,"best_percent_of_peak":null,"ratio":null,\
                "iterations":null,"extra_iterations":null,"certificate_seconds":null},\
                {"benchmark":"read","n":64,"m":null,"precision":"f64","threads":1,"activation":null,\
                "engine":"vectors","configuration":"asum","gflops":null,"percent_of_peak":null,\
                "gigabytes_per_second":80.0,"percent_of_read":100.0,"seconds":null,"undisturbed":null,"best_percent_of_peak":null,"ratio":null,\
                "iterations":null,"extra_iterations":null,"certificate_seconds":null},\
                {"benchmark":"solve","n":64,"m":256,"precision":"f64","threads":1,"activation":"tanh",\
                "engine":"stillpointcpu","configuration":"picard","gflops":51.125,"percent_of_peak":25.0,\
                "gigabytes_per_second":20.0,"percent_of_read":25.0,"seconds":0.5,"undisturbed":25.0,"best_percent_of_peak":50.0,"ratio":0.75,\
                "iterations":null,"extra_iterations":null,"certificate_seconds":null},\
                {"benchmark":"certify","n":64,"m":16,"precision":"f64","threads":1,"activation":"relu",\
                "engine":"stillpointcpu","configuration":"picard","gflops":null,"percent_of_peak":null,\
                "gigabytes_per_second":null,"percent_of_read":null,"seconds":0.25,"undisturbed":null,"best_percent_of_peak":null,"ratio":1.125,\
                "iterations":70.5,"extra_iterations":2.5,"certificate_seconds":0.0625}]}""";
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
                        "# machine   Some \"CPU\", 2 processors, Linux 6 amd64",
                        "# jvm       A VM 25",
                        "# flags     -Xmx1g -XX:+Some",
                        "# commit    0123456789ab-dirty",
                        "# date      2026-02-03T04:05:06Z",
                        "# fma-peak  vectors, such as 12 chains",
                        "# read      vectors, such as a sum",
                        "# solve     stillpoint cpu, such as picard",
                        "# certify   stillpoint cpu, such as picard",
                        "benchmark      n     m precision threads activation   gflops percent_of_peak fastest undisturbed        ms  gbytes"
                                + " percent_of_read  ratio iterations  extra certificate",
                        "fma-peak       -     - f32             2 -            204.50           100.0       -           -         -       -"
                                + "               -      -          -      -           -",
                        "read          64     - f64             1 -                 -               -       -           -         -   80.00"
                                + "           100.0      -          -      -           -",
                        "solve         64   256 f64             1 tanh          51.13            25.0    50.0          25   500.000   20.00"
                                + "            25.0  0.750          -      -           -",
                        "certify       64    16 f64             1 relu              -               -       -           -   250.000       -"
                                + "               -  1.125       70.5   2.50       0.063"),
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

    /// A figure that is not a number is absent.
    @Test
    void whatIsNotFiniteIsNull(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("report.json");
        JsonReport.write(file, MACHINE, List.of(MEASUREMENTS.getLast().withRatio(Double.NaN)));
        assertTrue(Files.readString(file).replaceAll("\\s", "").contains("\"ratio\":null,\"iterations\":70.5"));
    }

    @Test
    void settingsRefuseWhatCannotBeMeasured() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new RunSettings(
                        List.of(Suite.SOLVE),
                        List.of(32, 0),
                        0,
                        List.of(1),
                        List.of(Activation.relu()),
                        List.of(Precision.F32),
                        List.of(1),
                        1,
                        1,
                        "",
                        1,
                        List.of(),
                        false));
        assertEquals("n is 0, expected at least 1", refused.getMessage());
    }
}
