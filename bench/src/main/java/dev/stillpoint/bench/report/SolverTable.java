package dev.stillpoint.bench.report;

import dev.stillpoint.bench.solve.Contender;
import dev.stillpoint.bench.solve.SolverComparison;
import dev.stillpoint.bench.solve.SolverComparison.Row;
import dev.stillpoint.bench.solve.SolverProblem;
import dev.stillpoint.bench.solve.SolverRun;
import dev.stillpoint.solver.Status;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The comparison of solvers as a page of Markdown: the stamp, iterations, times and residuals with a row a
/// problem and a column a solver, and what the problems are.
public final class SolverTable {
    private SolverTable() {}

    /// Writes the page to a file, which appears whole or not at all.
    ///
    /// @throws IOException when it cannot be written
    public static void write(Path file, String page) throws IOException {
        WholeFile.write(file, stream -> stream.write(page.getBytes(StandardCharsets.UTF_8)));
    }

    /// The page.
    ///
    /// @param engine the engine, in words
    /// @param command the command that makes the page
    /// @param rows at least one, all of the same contenders, [Contender#AUTO] last
    public static String format(Machine machine, String engine, String command, List<Row> rows) {
        List<String> contenders =
                rows.getFirst().runs().stream().map(SolverRun::contender).toList();
        StringBuilder text = new StringBuilder();
        text.append("# Solvers compared\n\nMade by\n\n    ").append(command).append("\n\n");
        text.append("- machine: %s, %d processors, %s\n"
                .formatted(machine.processor(), machine.processors(), machine.system()));
        text.append("- jvm: %s, `%s`\n".formatted(machine.jvm(), String.join(" ", machine.flags())));
        text.append("- commit: %s\n- date: %s\n- engine: %s, one thread\n"
                .formatted(machine.commit(), machine.date(), engine));
        text.append("""

                Every sample stops where `|f(x) - x|_2 <= %s (1 + |f(x)|_2)`, or after %d iterations. The solvers are those of
                `--solver`, with the parameters that the command line chooses where none is given; behind a colon is a
                relaxation or a history. Refused problems are `-`. `MAX_ITERATIONS 3` says that 3 of the samples ended so.
                """.formatted(SolverComparison.STOPPING.relative(), SolverComparison.STOPPING.maxIterations()));
        text.append("\n## Iterations\n\nThe mean over the samples / the largest.\n\n");
        grid(text, contenders, rows, SolverTable::iterations);
        text.append("""

                ## Time

                Microseconds a sample, of whole batches by a plan in use; the medians of interleaved repetitions in one run,
                where all samples converged, the least in bold. The last column is the time of `auto` over the least of
                the others. Differences below a fifth say nothing.

                """);
        times(text, contenders, rows);
        text.append("\n## Residual\n\nThe largest `|f(x) - x|_2 / (1 + |x|_2)` of the states returned.\n\n");
        grid(text, contenders, rows, SolverTable::residual);
        text.append("""

                ## Problems

                `lambda` bounds `lambda_PF(N(A, gamma))` from above, below 1 of a contraction; `m` is the monotone margin of
                `I - A`, `L` its 2-norm. The other two columns tell whether the problem is proved to be well-posed, and what
                `auto` takes for the batch.

                """);
        problems(text, rows);
        return text.toString();
    }

    private static void grid(
            StringBuilder text, List<String> contenders, List<Row> rows, Function<SolverRun, String> cell) {
        line(text, "problem", contenders);
        rule(text, contenders.size());
        for (Row row : rows) {
            line(text, row.problem().name(), row.runs().stream().map(cell).toList());
        }
    }

    private static void times(StringBuilder text, List<String> contenders, List<Row> rows) {
        List<String> headings = new ArrayList<>(contenders);
        headings.add(Contender.AUTO + " / best");
        line(text, "problem", headings);
        rule(text, headings.size());
        for (Row row : rows) {
            double least = row.runs().stream()
                    .map(SolverRun::nanos)
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(Double.NaN);
            List<String> cells = new ArrayList<>();
            for (SolverRun run : row.runs()) {
                Double nanos = run.nanos();
                String cell = nanos != null ? figure(nanos / 1000) : run.isRefused() ? "-" : "";
                cells.add(nanos != null && nanos == least ? "**" + cell + "**" : cell);
            }
            cells.add(ratio(row));
            line(text, row.problem().name(), cells);
        }
    }

    /// The time of `auto` over the least of the others.
    private static String ratio(Row row) {
        Double auto = row.runs().getLast().nanos();
        double best = row.runs().stream()
                .limit(row.runs().size() - 1L)
                .map(SolverRun::nanos)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(Double.NaN);
        return auto == null || Double.isNaN(best) ? "-" : String.format(Locale.ROOT, "%.2f", auto / best);
    }

    private static void problems(StringBuilder text, List<Row> rows) {
        line(
                text,
                "problem",
                List.of("n", "samples", "precision", "lambda", "m", "L", "well-posed", Contender.AUTO, "what it is"));
        rule(text, 9);
        for (Row row : rows) {
            SolverProblem problem = row.problem();
            WellPosednessReport report = row.report();
            line(
                    text,
                    problem.name(),
                    List.of(
                            Integer.toString(problem.states()),
                            Integer.toString(problem.inputs().rows()),
                            problem.precision().label(),
                            figure(report.lambdaPf().upper()),
                            figure(report.monotoneMargin().lower()),
                            figure(report.lipschitz().upper()),
                            report.verdict().label(),
                            '`' + row.runs().getLast().chosen() + '`',
                            problem.description()));
        }
    }

    private static String iterations(SolverRun run) {
        return run.isConverged()
                ? String.format(Locale.ROOT, "%.1f / %d", run.meanIterations(), run.mostIterations())
                : failure(run);
    }

    private static String residual(SolverRun run) {
        return run.isRefused() ? "-" : String.format(Locale.ROOT, "%.1e", run.residual());
    }

    private static String failure(SolverRun run) {
        return run.isRefused()
                ? "-"
                : run.statuses().entrySet().stream()
                        .filter(entry -> entry.getKey() != Status.CONVERGED)
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    /// Three significant digits, without an exponent where that is readable.
    static String figure(double value) {
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        if (!(size >= 1e-4 && size < 1e6)) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        int digits = Math.max(0, 2 - (int) Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static void line(StringBuilder text, String first, List<String> cells) {
        text.append("| ").append(first);
        cells.forEach(cell -> text.append(" | ").append(cell.replace("|", "\\|")));
        text.append(" |\n");
    }

    private static void rule(StringBuilder text, int cells) {
        text.append("| --- ").append("| --- ".repeat(cells)).append("|\n");
    }
}
