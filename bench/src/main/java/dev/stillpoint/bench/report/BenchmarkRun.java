package dev.stillpoint.bench.report;

import static java.util.Objects.requireNonNull;

import dev.stillpoint.bench.micro.FmaPeak;
import dev.stillpoint.bench.micro.FmaPeak.Chains;
import dev.stillpoint.bench.solve.BenchmarkProblem;
import dev.stillpoint.bench.solve.SolveBenchmark;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.validation.problem.ProblemSpec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// One run: the peak, the solves, and the peak again.
///
/// The peak of a precision and a number of threads is the best iteration of either measurement, for whatever
/// disturbs a machine lowers it. Solves are means over iterations and JVMs. A run is used once.
public final class BenchmarkRun {
    /// The field of `FlopCounter`, by whose name JMH reports GFLOP/s.
    private static final String GFLOPS = "flops";

    /// Below this part of the best JVM's speed, a JVM counts as one that never compiled the code as it should:
    /// other work on the machine costs less, boxed vectors cost a factor of ten.
    private static final double SLOW = 0.5;

    /// A peak that differs by a larger part between begin and end of a run is worth a warning.
    private static final double DRIFT = 0.1;

    private final RunSettings settings;
    private final Consumer<String> log;
    private final Map<Work, Peak> peaks = new LinkedHashMap<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final List<String> slow = new ArrayList<>();

    private record Work(Precision precision, int threads) {
        @Override
        public String toString() {
            return precision.label() + ", " + threads + (threads == 1 ? " thread" : " threads");
        }
    }

    private record Peak(Chains chains, double gflops) {}

    private record Solve(int n, int m, Work work, double gflops, double seconds) {}

    /// A run.
    ///
    /// @param log told what was measured, and warnings, a line each
    public BenchmarkRun(RunSettings settings, Consumer<String> log) {
        this.settings = settings;
        this.log = log;
    }

    /// Arguments of the JVMs that measure.
    public static List<String> flags(RunSettings settings) {
        List<String> flags = new ArrayList<>(settings.jvmArguments());
        flags.add(FmaPeak.VECTOR_MODULE);
        return List.copyOf(flags);
    }

    /// Measures: the peaks first, then the solves.
    ///
    /// @throws RunnerException when a benchmark fails, or JMH runs on this machine already
    public List<Measurement> execute() throws RunnerException {
        List<Work> works = new ArrayList<>();
        for (Precision precision : settings.precisions()) {
            for (int threads : settings.threads()) {
                works.add(new Work(precision, threads));
            }
        }
        for (Work work : works) {
            for (Chains chains : Chains.values()) {
                Peak peak = measurePeak(work, chains);
                peaks.merge(work, peak, BenchmarkRun::better);
            }
        }
        List<Solve> solves = new ArrayList<>();
        for (Work work : works) {
            for (int m : settings.batches()) {
                for (int n : settings.sizes()) {
                    solves.add(measureSolve(n, m, work));
                }
            }
        }
        for (Work work : works) {
            remeasurePeak(work);
        }
        return measurements(solves);
    }

    /// The solves of which one JVM ran at less than half the speed of another, in a line each: a fault of the
    /// engine or of its compiler, not a matter of noise.
    public List<String> slow() {
        return List.copyOf(slow);
    }

