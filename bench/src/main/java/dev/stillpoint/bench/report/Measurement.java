package dev.stillpoint.bench.report;

import dev.stillpoint.matrix.Precision;
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
///
/// @param benchmark what was timed
/// @param n states of the problem, of `read` the root of the number of values, of `projection` values of a row
/// @param m samples of the batch, of `projection` rows
/// @param precision the working precision
/// @param threads threads of the plan
/// @param activation the activation's label
/// @param engine what did the work
/// @param configuration what else the figures depend on: of a solve its problem, as the validation suite reads it
/// @param gflops GFLOP/s
/// @param percentOfPeak `gflops` in per cent of the peak of this precision and number of threads in the same run
/// @param gigabytes GB/s, of 10^9 bytes
/// @param percentOfRead `gigabytes` in per cent of those of `read`, of the same precision, threads and `n`, in the
///     same run
/// @param seconds mean time of one call
/// @param undisturbed the calls, in per cent, before and after which the machine reached its peak; speeds and
///     times are theirs, or, where there is none, those of all calls
/// @param best GFLOP/s of the fastest undisturbed call
/// @param ratio see above
public record Measurement(
        String benchmark,
        @Nullable Integer n,
        @Nullable Integer m,
        Precision precision,
        int threads,
        @Nullable String activation,
        String engine,
        String configuration,
        @Nullable Double gflops,
        @Nullable Double percentOfPeak,
        @Nullable Double gigabytes,
        @Nullable Double percentOfRead,
        @Nullable Double seconds,
        @Nullable Double undisturbed,
        @Nullable Double best,
        @Nullable Double ratio) {

    /// A line without figures, sizes and activation.
    static Measurement of(String benchmark, Work work, String engine, String configuration) {
        return new Measurement(
                benchmark,
                null,
                null,
                work.precision(),
                work.threads(),
                null,
                engine,
                configuration,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /// This line for a problem.
    Measurement withProblem(@Nullable Integer size, @Nullable Integer samples, @Nullable String phi) {
        return new Measurement(
                benchmark,
                size,
                samples,
                precision,
                threads,
                phi,
                engine,
                configuration,
                gflops,
                percentOfPeak,
                gigabytes,
                percentOfRead,
                seconds,
                undisturbed,
                best,
                ratio);
    }

    /// This line with a speed and the time of a call.
    Measurement withSpeed(double rate, @Nullable Double time) {
        return new Measurement(
                benchmark,
                n,
                m,
                precision,
                threads,
                activation,
                engine,
                configuration,
                rate,
                percentOfPeak,
                gigabytes,
                percentOfRead,
                time,
                undisturbed,
                best,
                ratio);
    }

    /// This line with the time of a call.
    Measurement withTime(double time) {
        return new Measurement(
                benchmark,
                n,
                m,
                precision,
                threads,
                activation,
                engine,
                configuration,
                gflops,
                percentOfPeak,
                gigabytes,
                percentOfRead,
                time,
                undisturbed,
                best,
                ratio);
    }

    /// This line, its speed in per cent of the peak; one without a speed stays as it is.
    Measurement inPercentOf(double peak) {
        return new Measurement(
                benchmark,
                n,
                m,
                precision,
                threads,
                activation,
                engine,
                configuration,
                gflops,
                gflops == null ? null : 100 * gflops / peak,
                gigabytes,
                percentOfRead,
                seconds,
                undisturbed,
                best,
                ratio);
    }

    /// This line with what was read a second, also in per cent of what can be read.
    Measurement withBandwidth(double rate, double most) {
        return new Measurement(
                benchmark,
                n,
                m,
                precision,
                threads,
                activation,
                engine,
                configuration,
                gflops,
                percentOfPeak,
                rate,
                100 * rate / most,
                seconds,
                undisturbed,
                best,
                ratio);
    }

    /// This line with a ratio.
    Measurement withRatio(double value) {
        return new Measurement(
                benchmark,
                n,
                m,
                precision,
                threads,
                activation,
                engine,
                configuration,
                gflops,
                percentOfPeak,
                gigabytes,
                percentOfRead,
                seconds,
                undisturbed,
                best,
                value);
    }

    /// This line with the part of the calls that were undisturbed, from 0 to 1, and the speed of
    /// the fastest of them, 0 for none.
    Measurement withUndisturbed(double part, double fastest) {
        return new Measurement(
                benchmark,
                n,
                m,
                precision,
                threads,
                activation,
                engine,
                configuration,
                gflops,
                percentOfPeak,
                gigabytes,
                percentOfRead,
                seconds,
                100 * part,
                fastest > 0 ? fastest : null,
                ratio);
    }

    /// The fastest undisturbed call in per cent of the peak.
    @Nullable
    Double bestPercentOfPeak() {
        return best == null || gflops == null || percentOfPeak == null ? null : percentOfPeak * best / gflops;
    }
}
