package dev.stillpoint.bench.report;

import dev.stillpoint.bench.micro.ReadBandwidth;
import dev.stillpoint.matrix.Precision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/// How fast one thread reads `n^2` values, measured where a run needs it, once for each `n` and precision.
final class Reads {
    /// The field of `ByteCounter`, by whose name JMH reports GB/s.
    private static final String BYTES = "bytes";

    private final Jmh jmh;
    private final Consumer<String> log;
    private final Map<Key, Double> gigabytes = new LinkedHashMap<>();

    private record Key(int n, Precision precision) {}

    Reads(Jmh jmh, Consumer<String> log) {
        this.jmh = jmh;
        this.log = log;
    }

    /// The bandwidth, in GB/s.
    double of(int n, Precision precision) throws RunnerException {
        Key key = new Key(n, precision);
        Double known = gigabytes.get(key);
        if (known != null) {
            return known;
        }
        RunResult result = jmh.run(
                ReadBandwidth.class,
                options -> options.param("n", Integer.toString(n))
                        .param("precision", precision.name())
                        .threads(1)
                        .forks(1));
        double best = Jmh.best(result, BYTES);
        gigabytes.put(key, best);
        log.accept("read, n = %d, %s: %.2f GB/s".formatted(n, precision.label(), best));
        return best;
    }

    /// A line for each that was measured.
    List<Measurement> measurements() {
        return gigabytes.entrySet().stream()
                .map(entry -> Measurement.of(
                                "read",
                                new Work(entry.getKey().precision(), 1),
                                "jdk.incubator.vector",
                                "the sum of n^2 values in 8 accumulators of preferred vectors")
                        .withProblem(entry.getKey().n(), null, null)
                        .withBandwidth(entry.getValue(), entry.getValue()))
                .toList();
    }
}
