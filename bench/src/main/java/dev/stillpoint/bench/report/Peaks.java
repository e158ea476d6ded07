package dev.stillpoint.bench.report;

import dev.stillpoint.bench.micro.FmaPeak;
import dev.stillpoint.bench.micro.FmaPeak.Chains;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/// The peaks of a run, each the best iteration of a measurement before everything else and one after it, for
/// whatever disturbs a machine lowers it.
final class Peaks {
    /// A peak that differs by a larger part between begin and end of a run is worth a warning.
    private static final double DRIFT = 0.1;

    /// The field of `FlopCounter`, by whose name JMH reports GFLOP/s.
    private static final String FLOPS = "flops";

    private final Jmh jmh;
    private final Consumer<String> log;
    private final Map<Work, Peak> peaks = new LinkedHashMap<>();

    private record Peak(Chains chains, double gflops) {}

    Peaks(Jmh jmh, Consumer<String> log) {
        this.jmh = jmh;
        this.log = log;
    }

    /// Measures the peak with either number of chains.
    void measure(Work work) throws RunnerException {
        for (Chains chains : Chains.values()) {
            peaks.merge(work, measure(work, chains), Peaks::better);
        }
    }

    /// Measures once more, and warns where the machine changed.
    void remeasure(Work work) throws RunnerException {
        Peak before = peak(work);
        Peak after = measure(work, before.chains());
        if (Math.abs(after.gflops() - before.gflops()) > DRIFT * before.gflops()) {
            log.accept("warning: the peak (%s) went from %.1f to %.1f GFLOP/s during the run: figures are doubtful"
                    .formatted(work, before.gflops(), after.gflops()));
        }
        peaks.put(work, better(before, after));
    }

    private Peak measure(Work work, Chains chains) throws RunnerException {
        RunResult result = jmh.run(
                FmaPeak.class,
                options -> options.param("precision", work.precision().name())
                        .param("chains", chains.name())
                        .threads(work.threads())
                        .forks(1));
        Peak peak = new Peak(chains, Jmh.best(result, FLOPS));
        log.accept("fma-peak, %d chains, %s: %.2f GFLOP/s".formatted(chains.count(), work, peak.gflops()));
        return peak;
    }

    /// The peak, in GFLOP/s.
    double of(Work work) {
        return peak(work).gflops();
    }

    /// The chains that reached it.
    Chains chains(Work work) {
        return peak(work).chains();
    }

    /// A line for each.
    List<Measurement> measurements() {
        return peaks.entrySet().stream()
                .map(entry -> Measurement.of(
                                "fma-peak",
                                entry.getKey(),
                                "jdk.incubator.vector",
                                entry.getValue().chains().count() + " chains of preferred vectors")
                        .withSpeed(entry.getValue().gflops(), null)
                        .inPercentOf(entry.getValue().gflops()))
                .toList();
    }

    private Peak peak(Work work) {
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
