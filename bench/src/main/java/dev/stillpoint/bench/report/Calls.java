package dev.stillpoint.bench.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// What a benchmark that counts with `CallCounter` found.
///
/// Speed and time are those of the undisturbed calls; where there was none, those of all calls.
///
/// @param gflops GFLOP/s
/// @param best GFLOP/s of the fastest undisturbed call, 0 where there was none
/// @param seconds mean time of a call
/// @param undisturbed the part of the calls, from 0 to 1
/// @param forks GFLOP/s of each JVM in its best iteration, all calls
record Calls(double gflops, double best, double seconds, double undisturbed, List<Double> forks) {
    /// The counters of `CallCounter` after an iteration of JMH.
    record Counts(
            double calls,
            double nanos,
            double flops,
            double calmCalls,
            double calmNanos,
            double calmFlops,
            double best) {}

    /// Sums up the iterations of each JVM.
    static Calls of(List<List<Counts>> forks) {
        List<Counts> all = forks.stream().flatMap(List::stream).toList();
        List<Double> fastest = forks.stream()
                .map(fork -> fork.stream()
                        .mapToDouble(each -> each.flops() / each.nanos())
                        .max()
                        .orElseThrow())
                .toList();
        double calls = sum(all, Counts::calls);
        double calm = sum(all, Counts::calmCalls);
        return calm == 0
                ? new Calls(
                        sum(all, Counts::flops) / sum(all, Counts::nanos),
                        0,
                        1e-9 * sum(all, Counts::nanos) / calls,
                        0,
                        fastest)
                : new Calls(
                        sum(all, Counts::calmFlops) / sum(all, Counts::calmNanos),
                        all.stream().mapToDouble(Counts::best).max().orElseThrow(),
                        1e-9 * sum(all, Counts::calmNanos) / calm,
                        calm / calls,
                        fastest);
    }

    private static double sum(List<Counts> iterations, ToDoubleFunction<Counts> count) {
        return iterations.stream().mapToDouble(count).sum();
    }
}
