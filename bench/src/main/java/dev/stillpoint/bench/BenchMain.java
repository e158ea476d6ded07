package dev.stillpoint.bench;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.bench.report.BenchmarkRun;
import dev.stillpoint.bench.report.JsonReport;
import dev.stillpoint.bench.report.Machine;
import dev.stillpoint.bench.report.Measurement;
import dev.stillpoint.bench.report.RunSettings;
import dev.stillpoint.bench.report.SolverTable;
import dev.stillpoint.bench.report.Suite;
import dev.stillpoint.bench.report.TableReport;
import dev.stillpoint.bench.solve.Contender;
import dev.stillpoint.bench.solve.SolverComparison;
import dev.stillpoint.bench.solve.SolverProblem;
import dev.stillpoint.bench.solve.SolverProblems;
import dev.stillpoint.matrix.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Measures the machine's peak and whole solves, and prints a table: about a minute by default.
///
///     mvn -q -Pbench -pl bench -am package -DskipTests -Dbench.args="--n 64,256 --threads 1,2 --json
///     report.json"
///
/// | options | say |
/// | --- | --- |
/// | `--n 256,2048 --activation relu,tanh` | what another activation costs, as a ratio to the first |
/// | `--n 256,512,1024 --m 1` | one sample, in per cent of what a thread can read |
/// | `--benchmark straggler --threads 1,2` | what a sample of a hundred times the iterations costs its batch |
/// | `--benchmark layers` | a feed-forward network given as one triangular matrix |
/// | `--benchmark projection --threads 1,2` | the projection onto a norm ball, in ms and per cent of what is read
/// |
/// | `--benchmark certify --precision f32` | what bounds of all errors cost beside a solve, in iterations |
/// | `--benchmark solvers --markdown bench/SOLVERS.md` | every solver on problems from easy to nearly singular |
/// | `--n 64,256,480 --forks 20` | whether the engine is fast in every JVM |
///
/// The table goes to standard output, progress and warnings to standard error. Exit codes: 0, measured; 1, a
/// benchmark failed, or one JVM of several stayed, after two seconds, at half the speed of the median or less; 2,
/// bad usage, in one line.
@Command(
        name = "bench",
        description = "Measures this machine's peak of fused multiply-adds and whole solves in per cent of it.",
        sortOptions = false)
