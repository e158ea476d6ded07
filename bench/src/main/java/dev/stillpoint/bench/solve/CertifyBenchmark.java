package dev.stillpoint.bench.solve;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.ConvergenceException;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.validation.problem.Problem;
import dev.stillpoint.wellposed.Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// What bounds of all errors cost beside the solve of a batch of [BenchmarkProblem].
///
/// A round is four solves: to convergence, the same with a certificate, and of `few` and `many` iterations of
/// every sample without any test before the last, whose difference is the time of an iteration. Each round begins
/// with another of them, so that what disturbs the machine for a while disturbs all. The certificate is made
/// outside, as the first of its JVM, and its time kept apart.
@Measurement(iterations = 7, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class CertifyBenchmark extends PlanBenchmark {
    /// When a sample is done.
    public static final StoppingRule STOPPING = SolverComparison.STOPPING;

    @Param("256")
    int n;

    /// Values of an input, or 0 for as many as states.
    @Param("0")
    int p;

    @Param("4096")
    int m;

    /// Iterations of the shorter solve.
    @Param("20")
    int few;

    /// Iterations of the longer one.
    @Param("100")
    int many;

    private Problem problem;

    /// Of `few` iterations, of `many`, to convergence, and that with the certificate.
    private List<SolvePlan> plans;

    private SolveRequest request;
    private long certificateNanos;
    private int round;

    /// For JMH.
    public CertifyBenchmark() {}

    /// Makes the problem and its certificate, and prepares the plans.
    ///
    /// @throws ConvergenceException when a sample does not converge
    /// @throws IllegalStateException when a sample has no bound
    @Setup
    public void prepare() {
        problem = BenchmarkProblem.spec(n, p == 0 ? n : p, m, Activation.relu(), precision, many, many)
                .generate();
        long start = System.nanoTime();
        Certificate certificate = Certificate.of(problem.equation());
        certificateNanos = System.nanoTime() - start;
        plans = List.of(
                plan(new StoppingRule(0, 0, few, few), null),
                plan(new StoppingRule(0, 0, many, many), null),
                plan(STOPPING, null),
                plan(STOPPING, certificate));
        request = SolveRequest.of(problem.inputs()).into(Matrix.zeros(precision, m, n));
        check(plans.getLast().solve(request));
    }

    /// Closes the plans.
    @TearDown
    public void close() {
        plans.forEach(SolvePlan::close);
    }

    private SolvePlan plan(StoppingRule stopping, @Nullable Certificate certificate) {
        PlanOptions options = new PlanOptions(precision, threads, certificate);
        return backend().prepare(problem.equation(), problem.solver(), stopping, options);
    }

    private static void check(SolveResult result) {
        result.orThrow();
        for (int i = 0; i < result.samples(); i++) {
            if (result.errorBound(i).isEmpty()) {
                throw new IllegalStateException("sample %d has no bound of its error".formatted(i));
            }
        }
    }

    /// One round.
    ///
    /// @return the results of the four solves
    @Benchmark
    public List<SolveResult> round(CalmProbe probe, CallCounter calls, CertifyCounter counter) throws Exception {
        return probe.call(calls, () -> round(counter), this::flops);
    }

    private List<SolveResult> round(CertifyCounter counter) {
        SolveResult[] results = new SolveResult[plans.size()];
        long[] nanos = new long[results.length];
        for (int turn = 0; turn < results.length; turn++) {
            int each = (turn + round) % results.length;
            long start = System.nanoTime();
            results[each] = plans.get(each).solve(request);
            nanos[each] = System.nanoTime() - start;
        }
        round++;
        counter.rounds++;
        counter.fewNanos += nanos[0];
        counter.manyNanos += nanos[1];
        counter.plainNanos += nanos[2];
        counter.certifiedNanos += nanos[3];
        counter.iterations += results[2].totalIterations();
        counter.certificateNanos += certificateNanos;
        return List.of(results);
    }

    /// The products of all four solves.
    private long flops(List<SolveResult> results) {
        long flops = 0;
        for (SolveResult result : results) {
            flops += result.totalIterations() * problem.equation().a().flops()
                    + result.samples() * problem.equation().b().flops();
        }
        return flops;
    }
}
