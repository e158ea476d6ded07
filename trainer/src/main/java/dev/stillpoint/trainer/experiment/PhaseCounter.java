package dev.stillpoint.trainer.experiment;

import java.util.function.IntConsumer;

/// Adds up the steps of one phase that several threads do, and tells a [Progress] of the sum.
final class PhaseCounter implements IntConsumer {
    private final Progress progress;
    private final String phase;
    private final long total;
    private long done;

    /// A counter; the progress is told that the phase begins.
    PhaseCounter(Progress progress, String phase, long total) {
        this.progress = progress;
        this.phase = phase;
        this.total = total;
        progress.report(phase, 0, total);
    }

    @Override
    public synchronized void accept(int steps) {
        done += steps;
        progress.report(phase, done, total);
    }
}
