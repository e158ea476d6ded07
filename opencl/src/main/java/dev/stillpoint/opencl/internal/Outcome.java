package dev.stillpoint.opencl.internal;

import dev.stillpoint.solver.Status;

/// What a kernel says of a sample.
enum Outcome {
    /// Not done.
    PENDING(0),
    CONVERGED(1),
    MAX_ITERATIONS(2),
    DIVERGED(3),
    /// Its input or start is not finite.
    NON_FINITE(4);

    private final int code;

    Outcome(int code) {
        this.code = code;
    }

    /// The number.
    int code() {
        return code;
    }

    /// The outcome of a number.
    static Outcome of(int code) {
        for (Outcome outcome : values()) {
            if (outcome.code == code) {
                return outcome;
            }
        }
        throw new IllegalStateException("no outcome has the number " + code);
    }

    /// The status of a sample that is done.
    Status status() {
        return switch (this) {
            case PENDING -> throw new IllegalStateException("the sample is not done");
            case CONVERGED -> Status.CONVERGED;
            case MAX_ITERATIONS -> Status.MAX_ITERATIONS;
            case DIVERGED -> Status.DIVERGED;
            case NON_FINITE -> Status.NON_FINITE;
        };
    }

    /// Defines the numbers under the names.
    static void define(Prelude prelude) {
        for (Outcome outcome : values()) {
            prelude.define(outcome.name(), outcome.code);
        }
    }
}
