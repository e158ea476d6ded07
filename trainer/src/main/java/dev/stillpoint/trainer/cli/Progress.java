package dev.stillpoint.trainer.cli;

import java.io.Console;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A progress bar on standard error for what takes longer than two seconds, and only where a person sits before a
/// terminal. Steps may come from any thread.
final class Progress implements AutoCloseable {
    private static final Duration DELAY = Duration.ofSeconds(2);

    private final String task;
    private final String unit;
    private final long total;
    private final long start = System.nanoTime();
    private final boolean terminal;
    private final AtomicLong done = new AtomicLong();
    private @Nullable ProgressBar bar;

    /// Progress of `task` over `total` steps of `unit`, such as `samples`.
    Progress(String task, String unit, long total) {
        this.task = task;
        this.unit = unit;
        this.total = total;
        terminal = isTerminal();
    }

    /// Error Prone holds that `System.console()` is never null since Java 22; its documentation says that it may be.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// Counts steps.
    void step(int steps) {
        long now = done.addAndGet(steps);
        if (terminal && System.nanoTime() - start > DELAY.toNanos()) {
            show(now);
        }
    }

    private synchronized void show(long now) {
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setUnit(" " + unit, 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err))
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(now);
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
