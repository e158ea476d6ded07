package dev.stillpoint.wellposed;

import dev.stillpoint.internal.engine.Crew;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/// Work on the rows of a matrix, each by itself, on threads that end with the call. A thread takes the next few
/// rows when it is done with those that it has, so which thread works on a row is a matter of chance.
final class RowThreads {
    /// Rows taken at a time.
    private static final int CHUNK = 8;

    /// What a thread is worth starting for: some tens of microseconds of work.
    private static final long LEAST_VALUES = 1 << 14;

    private final int rows;
    private final AtomicLong next = new AtomicLong();
    private final AtomicInteger refused = new AtomicInteger(Integer.MAX_VALUE);

    private RowThreads(int rows) {
        this.rows = rows;
    }

    /// Works on all rows. After a row is refused, rows behind it may be left out, those before it are not.
    ///
    /// @param threads at most, the caller's included
    /// @param workers supplies what works on one row after another, for each thread its own; its result is whether
    ///     the row is accepted
    /// @return the first row that was refused, or -1
    static int run(int rows, int columns, int threads, Supplier<IntPredicate> workers) {
        RowThreads work = new RowThreads(rows);
        long worth = Math.min((long) rows * columns / LEAST_VALUES, rows / CHUNK);
        int count = (int) Math.min(threads, 1 + worth);
        try (Crew crew = new Crew(count, "stillpoint-rows-")) {
            // An interrupt does not leave a matrix half done: what is left takes milliseconds.
            crew.run(count, _ -> work.run(workers.get()), () -> {});
        }
        int first = work.refused.get();
        return first == Integer.MAX_VALUE ? -1 : first;
    }

    private void run(IntPredicate worker) {
        // Rows are taken in increasing order, so all before a refused one have been taken too.
        for (long from = next.getAndAdd(CHUNK); from < Math.min(rows, refused.get()); from = next.getAndAdd(CHUNK)) {
            int end = (int) Math.min(rows, from + CHUNK);
            for (int i = (int) from; i < end; i++) {
                if (!worker.test(i)) {
                    refused.accumulateAndGet(i, Math::min);
                    return;
                }
            }
        }
    }
}
