package dev.stillpoint.bench.solve;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.bench.micro.FlopCounter;
import dev.stillpoint.bench.micro.FmaPeak;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
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

/// A batch of [BenchmarkProblem] solved on the CPU by Picard iteration, in GFLOP/s.
///
/// The tolerances are zero, so every sample takes all `iterations`, each with its product by `A` and, every
/// `checkInterval` iterations, its residual. Counted are the products alone, `2 n^2` operations an iteration and `2 n
/// p`
/// for `Bu`, of every sample; timed is the whole solve.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = FmaPeak.VECTOR_MODULE)
public class SolveBenchmark {
    @Param({"32", "64", "128", "256", "512"})
    int n;

    @Param("256")
    int m;

    @Param
    Precision precision;

    @Param("1")
    int threads;

    @Param("20")
    int iterations;

    @Param("1")
    int checkInterval;

    private FixedPointProblem problem;
    private SolvePlan plan;
    private SolveRequest request;

    /// For JMH.
    public SolveBenchmark() {}

    /// Makes the problem and prepares the plan.
    @Setup
    public void prepare() {
        BenchmarkProblem made = BenchmarkProblem.random(n, m);
        problem = made.problem();
        plan = Backend.cpu()
                .prepare(
                        problem,
                        Solver.picard(),
                        new StoppingRule(0, 0, iterations, checkInterval),
                        new PlanOptions(precision, threads));
        request = SolveRequest.of(made.inputs().toImmutable(precision)).into(Matrix.zeros(precision, m, n));
    }

    /// Closes the plan.
    @TearDown
    public void close() {
        plan.close();
    }

    /// One solve.
    @Benchmark
    public SolveResult solve(FlopCounter counter) {
        SolveResult result = plan.solve(request);
        counter.flops += result.totalIterations() * problem.a().flops()
                + result.samples() * problem.b().flops();
        return result;
    }
}
