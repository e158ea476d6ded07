package dev.stillpoint.bench.report;

import dev.stillpoint.bench.micro.Median;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What the rounds of `CertifyBenchmark` found: medians over the iterations of JMH.
///
/// @param certified time of a solve with a certificate, in seconds
/// @param ratio that time over the time of the same solve without one, of each iteration
/// @param extra the difference of the two, of each iteration, over the time of an iteration of all samples
/// @param iterations iterations of a sample, the mean
/// @param certificate time of making the certificate, in seconds
record CertifyRounds(double certified, double ratio, double extra, double iterations, double certificate) {
    /// What `CertifyCounter` held after an iteration of JMH, a round each, times in nanoseconds.
    record Round(double few, double many, double plain, double certified, double iterations, double certificate) {}

    /// The medians.
    ///
    /// @param rounds at least one
    /// @param difference iterations of a sample that the longer of the fixed solves takes more
    /// @param samples samples of the batch
    static CertifyRounds of(List<Round> rounds, int difference, int samples) {
        double iteration = median(rounds, round -> (round.many() - round.few()) / difference);
        return new CertifyRounds(
                1e-9 * median(rounds, Round::certified),
                median(rounds, round -> round.certified() / round.plain()),
                median(rounds, round -> round.certified() - round.plain()) / iteration,
                median(rounds, Round::iterations) / samples,
                1e-9 * median(rounds, Round::certificate));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Median.of(rounds.stream().mapToDouble(figure).toArray());
    }
}