    /// What JMH printed of the benchmark that was run last, unless it was shown already.
    public String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    private Peak measurePeak(Work work, Chains chains) throws RunnerException {
        RunResult result = run(
                FmaPeak.class,
                options -> options.param("precision", work.precision().name())
                        .param("chains", chains.name())
                        .threads(work.threads())
                        .forks(1));
        double best = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration -> requireNonNull(
                                iteration.getSecondaryResults().get(GFLOPS))
                        .getScore())
                .max()
                .orElseThrow();
        report("fma-peak, %d chains, %s".formatted(chains.count(), work), best);
        return new Peak(chains, best);
    }

    private void remeasurePeak(Work work) throws RunnerException {
        Peak before = peakOf(work);
        Peak after = measurePeak(work, before.chains());
        if (Math.abs(after.gflops() - before.gflops()) > DRIFT * before.gflops()) {
            log.accept("warning: the peak (%s) went from %.1f to %.1f GFLOP/s during the run: figures are doubtful"
                    .formatted(work, before.gflops(), after.gflops()));
        }
        peaks.put(work, better(before, after));
    }

    private Solve measureSolve(int n, int m, Work work) throws RunnerException {
        RunResult result = run(
                SolveBenchmark.class,
                options -> options.param("n", Integer.toString(n))
                        .param("m", Integer.toString(m))
                        .param("precision", work.precision().name())
                        .param("threads", Integer.toString(work.threads()))
                        .param("iterations", Integer.toString(settings.iterations()))
                        .param("checkInterval", Integer.toString(settings.checkInterval()))
                        .param("device", settings.device())
                        .threads(1)
                        .forks(settings.forks()));
        double gflops = requireNonNull(result.getSecondaryResults().get(GFLOPS)).getScore();
        // JMH's primary score is solves a nanosecond.
        double seconds = 1e-9 / result.getPrimaryResult().getScore();
        String name = "solve, n = %d, m = %d, %s".formatted(n, m, work);
        report(name, gflops);
        noteSlow(name, result);
        return new Solve(n, m, work, gflops, seconds);
    }

    private RunResult run(Class<?> benchmark, UnaryOperator<ChainedOptionsBuilder> parameters) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName() + "."))
                .jvmArgs(settings.jvmArguments().toArray(String[]::new))
                .shouldFailOnError(true);
        output.reset();
        PrintStream stream = settings.verbose() ? System.err : new PrintStream(output, true, StandardCharsets.UTF_8);
        OutputFormat format = OutputFormatFactory.createFormatInstance(stream, VerboseMode.NORMAL);
        return new Runner(parameters.apply(options).build(), format).runSingle();
    }

    private void report(String name, double gflops) {
        log.accept("%s: %.2f GFLOP/s".formatted(name, gflops));
    }

    private void noteSlow(String name, RunResult result) {
        double[] forks = result.getBenchmarkResults().stream()
                .mapToDouble(fork ->
                        requireNonNull(fork.getSecondaryResults().get(GFLOPS)).getScore())
                .sorted()
                .toArray();
        double best = forks[forks.length - 1];
        if (forks[0] < SLOW * best) {
            slow.add("%s: one JVM of %d stayed at %.2f GFLOP/s where another reached %.2f"
                    .formatted(name, forks.length, forks[0], best));
        }
    }

    private List<Measurement> measurements(List<Solve> solves) {
        List<Measurement> measurements = new ArrayList<>();
        peaks.forEach((work, peak) -> measurements.add(new Measurement(
                "fma-peak",
                null,
                null,
                work.precision(),
                work.threads(),
                "jdk.incubator.vector",
                peak.chains().count() + " chains of preferred vectors",
                peak.gflops(),
                100,
                null,
                null)));
        String engine = ("stillpoint cpu " + settings.device()).strip();
        for (Solve solve : solves) {
            measurements.add(new Measurement(
                    "solve",
                    solve.n(),
                    solve.m(),
                    solve.work().precision(),
                    solve.work().threads(),
                    engine,
                    specOf(solve).toString(),
                    solve.gflops(),
                    100 * solve.gflops() / peakOf(solve.work()).gflops(),
                    solve.seconds(),
                    null));
        }
        return measurements;
    }

    private ProblemSpec specOf(Solve solve) {
        return BenchmarkProblem.spec(
                solve.n(), solve.m(), solve.work().precision(), settings.iterations(), settings.checkInterval());
    }

    private Peak peakOf(Work work) {
        Peak peak = peaks.get(work);
        if (peak == null) {
            throw new IllegalStateException("no peak was measured for " + work);
        }
        return peak;
    }

    private static Peak better(Peak one, Peak other) {
        return other.gflops() > one.gflops() ? other : one;
    }
}
