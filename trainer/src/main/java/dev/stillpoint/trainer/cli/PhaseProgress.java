package dev.stillpoint.trainer.cli;

import org.jspecify.annotations.Nullable;

/// Progress of a run of several phases: a bar for each one that takes long.
final class PhaseProgress implements AutoCloseable {
    private @Nullable String phase;
    private @Nullable Progress progress;
    private long done;

    /// Notes that `phase` has come to `done` of `total`.
    void report(String phase, long done, long total) {
        if (progress == null || !phase.equals(this.phase)) {
            close();
            progress = new Progress(phase, "steps", total);
            this.phase = phase;
            this.done = 0;
        }
        progress.step(Math.toIntExact(done - this.done));
        this.done = done;
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
