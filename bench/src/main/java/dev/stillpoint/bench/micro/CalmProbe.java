package dev.stillpoint.bench.micro;

import dev.stillpoint.bench.micro.FmaPeak.Chains;
import dev.stillpoint.matrix.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Tells whether the machine is calm: whether as many threads as a benchmark has get all of their cores right
/// now.
///
/// A virtual processor is often a hardware thread whose sibling runs somebody else's work, for milliseconds or
/// for minutes; both then have about six tenths of the core. No counter of the guest shows it, and means over
/// such times say more about the neighbours than about the code. So a call is timed between two probes, some
/// twenty microseconds each, and is undisturbed when both find a calm machine. A probe is a run of the loop of
/// [FmaPeak], which has to reach the peak, and one of a loop of independent integer instructions, as many a cycle
/// as a core begins, which has to be as fast as any before it. The second is the more sensitive: two threads of a
/// core begin their instructions in turn. With a neighbour it fell to 0.65, while the first, whose instructions
/// are few, kept 0.98 and solves of 32 states 0.56.
@State(Scope.Benchmark)
public class CalmProbe {
    /// The part of the peak that computing has to reach: more than a neighbour leaves it, less than the clock's
    /// own noise takes.
    private static final double CALM_FMA = 0.93;

    /// The part of its best that the loop of integers has to reach.
    private static final double CALM_INTEGERS = 0.9;

    private static final int FMA_ROUNDS = 1 << 13;

    private static final int INTEGER_ROUNDS = 1 << 13;

    @Param
    Precision precision;

    @Param("1")
    int threads = 1;

    /// The number of chains with which the peak was measured.
    @Param("TWELVE")
    Chains chains = Chains.TWELVE;

    /// The peak of all threads, in GFLOP/s; 0 where it is not known, and then every call counts as undisturbed.
    @Param("0")
    double peak;

    private final FmaPeak operands = new FmaPeak();
    private final List<Core> cores = new ArrayList<>();
    private ExecutorService others;

    /// For JMH.
    public CalmProbe() {}

    /// Starts the threads beside the caller's.
    @Setup(Level.Trial)
    public void start() {
        others = Executors.newFixedThreadPool(Math.max(threads - 1, 1));
        for (int i = 0; i < threads; i++) {
            cores.add(new Core());
        }
    }

    /// Ends the threads.
    @TearDown(Level.Trial)
    public void end() {
        others.close();
    }

    /// Makes one call, times it, and counts it with its operations.
    public <T> T call(CallCounter counter, Callable<T> body, ToLongFunction<T> operations) throws Exception {
        boolean calm = calm();
        long start = System.nanoTime();
        T result = body.call();
        long nanos = System.nanoTime() - start;
        calm &= calm();
        long flops = operations.applyAsLong(result);
        counter.calls++;
        counter.nanos += nanos;
        counter.flops += flops;
        if (calm) {
            counter.calmCalls++;
            counter.calmNanos += nanos;
            counter.calmFlops += flops;
            counter.best = Math.max(counter.best, (double) flops / nanos);
        }
        return result;
    }

    private boolean calm() throws InterruptedException, ExecutionException {
        if (peak == 0) {
            return true;
        }
        List<Future<Boolean>> started = new ArrayList<>();
        for (Core core : cores.subList(1, threads)) {
            started.add(others.submit(core::calm));
        }
        boolean calm = cores.getFirst().calm();
        for (Future<Boolean> each : started) {
            calm &= each.get();
        }
        return calm;
    }

    /// What one thread sees.
    private final class Core {
        private double best;
        private double last;

        boolean calm() {
            long start = System.nanoTime();
            double sum = FmaPeak.run(precision, chains, FMA_ROUNDS, operands.a, operands.b);
            long middle = System.nanoTime();
            long bits = integers(INTEGER_ROUNDS);
            double integers = 1.0 / (System.nanoTime() - middle);
            if (Double.isNaN(sum) || bits % 2 == 0) {
                throw new IllegalStateException("the loops gave " + sum + " and " + bits);
            }
            // Two in a row: a clock that was set once does not stay in the way of every other run.
            best = Math.max(best, Math.min(integers, last));
            last = integers;
            double fma = (double) FmaPeak.flops(precision, chains, FMA_ROUNDS) / (middle - start);
            return fma >= CALM_FMA * peak / threads && integers >= CALM_INTEGERS * best;
        }
    }

    /// Five chains of integer instructions that no compiler shortens; the result is odd.
    private static long integers(int rounds) {
        long a = 1;
        long b = 2;
        long c = 3;
        long d = 4;
        long e = 5;
        for (int i = 0; i < rounds; i++) {
            a = a * 3 + i;
            b ^= (b << 1) + i;
            c += c >>> 3;
            d = (d ^ i) + 7;
            e = (e - i) ^ 5;
        }
        return (a ^ b ^ c ^ d ^ e) | 1;
    }
}
