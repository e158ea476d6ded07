package dev.stillpoint.bench.solve;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.bench.micro.FmaPeak;
import dev.stillpoint.matrix.Precision;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What benchmarks of solves by plans of the CPU share: how JMH runs them, and how a plan works.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = FmaPeak.VECTOR_MODULE)
public abstract class PlanBenchmark {
    @Param
    Precision precision;

    @Param("1")
    int threads;

    /// A device of the CPU backend, such as `scalar`; empty for the one it prefers.
    @Param("")
    String device;

    PlanBenchmark() {}

    /// The backend of the device.
    final Backend backend() {
        return device.isEmpty() ? Backend.cpu() : Backend.open("cpu", device);
    }

    /// Precision and threads.
    final PlanOptions options() {
        return new PlanOptions(precision, threads);
    }
}
