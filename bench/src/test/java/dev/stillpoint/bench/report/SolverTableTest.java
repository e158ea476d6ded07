package dev.stillpoint.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.bench.solve.SolverComparison.Row;
import dev.stillpoint.bench.solve.SolverProblem;
import dev.stillpoint.bench.solve.SolverRun;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Status;
import dev.stillpoint.wellposed.WellPosedness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SolverTableTest {
    private static final Machine MACHINE = new Machine(
            Instant.parse("2026-02-03T04:05:06Z"),
            "Some CPU",
            2,
            "Linux 6 amd64",
            "A VM 25",
            List.of("-Xmx1g"),
            "0123456789ab",
            0.25);

    private static SolverRun run(String solver, @Nullable Double nanos, Map<Status, Integer> statuses) {
        return new SolverRun(solver, solver + "(1)", statuses, 12.34, 20, 9.96e-6, nanos);
    }

    /// `x = relu(x/2 - y/4 + u)`, `y = relu(x/4 + y/2)`: `lambda_PF = 3/4`, `m = 1/2`, `L = sqrt(5)/4`.
    private static Row row(String name, SolverRun... runs) {
        Matrix a = Matrix.ofRows(new double[] {0.5, -0.25}, new double[] {0.25, 0.5});
        Matrix b = Matrix.ofRows(new double[] {1}, new double[] {0});
        var equation = new FixedPointProblem(LinearOperator.dense(a), LinearOperator.dense(b), null, Activation.relu());
        var problem = new SolverProblem(name, "a | b", equation, Matrix.ofRows(new double[] {1}, new double[] {2}));
        return new Row(problem, WellPosedness.analyse(equation.a(), equation.activation()), List.of(runs));
    }

    private static List<String> lines(Row... rows) {
        return SolverTable.format(MACHINE, "the engine", "the command", List.of(rows))
                .lines()
                .toList();
    }

    @Test
    void theStampSaysWhereWhenAndHow() {
        List<String> lines = lines(row("easy", run("auto", 1e3, Map.of(Status.CONVERGED, 2))));
        assertEquals(
                List.of(
                        "# Solvers compared",
                        "",
                        "Made by",
                        "",
                        "    the command",
                        "",
                        "- machine: Some CPU, 2 processors, Linux 6 amd64",
                        "- jvm: A VM 25, `-Xmx1g`",
                        "- commit: 0123456789ab",
                        "- date: 2026-02-03T04:05:06Z",
                        "- engine: the engine, one thread",
                        "",
                        "Every sample stops where `|f(x) - x|_2 <= 1.0E-5 (1 + |f(x)|_2)`, or after 1000 iterations. The solvers are those of"),
                lines.subList(0, 13));
    }

    @Test
    void aRowIsAProblemAndAColumnASolver() {
        var failed =
                new EnumMap<Status, Integer>(Map.of(Status.CONVERGED, 3, Status.DIVERGED, 2, Status.MAX_ITERATIONS, 1));
        var all = Map.of(Status.CONVERGED, 6);
        List<String> lines = lines(
                row(
                        "easy",
                        run("one", 2500.0, all),
                        run("two", 1250.0, all),
                        run("three", null, failed),
                        run("four", null, Map.of()),
                        run("auto", 1500.0, all)),
                row(
                        "hard",
                        run("one", null, failed),
                        run("two", null, failed),
                        run("three", null, Map.of()),
                        run("four", null, failed),
                        run("auto", 2e6, all)));
        String bad = "MAX_ITERATIONS 1, DIVERGED 2";
        assertEquals(
                List.of(
                        "| problem | one | two | three | four | auto |",
                        "| --- | --- | --- | --- | --- | --- |",
                        "| easy | 12.3 / 20 | 12.3 / 20 | " + bad + " | - | 12.3 / 20 |",
                        "| hard | " + bad + " | " + bad + " | - | " + bad + " | 12.3 / 20 |"),
                table(lines, "## Iterations"));
        assertEquals(
                List.of(
                        "| problem | one | two | three | four | auto | auto / best |",
                        "| --- | --- | --- | --- | --- | --- | --- |",
                        "| easy | 2.50 | **1.25** |  | - | 1.50 | 1.20 |",
                        "| hard |  |  | - |  | **2000** | - |"),
                table(lines, "## Time"));
        assertEquals(
                List.of(
                        "| problem | one | two | three | four | auto |",
                        "| --- | --- | --- | --- | --- | --- |",
                        "| easy | 1.0e-05 | 1.0e-05 | 1.0e-05 | - | 1.0e-05 |",
                        "| hard | 1.0e-05 | 1.0e-05 | - | 1.0e-05 | 1.0e-05 |"),
                table(lines, "## Residual"));
        assertEquals(
                List.of(
                        "| problem | n | samples | precision | lambda | m | L | well-posed | auto | what it is |",
                        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
                        "| easy | 2 | 2 | f64 | 0.750 | 0.500 | 0.559 | true | `auto(1)` | a \\| b |",
                        "| hard | 2 | 2 | f64 | 0.750 | 0.500 | 0.559 | true | `auto(1)` | a \\| b |"),
                table(lines, "## Problems"));
    }

    private static List<String> table(List<String> lines, String heading) {
        int begin = lines.indexOf(heading);
        assertTrue(begin >= 0, heading);
        List<String> section = lines.subList(begin + 1, lines.size());
        return section.stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1.00",
        "0.9996, 1.000",
        "-12.34, -12.3",
        "123.4, 123",
        "99999.6, 100000",
        "1234567, 1.23e+06",
        "0.00123456, 0.00123",
        "0.0000123456, 1.23e-05",
        "Infinity, Infinity"
    })
    void figuresHaveThreeDigits(double value, String text) {
        assertEquals(text, SolverTable.figure(value));
    }

    @Test
    void thePageAppearsWholeOrNotAtAll(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("page.md");
        Files.writeString(file, "what was there before");
        SolverTable.write(file, "the page\n");
        assertEquals("the page\n", Files.readString(file));
        Path occupied = directory.resolve("occupied");
        Files.createDirectories(occupied.resolve("inside"));
        assertThrows(IOException.class, () -> SolverTable.write(occupied, "the page\n"));
        try (var files = Files.list(directory)) {
            assertEquals(2, files.count());
        }
    }
}
