package dev.stillpoint.bench.solve;

import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// A batch whose last sample takes many times the iterations of the others: a [Countdown].
///
/// The work of such a batch is the sum of its samples' iterations; what it takes longer than that is what a
/// straggler costs. The steady time of an iteration is that of the same batch with `last = iterations`.
///
/// Timed is the whole solve. Counted are the products, `2 n^2` operations an iteration. Each solve checks its sum
/// of iterations.
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class StragglerBenchmark extends PlanBenchmark {
    @Param("256")
    int n;

    @Param("4000")
    int m;

    /// Iterations of every sample but the last.
    @Param("20")
    int iterations;

    /// Iterations of the last sample.
    @Param("2000")
    int last;

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
        plan = backend().prepare(equation, Solver.picard(), Countdown.stopping(), options());
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
