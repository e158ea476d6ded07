package dev.stillpoint.bench.report;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs benchmarks of one method each, whose unit of time is the nanosecond, and reads their results.
final class Jmh {
    private final RunSettings settings;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    Jmh(RunSettings settings) {
        this.settings = settings;
    }

    /// Runs the one benchmark of a class.
    ///
    /// @throws RunnerException when it fails, or JMH runs on this machine already
    RunResult run(Class<?> benchmark, UnaryOperator<ChainedOptionsBuilder> parameters) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName() + "."))
                .jvmArgs(settings.jvmArguments().toArray(String[]::new))
                .shouldFailOnError(true);
        output.reset();
        PrintStream stream = settings.verbose() ? System.err : new PrintStream(output, true, StandardCharsets.UTF_8);
        OutputFormat format = OutputFormatFactory.createFormatInstance(stream, VerboseMode.NORMAL);
        return new Runner(parameters.apply(options).build(), format).runSingle();
    }

    /// What JMH printed of the benchmark that was run last, unless it was shown already.
    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /// A counter in its best iteration, a nanosecond.
    static double best(RunResult result, String counter) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration -> requireNonNull(
                                iteration.getSecondaryResults().get(counter))
                        .getScore())
                .max()
                .orElseThrow();
    }

    /// What `CallCounter` held after each iteration of each JVM.
    static List<List<Calls.Counts>> counts(RunResult result) {
        return result.getBenchmarkResults().stream()
                .map(fork ->
                        fork.getIterationResults().stream().map(Jmh::counts).toList())
                .toList();
    }

    /// What `CertifyCounter` held after each iteration of all JVMs, a round.
    static List<CertifyRounds.Round> rounds(RunResult result) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(Jmh::round)
                .toList();
    }

    private static CertifyRounds.Round round(IterationResult iteration) {
        ToDoubleFunction<String> count = counter(iteration);
        double rounds = count.applyAsDouble("rounds");
        return new CertifyRounds.Round(
                count.applyAsDouble("fewNanos") / rounds,
                count.applyAsDouble("manyNanos") / rounds,
                count.applyAsDouble("plainNanos") / rounds,
                count.applyAsDouble("certifiedNanos") / rounds,
                count.applyAsDouble("iterations") / rounds,
                count.applyAsDouble("certificateNanos") / rounds);
    }

    private static ToDoubleFunction<String> counter(IterationResult iteration) {
        return name -> requireNonNull(iteration.getSecondaryResults().get(name)).getScore();
    }

    private static Calls.Counts counts(IterationResult iteration) {
        ToDoubleFunction<String> count = counter(iteration);
        return new Calls.Counts(
                count.applyAsDouble("calls"),
                count.applyAsDouble("nanos"),
                count.applyAsDouble("flops"),
                count.applyAsDouble("calmCalls"),
                count.applyAsDouble("calmNanos"),
                count.applyAsDouble("calmFlops"),
                count.applyAsDouble("best"));
    }
}
