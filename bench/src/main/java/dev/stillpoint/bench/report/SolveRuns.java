package dev.stillpoint.bench.report;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.bench.solve.BenchmarkProblem;
import dev.stillpoint.bench.solve.CertifyBenchmark;
import dev.stillpoint.bench.solve.LayersBenchmark;
import dev.stillpoint.bench.solve.ProjectionBenchmark;
import dev.stillpoint.bench.solve.SolveBenchmark;
import dev.stillpoint.bench.solve.StragglerBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/// The solves and projections of a run, measured as [Suite] and [RunSettings] say; their speeds and times are
/// those of undisturbed calls.
final class SolveRuns {
    /// A straggler takes this many times the iterations of the other samples.
    static final int STRAGGLER = 100;

    /// Of the two fixed numbers of iterations whose times tell that of one, the larger is so many times the
    /// other.
    private static final int MANY = 5;

    private final RunSettings settings;
    private final Jmh jmh;
    private final Peaks peaks;
    private final Reads reads;
    private final Consumer<String> log;
    private final String engine;
    private final List<String> slow = new ArrayList<>();

    SolveRuns(RunSettings settings, Jmh jmh, Peaks peaks, Reads reads, Consumer<String> log) {
        this.settings = settings;
        this.jmh = jmh;
        this.peaks = peaks;
        this.reads = reads;
        this.log = log;
        engine = ("stillpoint cpu " + settings.device()).strip();
    }

    /// Measures; percentages of the peak are left to the end of the run.
    List<Measurement> measure(Suite suite, int n, int m, Work work) throws RunnerException {
        return switch (suite) {
            case SOLVE -> solves(n, m, work);
            case STRAGGLER -> List.of(straggler(n, m, work));
            case LAYERS -> List.of(layers(n, m, work));
            case PROJECTION -> List.of(projection(n, m, work));
            case CERTIFY -> List.of(certify(n, m, work));
            case SOLVERS -> throw new IllegalArgumentException("solvers are compared apart from what is measured");
        };
    }

    /// The solves of which a JVM stayed slow, in a line each: a fault of the engine or of its compiler, not a
    /// matter of noise.
    List<String> slow() {
        return List.copyOf(slow);
    }

    /// One after the other, so that what is compared lies close in time.
    private List<Measurement> solves(int n, int m, Work work) throws RunnerException {
        List<Measurement> solves = new ArrayList<>();
        for (Activation activation : settings.activations()) {
            Measurement solve = solve(n, m, activation, work);
            solves.add(solves.isEmpty() ? solve : Ratios.ofSpeeds(solve, solves.getFirst()));
        }
        return solves;
    }

    private Measurement solve(int n, int m, Activation activation, Work work) throws RunnerException {
        String name = "solve, n = %d, m = %d, %s, %s".formatted(n, m, activation.label(), work);
        Calls calls = run(
                name,
                SolveBenchmark.class,
                m,
                work,
                options -> options.param("n", Integer.toString(n))
                        .param("activation", activation.label())
                        .param("iterations", Integer.toString(settings.iterations()))
                        .param("checkInterval", Integer.toString(settings.checkInterval())));
        String problem = BenchmarkProblem.spec(
                        n, m, activation, work.precision(), settings.iterations(), settings.checkInterval())
                .toString();
        Measurement solve = Measurement.of(Suite.SOLVE.label(), work, engine, problem)
                .withProblem(n, m, activation.label())
                .withSpeed(calls.gflops(), calls.seconds())
                .withUndisturbed(calls.undisturbed(), calls.best());
        return m == 1 ? Ratios.ofReads(solve, reads.of(n, new Work(work.precision(), 1))) : solve;
    }

    private Measurement straggler(int n, int m, Work work) throws RunnerException {
        String name = "straggler, n = %d, m = %d, %s".formatted(n, m, work);
        int iterations = settings.iterations();
        int last = Math.multiplyExact(STRAGGLER, iterations);
        Calls steady = straggler("without a " + name, n, m, iterations, work);
        Calls calls = straggler(name, n, m, last, work);
        double ratio = Ratios.ofTimes(
                calls.seconds(),
                StragglerBenchmark.totalIterations(m, iterations, last),
                steady.seconds(),
                StragglerBenchmark.totalIterations(m, iterations, iterations));
        return Measurement.of(
                        Suite.STRAGGLER.label(),
                        work,
                        engine,
                        "x = relu(x - 1), A the identity as a dense matrix, %d iterations a sample, the last %d"
                                .formatted(iterations, last))
                .withProblem(n, m, "relu")
                .withSpeed(calls.gflops(), calls.seconds())
                .withUndisturbed(calls.undisturbed(), calls.best())
                .withRatio(ratio);
    }