public final class BenchMain implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    /// Turns of each solver on a problem.
    private static final int ROUNDS = 15;

    private static final List<String> SOLVERS_OPTIONS = List.of("--benchmark", "--device", "--markdown", "--help");

    private static final String SOLVERS_COMMAND = "mvn -q -Pbench -pl bench -am package -DskipTests"
            + " -Dbench.args=\"--benchmark solvers --markdown bench/SOLVERS.md\"";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--benchmark",
            split = ",",
            paramLabel = "B",
            description =
                    "solve, straggler, layers, projection, certify: what is timed beside the peak (default: solve);"
                            + " or solvers: all of them compared")
    private List<Suite> suites = List.of(Suite.SOLVE);

    @Option(
            names = "--n",
            split = ",",
            paramLabel = "N",
            description = "states, of layers the width (default: solve 32,64,128,256,512, straggler 256,"
                    + " layers 64,256,512, projection 4096, certify 128,256,512,1024)")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--p",
            paramLabel = "P",
            description = "values of an input, of certify; 0 for as many as states (default: 0)")
    private int inputs;

    @Option(
            names = "--m",
            split = ",",
            paramLabel = "M",
            description = "samples of a batch, of a projection rows (default: 256, straggler 4000, projection 4096,"
                    + " certify 2^28/n^2)")
    private List<Integer> batches = List.of();

    @Option(
            names = "--activation",
            split = ",",
            paramLabel = "PHI",
            description = "activations of solves, such as relu,tanh (default: relu)")
    private List<Activation> activations = List.of(Activation.relu());

    @Option(names = "--precision", split = ",", paramLabel = "P", description = "f32, f64 or both (default: f32,f64)")
    private List<Precision> precisions = List.of(Precision.F32, Precision.F64);

    @Option(names = "--threads", split = ",", paramLabel = "T", description = "threads of a solve (default: 1)")
    private List<Integer> threads = List.of(1);

    @Option(names = "--iterations", paramLabel = "K", description = "iterations of a sample (default: 20)")
    private int iterations = 20;

    @Option(
            names = "--check-interval",
            paramLabel = "C",
            description = "iterations from one residual to the next (default: 1)")
    private int checkInterval = 1;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "a device of the CPU backend, such as scalar (default: the one it prefers)")
    private String device = "";

    @Option(names = "--forks", paramLabel = "F", description = "JVMs for each solve (default: 1)")
    private int forks = 1;

    @Option(
            names = "--jvm",
            paramLabel = "ARGUMENT",
            description = "an argument of the JVMs that measure, as in --jvm=-XX:UseAVX=2; may be repeated")
    private List<String> jvmArguments = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "also write a JSON report")
    private @Nullable Path json;

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "with --benchmark solvers: also write the tables as Markdown")
    private @Nullable Path markdown;

    @Option(names = "--verbose", description = "show what JMH prints")
    private boolean verbose;

    private BenchMain() {}

    /// Runs the benchmarks and exits.
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /// The command, for tests.
    static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new BenchMain());
        spec.addOption(OptionSpec.builder("--help")
                .usageHelp(true)
                .description("show this help")
                .build());
        return new CommandLine(spec)
                .registerConverter(Precision.class, label -> converted(label, Precision::of))
                .registerConverter(Suite.class, label -> converted(label, Suite::of))
                .registerConverter(Activation.class, label -> converted(label, Activation::parse))
                .setParameterExceptionHandler((refused, _) -> {
                    refused.getCommandLine().getErr().println("bench: " + refused.getMessage());
                    return BAD_USAGE;
                });
    }

    private static <T> T converted(String label, Function<String, T> parser) {
        try {
            return parser.apply(label);
        } catch (IllegalArgumentException refused) {
            // The one exception whose message picocli passes on as it is.
            throw new TypeConversionException(refused.getMessage());
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (suites.equals(List.of(Suite.SOLVERS))) {
            return compareSolvers();
        }
        RunSettings settings = settings();
        if (markdown != null) {
            throw new ParameterException(spec.commandLine(), "--markdown belongs to --benchmark solvers");
        }
        checkReportFile("--json", json);
        PrintWriter err = spec.commandLine().getErr();
        Machine machine = Machine.inspect(BenchmarkRun.flags(settings));
        machine.warning().ifPresent(warning -> err.println("warning: " + warning));
        BenchmarkRun run = new BenchmarkRun(settings, err::println);
        List<Measurement> measurements;
        try {
            measurements = run.execute();
        } catch (RunnerException failed) {
            run.output().lines().forEach(err::println);
            err.println("bench: " + failed.getMessage());
            return FAILED;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(TableReport.format(machine, measurements));
        out.flush();
        if (json != null) {
            try {
                JsonReport.write(json, machine, measurements);
            } catch (IOException failed) {
                err.println("bench: cannot write " + json + ": " + failed);
                return FAILED;
            }
        }
        run.slow().forEach(line -> err.println("failed: " + line));
        return run.slow().isEmpty() ? 0 : FAILED;
    }

    private RunSettings settings() {
        try {
            return new RunSettings(
                    suites,
                    sizes,
                    inputs,
                    batches,
                    activations,
                    precisions,
                    threads,
                    iterations,
                    checkInterval,
                    device,
                    forks,
                    jvmArguments,
                    verbose);
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(spec.commandLine(), "--" + refused.getMessage(), refused);
        }
    }

    /// The comparison runs in this JVM, whose flags the stamp has.
    private int compareSolvers() throws InterruptedException {
        for (OptionSpec option : spec.options()) {
            String name = option.longestName();
            if (!SOLVERS_OPTIONS.contains(name)
                    && spec.commandLine().getParseResult().hasMatchedOption(name)) {
                throw new ParameterException(
                        spec.commandLine(), name + " does not go with --benchmark solvers, whose problems are given");
            }
        }
        checkReportFile("--markdown", markdown);
        Backend backend;
        try {
            backend = device.isEmpty() ? Backend.cpu() : Backend.open("cpu", device);
        } catch (BackendUnavailableException absent) {
            throw new ParameterException(spec.commandLine(), "--device " + device + ": " + absent.getMessage(), absent);
        }
        PrintWriter err = spec.commandLine().getErr();
        Machine machine = Machine.inspect(ManagementFactory.getRuntimeMXBean().getInputArguments());
        machine.warning().ifPresent(warning -> err.println("warning: " + warning));
        SolverComparison comparison = new SolverComparison(backend, ROUNDS);
        List<SolverComparison.Row> rows = new ArrayList<>();
        for (SolverProblem problem : SolverProblems.all()) {
            rows.add(comparison.compare(problem, Contender.all()));
            err.println(problem.name());
        }
        String engine = "stillpoint %s, %s".formatted(backend.name(), backend.device());
        String page = SolverTable.format(machine, engine, SOLVERS_COMMAND, rows);
        PrintWriter out = spec.commandLine().getOut();
        out.print(page);
        out.flush();
        if (markdown != null) {
            try {
                SolverTable.write(markdown, page);
            } catch (IOException failed) {
                err.println("bench: cannot write " + markdown + ": " + failed);
                return FAILED;
            }
        }
        return 0;
    }

    /// Found out now rather than after a minute of measuring.
    private void checkReportFile(String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || directory == null || !Files.isWritable(directory)) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " " + file + ": expected a file in a directory that can be written to");
        }
    }
}
