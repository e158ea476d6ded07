package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A plan takes the memory that its formula says.
final class FootprintTest {
    private static Stream<Arguments> plans() {
        return CpuEngine.available().stream()
                .filter(engine -> engine != CpuEngine.SCALAR)
                .flatMap(engine -> Stream.of(Precision.values())
                        .flatMap(precision -> Stream.of(3, 100, 300, 1100)
                                .flatMap(n -> Stream.of(
                                                Solver.picard(),
                                                Solver.forwardBackward(0.5),
                                                Solver.peacemanRachford(0.5),
                                                Solver.sequentialAveraging(),
                                                Solver.anderson(3))
                                        .map(solver -> Arguments.of(engine, precision, n, solver)))));
    }

    /// Rows padded to tiles of 8, or of 5 and 4.
    private static long tiles(long n) {
        boolean wide = CpuEngine.available().contains(CpuEngine.V512)
                || System.getProperty("os.arch").equals("aarch64");
        if (wide) {
            return (n + 7) / 8 * 8;
        }
        for (long padded = n; ; padded++) {
            for (long fours = 0; 4 * fours <= padded; fours++) {
                if ((padded - 4 * fours) % 5 == 0) {
                    return padded;
                }
            }
        }
    }

    private static long formula(CpuEngine engine, Precision precision, long n, long p, Solver solver) {
        long e = precision.bytes();
        long lanes = engine.factory(precision).lanes() / 2;
        long width = 2 * lanes;
        long strips = e * n * n > 8 << 20 ? 64 / width : 1;
        long vectors = (n + lanes - 1) / lanes * lanes;
        long resolvents = solver.name().equals("peaceman-rachford") ? 1 : 0;
        boolean accelerates = solver.name().equals("anderson");
        boolean averages = solver.name().equals("sequential-averaging");
        long map = solver.name().equals("picard") || accelerates || averages ? 0 : 1 + resolvents;
        long staged = 3 + resolvents;
        long sums = 2 * ((n + 7) / 8 + 16) + 1;
        long row = Math.max(n, p);
        long panel = width * (strips * ((4 + map) * (n + 16) + sums) + staged * (n + 16) + p + 16) + row;
        long single = (4 + map + staged) * (n + 16) + sums + p + 16 + row;
        if (accelerates) {
            panel += history(strips * width, n);
            single += history(1, n);
        }
        if (averages) {
            panel += averaging(strips * width, n);
            single += averaging(1, n);
        }
        long counters = averages ? 4 * (strips * width + 1) : 0;
        long objects = accelerates ? 4 * (strips * width + 1) + 2 * 8 * 3 : counters;
        return objects + e * ((tiles(n) + vectors) * ((1 + resolvents) * n + p) + n + panel + single);
    }

    /// Values of a history of three.
    private static long history(long lanes, long n) {
        return lanes * (9 * (n + 16) + 2 * ((n + 7) / 8 + 16) + 9 + 6 + 1) + 9 + 6;
    }

    /// Values of two coefficients a lane, and of two sums over its rows.
    private static long averaging(long lanes, long n) {
        return lanes * (2 * ((n + 7) / 8 + 16) + 2);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void theFormulaIsWhatAPlanSays(CpuEngine engine, Precision precision, int n, Solver solver) {
        FixedPointProblem problem = Batches.contraction(n, 50, 0.9, Activation.relu(), n);
        try (SolvePlan plan = new CpuBackend(engine)
                .prepare(problem, solver, StoppingRule.mixed(1e-3), new PlanOptions(precision, 1))) {
            assertEquals(formula(engine, precision, n, 50, solver), plan.footprint());
        }
    }

    /// Without inputs, and with starts that are refused, nothing is computed: vectors that are not compiled yet
    /// would take memory of their own.
    @ParameterizedTest
    @MethodSource("plans")
    void whatAPlanSaysIsWhatItTakes(CpuEngine engine, Precision precision, int n, Solver solver) {
        FixedPointProblem problem = Batches.contraction(n, 0, 0.9, Activation.relu(), n);
        Matrix start = Matrix.zeros(precision, 1, n);
        start.set(0, 0, Double.NaN);
        SolveRequest request =
                SolveRequest.of(Matrix.zeros(precision, 1, 0)).from(start).into(Matrix.zeros(precision, 1, n));
        long footprint = 0;
        long allocated = Long.MAX_VALUE;
        // The first round loads classes.
        for (int round = 0; round < 2; round++) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            try (SolvePlan plan = new CpuBackend(engine)
                    .prepare(problem, solver, StoppingRule.mixed(1e-3), new PlanOptions(precision, 1))) {
                plan.solve(request);
                footprint = plan.footprint();
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(allocated >= footprint, allocated + " bytes allocated, " + footprint + " said");
        // Beside it: a row for each of four packed forms, lists of tiles, and vectors for the bias, each boxed as it is
        // loaded and stored; 64 bytes for each of n values cover that, and 64 KB the objects of a plan.
        long more = allocated - footprint;
        // A resolvent is computed in double precision, whose memory goes again.
        boolean setsUp = solver.name().equals("peaceman-rachford");
        assertTrue(setsUp || more < 64L * n + (64 << 10), more + " bytes more than " + footprint);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void threadsHavePanelsOfTheirOwn(CpuEngine engine, Precision precision, int n, Solver solver) {
        FixedPointProblem problem = Batches.contraction(n, 5, 0.9, Activation.relu(), n);
        StoppingRule stopping = StoppingRule.mixed(1e-3);
        long[] bytes = new long[4];
        for (int threads = 1; threads <= 3; threads++) {
            try (SolvePlan plan =
                    new CpuBackend(engine).prepare(problem, solver, stopping, new PlanOptions(precision, threads))) {
                bytes[threads] = plan.footprint();
            }
        }
        assertTrue(bytes[1] < bytes[2]);
        assertEquals(bytes[2] - bytes[1], bytes[3] - bytes[2]);
    }
}
