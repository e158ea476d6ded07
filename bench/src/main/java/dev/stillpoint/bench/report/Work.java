package dev.stillpoint.bench.report;

import dev.stillpoint.matrix.Precision;

/// What a peak belongs to: a precision and a number of threads.
record Work(Precision precision, int threads) {
    @Override
    public String toString() {
        return precision.label() + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
}
