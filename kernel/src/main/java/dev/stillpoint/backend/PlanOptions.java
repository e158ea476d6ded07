package dev.stillpoint.backend;

import dev.stillpoint.matrix.Precision;
import dev.stillpoint.wellposed.Certificate;
import org.jspecify.annotations.Nullable;

/// How a plan works.
///
/// @param precision the working precision: model, inputs and states are rounded to it
/// @param threads threads that work on a solve, the caller's included, at least 1; no result depends on it
/// @param certificate what bounds the error of every state that is found, or null for no bounds
public record PlanOptions(
        Precision precision, int threads, @Nullable Certificate certificate) {
    /// Checks the options.
    ///
    /// @throws IllegalArgumentException when `threads` is below 1
    public PlanOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
    }

    /// Options without a certificate.
    ///
    /// @throws IllegalArgumentException when `threads` is below 1
    public PlanOptions(Precision precision, int threads) {
        this(precision, threads, null);
    }

    /// FP32, and as many threads as the machine has processors.
    public static PlanOptions defaults() {
        return new PlanOptions(Precision.F32, Runtime.getRuntime().availableProcessors());
    }

    /// These options in another precision.
    public PlanOptions withPrecision(Precision precision) {
        return new PlanOptions(precision, threads, certificate);
    }

    /// These options with another number of threads.
    public PlanOptions withThreads(int threads) {
        return new PlanOptions(precision, threads, certificate);
    }

    /// These options with bounds of errors by `certificate`, which is that of the problem.
    public PlanOptions withCertificate(Certificate certificate) {
        return new PlanOptions(precision, threads, certificate);
    }
}
