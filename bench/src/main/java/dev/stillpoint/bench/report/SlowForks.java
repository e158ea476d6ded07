package dev.stillpoint.bench.report;

import dev.stillpoint.bench.micro.Median;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Finds JVMs that never compiled the code as they should.
///
/// After two seconds of warm-up every JVM runs what the others run. Other work on the machine costs one of them
/// less than half of its speed; vectors that stay boxed cost it a factor of ten. It is compared with the median,
/// which one or two such JVMs, or a lucky one, do not move.
final class SlowForks {
    private SlowForks() {}

    /// A line about the slowest JVM where it runs at half the median of all or less, else nothing.
    ///
    /// @param gflops the speed of each JVM in its best iteration, at least one
    static Optional<String> find(String name, List<Double> gflops) {
        double[] sorted =
                gflops.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double median = Median.of(sorted);
        long slow = Arrays.stream(sorted).filter(each -> each <= median / 2).count();
        if (slow == 0) {
            return Optional.empty();
        }
        return Optional.of("%s: %d of %d JVMs stayed at half the median or less: %.2f GFLOP/s, median %.2f"
                .formatted(name, slow, sorted.length, sorted[0], median));
    }
}
