package dev.stillpoint.bench.report;

import dev.stillpoint.matrix.Precision;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of a report. A figure that has no meaning for a benchmark is null.
///
/// | benchmark | speed | ratio |
/// | --- | --- | --- |
/// | `fma-peak` | the best, in GFLOP/s | |
/// | `read` | the best of threads that read `n^2` values each, in GB/s | |
/// | `solve` | the mean of undisturbed calls; of one sample also in GB/s of matrices read | to the first
/// activation: its speed over that one's |
/// | `straggler` | the mean of undisturbed calls | time over the sum of all iterations times the steady time of
/// one |
/// | `layers` | the mean of undisturbed calls, by the operations of the layers | |
/// | `projection` | the time of undisturbed calls; GB/s of a matrix read and another written | |
/// | `certify` | the median time of a solve with a certificate; what it takes beyond that without, in iterations |
/// its time over that of the same solve without |
///
/// @param benchmark what was timed
/// @param n states of the problem, of `read` the root of the number of values, of `projection` values of a row
/// @param m samples of the batch, of `projection` rows
/// @param precision the working precision
/// @param threads threads of the plan
/// @param activation the activation's label
/// @param engine what did the work
/// @param configuration what else the figures depend on: of a solve its problem, as the validation suite reads it
/// @param figures the figures that it has
public record Measurement(
        String benchmark,
        @Nullable Integer n,
        @Nullable Integer m,
        Precision precision,
        int threads,
        @Nullable String activation,
        String engine,
        String configuration,
        Map<Figure, Double> figures) {

    /// What is measured, or follows from it.
    public enum Figure {
        /// GFLOP/s.
        GFLOPS,
        /// That speed in per cent of the peak of this precision and number of threads in the same run.
        PERCENT_OF_PEAK,
        /// GB/s, of 10^9 bytes.
        GIGABYTES,
        /// Those in per cent of what `read` has, of the same precision, threads and `n`, in the same run.
        PERCENT_OF_READ,
        /// The mean time of one call.
        SECONDS,
        /// The calls, in per cent, before and after which the machine reached its peak; speeds and times are
        /// theirs, or, where there is none, those of all calls.
        UNDISTURBED,
        /// GFLOP/s of the fastest undisturbed call.
        BEST,
        /// See above.
        RATIO,
        /// Iterations of a sample, the mean.
        ITERATIONS,
        /// What a certificate takes beyond the solve, in the time of so many iterations of all samples.
        EXTRA_ITERATIONS,
        /// The time of making a certificate, in seconds.
        CERTIFICATE
    }

    /// Keeps a copy of the figures.
    public Measurement {
        figures = Map.copyOf(figures);
    }

    /// A line without figures, sizes and activation.
    static Measurement of(String benchmark, Work work, String engine, String configuration) {
        return new Measurement(
                benchmark, null, null, work.precision(), work.threads(), null, engine, configuration, Map.of());
    }

    /// This line for a problem.
    Measurement withProblem(@Nullable Integer size, @Nullable Integer samples, @Nullable String phi) {
        return new Measurement(benchmark, size, samples, precision, threads, phi, engine, configuration, figures);
    }

    /// This line with another figure, or without it where it is null.
    private Measurement with(Figure figure, @Nullable Double value) {
        Map<Figure, Double> changed = new EnumMap<>(Figure.class);
        changed.putAll(figures);
        if (value == null) {
            changed.remove(figure);
        } else {
            changed.put(figure, value);
        }
        return new Measurement(benchmark, n, m, precision, threads, activation, engine, configuration, changed);
    }

    /// This line with a speed and the time of a call.
    Measurement withSpeed(double rate, @Nullable Double time) {
        return with(Figure.GFLOPS, rate).with(Figure.SECONDS, time);
    }

    /// This line with the time of a call.
    Measurement withTime(double time) {
        return with(Figure.SECONDS, time);
    }

    /// This line, its speed in per cent of the peak; one without a speed stays as it is.
    Measurement inPercentOf(double peak) {
        Double speed = gflops();
        return speed == null ? this : with(Figure.PERCENT_OF_PEAK, 100 * speed / peak);
    }

    /// This line with what was read a second, also in per cent of what can be read.
    Measurement withBandwidth(double rate, double most) {
        return with(Figure.GIGABYTES, rate).with(Figure.PERCENT_OF_READ, 100 * rate / most);
    }

    /// This line with a ratio.
    Measurement withRatio(double value) {
        return with(Figure.RATIO, value);
    }

    /// This line with the part of the calls that were undisturbed, from 0 to 1, and the speed of
    /// the fastest of them, 0 for none.
    Measurement withUndisturbed(double part, double fastest) {
        return with(Figure.UNDISTURBED, 100 * part).with(Figure.BEST, fastest > 0 ? fastest : null);
    }

    /// This line with what a certificate costs.
    Measurement withCertificate(CertifyRounds found) {
        return withTime(found.certified())
                .withRatio(found.ratio())
                .with(Figure.ITERATIONS, found.iterations())
                .with(Figure.EXTRA_ITERATIONS, found.extra())
                .with(Figure.CERTIFICATE, found.certificate());
    }

    /// GFLOP/s.
    @Nullable
    Double gflops() {
        return figures.get(Figure.GFLOPS);
    }

    /// Its speed in per cent of the peak.
    @Nullable
    Double percentOfPeak() {
        return figures.get(Figure.PERCENT_OF_PEAK);
    }

    /// GB/s.
    @Nullable
    Double gigabytes() {
        return figures.get(Figure.GIGABYTES);
    }

    /// What it read in per cent of what can be read.
    @Nullable
    Double percentOfRead() {
        return figures.get(Figure.PERCENT_OF_READ);
    }

    /// The mean time of one call.
    @Nullable
    Double seconds() {
        return figures.get(Figure.SECONDS);
    }

    /// The undisturbed calls in per cent.
    @Nullable
    Double undisturbed() {
        return figures.get(Figure.UNDISTURBED);
    }

    /// The ratio of the benchmark.
    @Nullable
    Double ratio() {
        return figures.get(Figure.RATIO);
    }

    /// Iterations of a sample.
    @Nullable
    Double iterations() {
        return figures.get(Figure.ITERATIONS);
    }

    /// The cost of a certificate, in iterations.
    @Nullable
    Double extraIterations() {
        return figures.get(Figure.EXTRA_ITERATIONS);
    }

    /// The time of making a certificate, in seconds.
    @Nullable
    Double certificate() {
        return figures.get(Figure.CERTIFICATE);
    }

    /// The fastest undisturbed call in per cent of the peak.
    @Nullable
    Double bestPercentOfPeak() {
        Double best = figures.get(Figure.BEST);
        Double speed = gflops();
        Double percent = percentOfPeak();
        return best == null || speed == null || percent == null ? null : percent * best / speed;
    }
}
