package dev.stillpoint.bench.micro;

import dev.stillpoint.matrix.Precision;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The machine's peak: fused multiply-adds on the preferred vectors and nothing else, in GFLOP/s.
///
/// The figure that other figures are given in per cent of. How many chains a machine wants depends on its
/// registers and units, so the peak is the best of both numbers of chains. Whatever disturbs a measurement lowers
/// it: the peak is the best iteration, not the mean.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 50, time = 20, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = FmaPeak.VECTOR_MODULE)
public class FmaPeak {
    /// What a JVM needs to be told before it can run this.
    public static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

    /// Long against a call, short against an iteration of JMH: some ten microseconds.
    private static final int ROUNDS = 1 << 13;

    /// Runs of a loop that [#measure] makes at least: some milliseconds once the loop is compiled, and long
    /// enough to see it compiled where compilers have to wait for a busy machine.
    private static final int MIN_RUNS = 1000;

    /// How long a figure of [#measure] has to stand.
    private static final long STANDING_NANOS = 200_000_000;

    /// What counts as much better: more than noise, less than what a better compilation gains.
    private static final double MUCH = 1.1;

    /// Operands whose product is exact and whose sums stay far from overflow; no compiler knows their values.
    double a = 1.5;

    double b = 0.75;

    @Param
    Precision precision;

    @Param
    Chains chains;

    /// How many independent chains a loop has.
    public enum Chains {
        /// For 16 vector registers.
        TWELVE(12),
        /// For 32 vector registers.
        TWENTY_FOUR(24);

        private final int count;

        Chains(int count) {
            this.count = count;
        }

        /// The number.
        public int count() {
            return count;
        }
    }

    /// For JMH.
    public FmaPeak() {}

    /// The peak of the calling thread, in GFLOP/s: the best of many runs of either loop, each some ten
    /// microseconds long. Takes about a second, most of it until the loops are compiled, and longer on a busy
    /// machine: a loop is run often, and until no run has been much better for a while.
    public static double measure(Precision precision) {
        double best = 0;
        for (Chains chains : Chains.values()) {
            best = Math.max(best, measure(precision, chains));
        }
        return best;
    }

    private static double measure(Precision precision, Chains chains) {
        FmaPeak peak = new FmaPeak();
        double expected = run(precision, chains, ROUNDS, peak.a, peak.b);
        double best = 0;
        double standing = 0;
        long now = System.nanoTime();
        long standingSince = now;
        for (int runs = 0; runs < MIN_RUNS || now - standingSince < STANDING_NANOS; runs++) {
            long start = now;
            double result = run(precision, chains, ROUNDS, peak.a, peak.b);
            now = System.nanoTime();
            if (result != expected) {
                throw new IllegalStateException("the loop gave " + result + " after " + expected);
            }
            best = Math.max(best, (double) flops(precision, chains, ROUNDS) / (now - start));
            if (best > MUCH * standing) {
                standing = best;
                standingSince = now;
            }
        }
        return best;
    }

    /// One run of the loop.
    @Benchmark
    public double fma(FlopCounter counter) {
        counter.flops += flops(precision, chains, ROUNDS);
        return run(precision, chains, ROUNDS, a, b);
    }

    /// Runs `rounds` rounds of the loop: `lanes (C (C - 1) / 2 + C rounds a b)` for `C` chains, exact as long as
    /// the precision holds it.
    static double run(Precision precision, Chains chains, int rounds, double a, double b) {
        return switch (precision) {
            case F32 ->
                switch (chains) {
                    case TWELVE -> FmaLoopF32.chains12(rounds, (float) a, (float) b);
                    case TWENTY_FOUR -> FmaLoopF32.chains24(rounds, (float) a, (float) b);
                };
            case F64 ->
                switch (chains) {
                    case TWELVE -> FmaLoopF64.chains12(rounds, a, b);
                    case TWENTY_FOUR -> FmaLoopF64.chains24(rounds, a, b);
                };
        };
    }

    /// Floating-point operations of `rounds` rounds.
    static long flops(Precision precision, Chains chains, int rounds) {
        return 2L * chains.count() * lanes(precision) * rounds;
    }

    /// Values in the preferred vector.
    static int lanes(Precision precision) {
        return switch (precision) {
            case F32 -> FmaLoopF32.lanes();
            case F64 -> FmaLoopF64.lanes();
        };
    }
}
