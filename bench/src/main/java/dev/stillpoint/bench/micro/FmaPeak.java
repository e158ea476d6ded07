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
/// The figure that other figures are given in per cent of. How many chains a machine wants depends on its registers
/// and units, so the peak is the best of both numbers of chains. Whatever disturbs a measurement lowers it: the
/// peak is the best iteration, not the mean.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 50, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = FmaPeak.VECTOR_MODULE)
public class FmaPeak {
    /// What a JVM needs to be told before it can run this.
    public static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

    /// Long against a call, short against an iteration of JMH: some ten microseconds.
    private static final int ROUNDS = 1 << 13;

    /// How long [#measure] runs each loop.
    private static final long MEASURE_NANOS = 250_000_000;

    /// Operands whose product is exact and whose sums stay far from overflow; no compiler knows their values.
    private double a = 1.5;

    private double b = 0.75;

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

    /// The peak of the calling thread, in GFLOP/s: the best of many short runs of either loop. Takes about half a
    /// second, most of it until the loops are compiled; where the run of a benchmark is at hand, its figure is
    /// better.
    public static double measure(Precision precision) {
        double best = 0;
        for (Chains chains : Chains.values()) {
            FmaPeak peak = new FmaPeak();
            double expected = run(precision, chains, ROUNDS, peak.a, peak.b);
            long end = System.nanoTime() + MEASURE_NANOS;
            long now = System.nanoTime();
            while (now < end) {
                long start = now;
                double result = run(precision, chains, ROUNDS, peak.a, peak.b);
                now = System.nanoTime();
                if (result != expected) {
                    throw new IllegalStateException("the loop gave " + result + " after " + expected);
                }
                best = Math.max(best, (double) flops(precision, chains, ROUNDS) / (now - start));
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

    /// Runs `rounds` rounds of the loop: `lanes (C (C - 1) / 2 + C rounds a b)` for `C` chains, exact as long as the
    /// precision holds it.
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