    private Calls straggler(String name, int n, int m, int last, Work work) throws RunnerException {
        return run(
                name,
                StragglerBenchmark.class,
                m,
                work,
                options -> options.param("n", Integer.toString(n))
                        .param("iterations", Integer.toString(settings.iterations()))
                        .param("last", Integer.toString(last)));
    }

    private Measurement layers(int width, int m, Work work) throws RunnerException {
        String name = "layers, width = %d, m = %d, %s".formatted(width, m, work);
        Calls calls =
                run(name, LayersBenchmark.class, m, work, options -> options.param("width", Integer.toString(width)));
        return Measurement.of(
                        Suite.LAYERS.label(),
                        work,
                        engine,
                        "%d layers of %d, A given dense and simplified".formatted(LayersBenchmark.LAYERS, width))
                .withProblem(LayersBenchmark.LAYERS * width, m, "relu")
                .withSpeed(calls.gflops(), calls.seconds())
                .withUndisturbed(calls.undisturbed(), calls.best());
    }

    /// Beside what as many threads read of matrices of `n^2` values.
    private Measurement projection(int n, int m, Work work) throws RunnerException {
        Calls calls = measure(ProjectionBenchmark.class, m, work, options -> options.param("n", Integer.toString(n)));
        String name = "projection, n = %d, m = %d, %s".formatted(n, m, work);
        note(name, "%.2f ms".formatted(1e3 * calls.seconds()), calls);
        Measurement projection = Measurement.of(
                        Suite.PROJECTION.label(),
                        work,
                        "stillpoint cpu",
                        "rows of normal values with variance 1/n onto |A|_inf <= " + ProjectionBenchmark.KAPPA)
                .withProblem(n, m, null)
                .withTime(calls.seconds())
                .withUndisturbed(calls.undisturbed(), 0);
        return Ratios.ofBytes(projection, ProjectionBenchmark.bytes(m, n, work.precision()), reads.of(n, work));
    }

    private Measurement certify(int n, int m, Work work) throws RunnerException {
        int few = settings.iterations();
        int many = Math.multiplyExact(MANY, few);
        RunResult result = jmh(
                CertifyBenchmark.class,
                m,
                work,
                options -> options.param("n", Integer.toString(n))
                        .param("p", Integer.toString(settings.inputs()))
                        .param("few", Integer.toString(few))
                        .param("many", Integer.toString(many))
                        .param("device", settings.device()));
        CertifyRounds rounds = CertifyRounds.of(Jmh.rounds(result), many - few, m);
        Calls calls = Calls.of(Jmh.counts(result));
        int p = settings.inputs() == 0 ? n : settings.inputs();
        String name = "certify, n = %d, p = %d, m = %d, %s".formatted(n, p, m, work);
        note(name, "%.2f iterations beside %.1f".formatted(rounds.extra(), rounds.iterations()), calls);
        String problem = BenchmarkProblem.spec(n, p, m, Activation.relu(), work.precision(), many, many)
                .toString();
        return Measurement.of(
                        Suite.CERTIFY.label(),
                        work,
                        engine,
                        "%s, and until |f(x) - x| <= %s (1 + |f(x)|)"
                                .formatted(problem, CertifyBenchmark.STOPPING.absolute()))
                .withProblem(n, m, "relu")
                .withCertificate(rounds)
                .withUndisturbed(calls.undisturbed(), 0);
    }

    private Calls run(
            String name, Class<?> benchmark, int m, Work work, UnaryOperator<ChainedOptionsBuilder> parameters)
            throws RunnerException {
        Calls calls =
                measure(benchmark, m, work, options -> parameters.apply(options).param("device", settings.device()));
        note(name, "%.2f GFLOP/s".formatted(calls.gflops()), calls);
        return calls;
    }

    private Calls measure(Class<?> benchmark, int m, Work work, UnaryOperator<ChainedOptionsBuilder> parameters)
            throws RunnerException {
        return Calls.of(Jmh.counts(jmh(benchmark, m, work, parameters)));
    }

    private RunResult jmh(Class<?> benchmark, int m, Work work, UnaryOperator<ChainedOptionsBuilder> parameters)
            throws RunnerException {
        return jmh.run(
                benchmark,
                options -> parameters
                        .apply(options)
                        .param("m", Integer.toString(m))
                        .param("precision", work.precision().name())
                        .param("threads", Integer.toString(work.threads()))
                        .param("peak", Double.toString(peaks.of(work)))
                        .param("chains", peaks.chains(work).name())
                        .threads(1)
                        .forks(settings.forks()));
    }

    private void note(String name, String figure, Calls calls) {
        log.accept("%s: %s, %.0f %% of the calls undisturbed".formatted(name, figure, 100 * calls.undisturbed()));
        if (calls.undisturbed() == 0) {
            log.accept("warning: %s: the machine was never calm: figures are doubtful".formatted(name));
        }
        SlowForks.find(name, calls.forks()).ifPresent(slow::add);
    }
}
