package dev.stillpoint.bench.report;

import dev.stillpoint.bench.micro.ReadBandwidth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/// How fast threads read `n^2` values each, measured where a run needs it, once for each `n`, precision and number
/// of threads.
final class Reads {
    /// The field of `ByteCounter`, by whose name JMH reports GB/s.
    private static final String BYTES = "bytes";

    private final Jmh jmh;
    private final Consumer<String> log;
    private final Map<Key, Double> gigabytes = new LinkedHashMap<>();

    private record Key(int n, Work work) {}

    Reads(Jmh jmh, Consumer<String> log) {
        this.jmh = jmh;
        this.log = log;
    }

    /// The bandwidth of all threads, in GB/s.
    double of(int n, Work work) throws RunnerException {
        Key key = new Key(n, work);
        Double known = gigabytes.get(key);
        if (known != null) {
            return known;
        }
        RunResult result = jmh.run(
                ReadBandwidth.class,
                options -> options.param("n", Integer.toString(n))
                        .param("precision", work.precision().name())
                        .threads(work.threads())
                        .forks(1));
        double best = Jmh.best(result, BYTES);
        gigabytes.put(key, best);
        log.accept("read, n = %d, %s: %.2f GB/s".formatted(n, work, best));
        return best;
    }

    /// A line for each that was measured.
    List<Measurement> measurements() {
        return gigabytes.entrySet().stream()
                .map(entry -> Measurement.of(
                                "read",
                                entry.getKey().work(),
                                "jdk.incubator.vector",
                                "the sum of n^2 values in 8 accumulators of preferred vectors")
                        .withProblem(entry.getKey().n(), null, null)
                        .withBandwidth(entry.getValue(), entry.getValue()))
                .toList();
    }
}
