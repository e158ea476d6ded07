package dev.stillpoint.bench.report;

import dev.stillpoint.matrix.Precision;
import org.jspecify.annotations.Nullable;

/// One line of a report.
///
/// @param benchmark what was timed: `fma-peak` or `solve`
/// @param n states of the problem, or null where there is none
/// @param m samples of the batch, or null where there is none
/// @param precision the working precision
/// @param threads threads that worked
/// @param engine what did the work
/// @param configuration what else the figure depends on: of a solve its problem, as the validation suite reads it
/// @param gflops GFLOP/s: of a peak the best, of anything else the mean
/// @param percentOfPeak `gflops` in per cent of the peak of this precision and number of threads in the same run
/// @param seconds mean time of one call, or null where it means nothing
/// @param ratio speed relative to a peer in the same run, or null where there is none
public record Measurement(
        String benchmark,
        @Nullable Integer n,
        @Nullable Integer m,
        Precision precision,
        int threads,
        String engine,
        String configuration,
        double gflops,
        double percentOfPeak,
        @Nullable Double seconds,
        @Nullable Double ratio) {}
