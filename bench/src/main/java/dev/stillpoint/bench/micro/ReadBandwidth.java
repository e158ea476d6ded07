package dev.stillpoint.bench.micro;

import dev.stillpoint.matrix.Precision;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// How fast a thread reads an array of `n^2` values that it has read before, or several threads one each, in GB/s.
///
/// The figure that a solve of one sample is given in per cent of: each of its iterations reads the matrix `A` of
/// `n^2` values once, from whichever cache or memory holds that many, and does little else. Loads of preferred
/// vectors and additions are all that the loop has. As with [FmaPeak], whatever disturbs a measurement lowers it:
/// the bandwidth is the best iteration, not the mean.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 25, time = 40, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = FmaPeak.VECTOR_MODULE)
public class ReadBandwidth {
    /// Values that a call reads at least, in as many passes as that takes: long against a call and the sum's end.
    private static final int LEAST_VALUES = 1 << 18;

    @Param("256")
    int n;

    @Param
    Precision precision;

    private float[] singles = {};
    private double[] doubles = {};
    private int passes;

    /// For JMH.
    public ReadBandwidth() {}

    /// Makes the array, all of it written, so that every page of it is there.
    ///
    /// @throws ArithmeticException when `n^2` passes the size of an array
    @Setup
    public void fill() {
        int values = Math.multiplyExact(n, n);
        passes = Math.max(1, LEAST_VALUES / values);
        switch (precision) {
            case F32 -> {
                singles = new float[values];
                Arrays.fill(singles, 0.5f);
            }
            case F64 -> {
                doubles = new double[values];
                Arrays.fill(doubles, 0.5);
            }
        }
    }

    /// Reads the array, once or several times: the sum of what was read.
    @Benchmark
    public double read(ByteCounter counter) {
        counter.bytes += (long) precision.bytes() * n * n * passes;
        return switch (precision) {
            case F32 -> ReadLoopF32.sum(singles, passes);
            case F64 -> ReadLoopF64.sum(doubles, passes);
        };
    }
}
