package dev.stillpoint.bench.solve;

import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.bench.micro.FmaPeak;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.wellposed.NormProjection;
import java.util.SplittableRandom;
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

/// The projection of a matrix onto those with `|A|_inf <= kappa`, from one matrix into another.
///
/// Entries are normal with variance `1/n`, as weights are often begun with, so rows of a few values and more are
/// far outside. Counted is one operation a value. Each value is read and written: [#bytes].
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = FmaPeak.VECTOR_MODULE)
public class ProjectionBenchmark {
    /// The bound of the norm.
    public static final double KAPPA = 0.95;

    private static final long SEED = 3;

    /// Values of a row.
    @Param("4096")
    int n;

    /// Rows.
    @Param("4096")
    int m;

    @Param
    Precision precision;

    @Param("1")
    int threads;

    private final NormProjection projection = NormProjection.onto(KAPPA);
    private Matrix matrix;
    private Matrix destination;

    /// For JMH.
    public ProjectionBenchmark() {}

    /// Makes the matrices.
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(SEED);
        double deviation = 1 / Math.sqrt(n);
        matrix = Matrix.zeros(precision, m, n);
        destination = Matrix.zeros(precision, m, n);
        double[] row = new double[n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                row[j] = deviation * random.nextGaussian();
            }
            matrix.setRow(i, row, 0);
        }
    }

    /// One projection.
    @Benchmark
    public Matrix project(CalmProbe probe, CallCounter counter) throws Exception {
        return probe.call(
                counter,
                () -> {
                    projection.apply(matrix, destination, threads);
                    return destination;
                },
                _ -> (long) m * n);
    }

    /// The matrix that is projected, for tests.
    Matrix matrix() {
        return matrix;
    }

    /// Bytes that a projection of `m` rows of `n` values reads and writes.
    public static long bytes(int m, int n, Precision precision) {
        return 2L * m * n * precision.bytes();
    }
}
