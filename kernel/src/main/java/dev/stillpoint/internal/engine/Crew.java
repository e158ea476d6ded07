package dev.stillpoint.internal.engine;

import dev.stillpoint.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The caller's thread and some more, which do the shares of one task at a time.
///
/// Threads start with the first task that needs them, so that a crew of one never has any; they are daemons and
/// end with [#close()].
public final class Crew implements AutoCloseable {
    private final ExecutorService others;

    /// A crew.
    ///
    /// @param threads the caller's included, at least 1
    /// @param name what the threads are called, with a number behind it
    public Crew(int threads, String name) {
        others = Executors.newFixedThreadPool(
                Math.max(1, threads - 1),
                Thread.ofPlatform().name(name, 1).daemon().factory());
    }

    /// Does the shares `0 ... count - 1`, each on a thread of its own, the first on the caller's, and waits for
    /// all, also when interrupted: `cancel` is then called, and the interrupt flag set again. A share that fails
    /// calls `cancel` too, and what it threw is thrown here.
    ///
    /// @param count at most the number of threads
    public void run(int count, IntConsumer share, Runnable cancel) {
        List<Future<?>> waiting = new ArrayList<>();
        for (int k = 1; k < count; k++) {
            int own = k;
            waiting.add(others.submit(() -> guarded(own, share, cancel)));
        }
        Throwable failure = null;
        try {
            guarded(0, share, cancel);
        } catch (RuntimeException | Error thrown) {
            failure = thrown;
        }
        for (Future<?> other : waiting) {
            Throwable thrown = join(other, cancel);
            failure = failure == null ? thrown : failure;
        }
        switch (failure) {
            case null -> {}
            case RuntimeException thrown -> throw thrown;
            case Error thrown -> throw thrown;
            default -> throw new IllegalStateException(failure);
        }
    }

    /// Checks that as many threads may read a matrix.
    ///
    /// @throws IllegalArgumentException when there are several, and it lies in a confined arena
    public static void checkAccess(String name, Matrix matrix, int threads) {
        // Never started: what it may access, any thread may.
        if (threads > 1 && !matrix.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {}))) {
            throw new IllegalArgumentException(name + " lies in a confined arena, which one thread alone may read, and"
                    + " " + threads + " threads are asked for: use a shared arena, or one thread");
        }
    }

    private static void guarded(int k, IntConsumer share, Runnable cancel) {
        try {
            share.accept(k);
        } catch (RuntimeException | Error thrown) {
            cancel.run();
            throw thrown;
        }
    }

    /// Waits for a share; what it threw, or null.
    private static @Nullable Throwable join(Future<?> share, Runnable cancel) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    share.get();
                    return null;
                } catch (InterruptedException _) {
                    interrupted = true;
                    cancel.run();
                } catch (ExecutionException thrown) {
                    return thrown.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Ends the threads, once what they do is done.
    @Override
    public void close() {
        others.shutdown();
    }
}
