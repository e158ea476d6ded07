package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

final class RowThreadsTest {
    private static final int WIDE = 1 << 14;

    @Test
    void everyRowIsWorkedOnOnce() {
        for (int rows : new int[] {0, 1, 7, 8, 9, 100}) {
            for (int threads = 1; threads <= 4; threads++) {
                AtomicIntegerArray visits = new AtomicIntegerArray(rows);
                assertEquals(-1, RowThreads.run(rows, WIDE, threads, () -> i -> visits.incrementAndGet(i) == 1));
                for (int i = 0; i < rows; i++) {
                    assertEquals(1, visits.get(i), "row %d of %d, %d threads".formatted(i, rows, threads));
                }
            }
        }
    }

    /// All workers meet before any of them goes on, so each has its own thread; those end, the caller's goes on.
    @Test
    void asManyThreadsAsAskedForWork() throws InterruptedException {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(3);
        RowThreads.run(200, WIDE, 3, () -> {
            seen.add(Thread.currentThread());
            all.countDown();
            await(all);
            return _ -> true;
        });
        assertEquals(3, seen.size());
        assertTrue(seen.remove(Thread.currentThread()), "the caller works too");
        for (Thread thread : seen) {
            assertTrue(thread.join(Duration.ofMinutes(1)), "a thread ends after the call");
        }
    }

    @Test
    void littleWorkStartsNoThread() {
        AtomicInteger workers = new AtomicInteger();
        RowThreads.run(100, 163, 4, () -> {
            workers.incrementAndGet();
            return _ -> true;
        });
        assertEquals(1, workers.get());
    }

    @Test
    void theFirstRefusedRowIsFound() {
        for (int threads = 1; threads <= 4; threads++) {
            assertEquals(37, RowThreads.run(100, WIDE, threads, () -> i -> i < 37 || i % 3 != 1));
        }
    }

    /// What a thread throws reaches the caller as it is. The caller's own worker waits for the other to have a row.
    @Test
    void failuresReachTheCaller() {
        Thread caller = Thread.currentThread();
        IllegalStateException failure = new IllegalStateException("lost");
        CountDownLatch failing = new CountDownLatch(1);
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> RowThreads.run(100, WIDE, 2, () -> _ -> {
                    if (!Thread.currentThread().equals(caller)) {
                        failing.countDown();
                        throw failure;
                    }
                    await(failing);
                    return true;
                }));
        assertSame(failure, thrown);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(1, TimeUnit.MINUTES), "another thread works too");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
