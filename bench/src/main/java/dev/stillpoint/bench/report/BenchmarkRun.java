package dev.stillpoint.bench.report;

import dev.stillpoint.bench.micro.FmaPeak;
import dev.stillpoint.matrix.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jmh.runner.RunnerException;

/// One run: the peak, what is asked for, and the peak again. A run is used once.
public final class BenchmarkRun {
    private final RunSettings settings;
    private final Jmh jmh;
    private final Peaks peaks;
    private final Reads reads;
    private final SolveRuns solves;

    /// A run.
    ///
    /// @param log told what was measured, and warnings, a line each
    public BenchmarkRun(RunSettings settings, Consumer<String> log) {
        this.settings = settings;
        jmh = new Jmh(settings);
        peaks = new Peaks(jmh, log);
        reads = new Reads(jmh, log);
        solves = new SolveRuns(settings, jmh, peaks, reads, log);
    }

    /// Arguments of the JVMs that measure.
    public static List<String> flags(RunSettings settings) {
        List<String> flags = new ArrayList<>(settings.jvmArguments());
        flags.add(FmaPeak.VECTOR_MODULE);
        return List.copyOf(flags);
    }

    /// Measures: the peaks first, then everything else.
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
            peaks.measure(work);
        }
        List<Measurement> found = new ArrayList<>();
        for (Suite suite : settings.suites()) {
            for (Work work : works) {
                for (int n : suite.sizes(settings.sizes())) {
                    for (int m : suite.batches(settings.batches(), n)) {
                        found.addAll(solves.measure(suite, n, m, work));
                    }
                }
            }
        }
        for (Work work : works) {
            peaks.remeasure(work);
        }
        List<Measurement> measurements = new ArrayList<>(peaks.measurements());
        measurements.addAll(reads.measurements());
        for (Measurement each : found) {
            measurements.add(each.inPercentOf(peaks.of(new Work(each.precision(), each.threads()))));
        }
        return measurements;
    }

    /// The solves of which one JVM stayed at half the speed of the others or less, in a line each.
    public List<String> slow() {
        return solves.slow();
    }

    /// What JMH printed of the benchmark that was run last, unless it was shown already.
    public String output() {
        return jmh.output();
    }
}
