package dev.stillpoint.bench.solve;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.validation.problem.Problem;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// A batch of [BenchmarkProblem] solved on the CPU, in GFLOP/s.
///
/// Every sample takes all `iterations`, each with its product by `A` and, every `checkInterval` iterations, its
/// residual. Counted are the products alone, `2 n^2` operations an iteration and `2 n p` for `Bu`, of every
/// sample and for the iterations that it really took; timed is the whole solve.
public class SolveBenchmark extends PlanBenchmark {
    @Param({"32", "64", "128", "256", "512"})
    int n;

    @Param("256")
    int m;

    /// The label of an activation.
    @Param("relu")
    String activation;

    @Param("20")
    int iterations;

    @Param("1")
    int checkInterval;

    private Problem problem;
    private SolvePlan plan;
    private SolveRequest request;

    /// For JMH.
    public SolveBenchmark() {}

    /// Makes the problem and prepares the plan.
    @Setup
    public void prepare() {
        problem = BenchmarkProblem.spec(n, m, Activation.parse(activation), precision, iterations, checkInterval)
                .generate();
        plan = backend().prepare(problem.equation(), problem.solver(), problem.stopping(), options());
        request = SolveRequest.of(problem.inputs()).into(Matrix.zeros(precision, m, n));
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
        return result.totalIterations() * problem.equation().a().flops()
                + result.samples() * problem.equation().b().flops();
    }
}
