package dev.stillpoint.bench.solve;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.bench.micro.FmaPeak;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A batch whose last sample takes many times the iterations of the others: a [Countdown].
///
/// The work of such a batch is the sum of its samples' iterations; what it takes longer than that is what a
/// straggler costs. The steady time of an iteration is that of the same batch with `last = iterations`.
///
/// Timed is the whole solve. Counted are the products, `2 n^2` operations an iteration. Each solve checks its sum
/// of iterations.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = FmaPeak.VECTOR_MODULE)
public class StragglerBenchmark {
    @Param("256")
    int n;

    @Param("4000")
    int m;

    @Param
    Precision precision;

    @Param("1")
    int threads;

    /// Iterations of every sample but the last.
    @Param("20")
    int iterations;

    /// Iterations of the last sample.
    @Param("2000")
    int last;

    /// A device of the CPU backend, such as `scalar`; empty for the one it prefers.
    @Param("")
    String device;

    private long flopsOfAnIteration;
    private SolvePlan plan;
    private SolveRequest request;

    /// For JMH.
    public StragglerBenchmark() {}

    /// Makes the problem and prepares the plan.
    @Setup
    public void prepare() {
        var equation = Countdown.equation(n, precision);
        flopsOfAnIteration = equation.a().flops();
        Backend backend = device.isEmpty() ? Backend.cpu() : Backend.open("cpu", device);
        plan = backend.prepare(equation, Solver.picard(), Countdown.stopping(), new PlanOptions(precision, threads));
        request = SolveRequest.of(Countdown.inputs(m, precision))
                .from(Countdown.starts(n, m, precision, iterations, last))
                .into(Matrix.zeros(precision, m, n));
    }

    /// Closes the plan.
    @TearDown
    public void close() {
        plan.close();
    }

    /// One solve.
    @Benchmark
    public SolveResult solve(CalmProbe probe, CallCounter counter) throws Exception {
        return probe.call(counter, () -> plan.solve(request), this::flops);
    }

    private long flops(SolveResult result) {
        long expected = totalIterations(m, iterations, last);
        if (result.totalIterations() != expected) {
            throw new IllegalStateException(
                    "the samples took %d iterations, expected %d".formatted(result.totalIterations(), expected));
        }
        return expected * flopsOfAnIteration;
    }

    /// The sum of the iterations of `m` samples.
    public static long totalIterations(int m, int iterations, int last) {
        return (m - 1L) * iterations + last;
    }
}
