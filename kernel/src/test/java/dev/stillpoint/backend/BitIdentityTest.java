package dev.stillpoint.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SemismoothNewton;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A sample's result is its own: the same bits, iterations and status over threads, order, cuts and neighbours.
final class BitIdentityTest {
    private static final int SAMPLES = 207;
    private static final int P = 5;

    static Stream<Arguments> cases() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(
                                Activation.relu(),
                                Activation.leakyRelu(0.1),
                                Activation.tanh(),
                                Activation.sigmoid(),
                                Activation.identity(),
                                Activation.softmax(3))
                        .flatMap(activation -> Stream.of(
                                        Solver.picard(),
                                        Solver.picard(0.7),
                                        Solver.forwardBackward(0.6),
                                        Solver.peacemanRachford(0.6),
                                        Solver.douglasRachford(0.6),
                                        Solver.anderson(4),
                                        Solver.broyden(4),
                                        Solver.newton(Inner.KRYLOV),
                                        Solver.newton(),
                                        COURSE,
                                        Solver.sequentialAveraging())
                                .flatMap(solver -> Stream.of(1, 7)
                                        .map(interval -> Arguments.of(precision, activation, solver, interval)))));
    }

    /// Short of patience, so that samples are in all legs.
    private static final Course COURSE = new Course(List.of(
            new Course.Leg(Solver.picard(0.5), 2),
            new Course.Leg(Solver.broyden(2), 3),
            new Course.Leg(Solver.newton(Inner.KRYLOV), 5),
            new Course.Leg(Solver.anderson(3), Course.Leg.TO_THE_END)));

    private static StoppingRule stopping(Precision precision, int interval) {
        return StoppingRule.mixed(64 * precision.unitRoundoff())
                .withMaxIterations(60)
                .withCheckInterval(interval);
    }

    private static SolveResult solve(
            FixedPointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options, Matrix inputs) {
        try (SolvePlan plan = Backend.cpu().prepare(problem, solver, stopping, options)) {
            return plan.solve(inputs);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void threadsOrderAndCutsChangeNothing(Precision precision, Activation activation, Solver solver, int interval) {
        FixedPointProblem problem = Batches.contraction(39, P, 0.9, activation, 11);
        StoppingRule stopping = stopping(precision, interval);
        Matrix inputs = Batches.inputs(SAMPLES, P, precision, 5);
        PlanOptions one = new PlanOptions(precision, 1);
        SolveResult whole = solve(problem, solver, stopping, one, inputs);

        SolveResult two = solve(problem, solver, stopping, one.withThreads(2), inputs);
        SolveResult three = solve(problem, solver, stopping, one.withThreads(3), inputs);
        for (int i = 0; i < SAMPLES; i++) {
            Batches.assertSame(whole, i, two, i, "two threads");
            Batches.assertSame(whole, i, three, i, "three threads");
        }

        int[] order = IntStream.range(0, SAMPLES).toArray();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = SAMPLES - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        SolveResult shuffled = solve(problem, solver, stopping, one, Batches.rows(inputs, order));
        for (int i = 0; i < SAMPLES; i++) {
            Batches.assertSame(whole, order[i], shuffled, i, "shuffled");
        }

        try (SolvePlan plan = Backend.cpu().prepare(problem, solver, stopping, one)) {
            for (int m : new int[] {0, 1, 2, 31, 33, SAMPLES}) {
                SolveResult head = plan.solve(inputs.slice(0, m));
                SolveResult tail = plan.solve(inputs.slice(m, SAMPLES));
                assertEquals(m, head.samples());
                for (int i = 0; i < SAMPLES; i++) {
                    Batches.assertSame(whole, i, i < m ? head : tail, i < m ? i : i - m, "cut at " + m);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void neighboursChangeNothing(Precision precision, Activation activation, Solver solver, int interval) {
        FixedPointProblem problem = Batches.contraction(39, P, 0.9, activation, 11);
        StoppingRule stopping = stopping(precision, interval);
        Matrix inputs = Batches.inputs(SAMPLES, P, precision, 5);
        PlanOptions options = new PlanOptions(precision, 1);
        SolveResult alone = solve(problem, solver, stopping, options, inputs);

        Matrix sick = Batches.rows(inputs, IntStream.range(0, SAMPLES).toArray());
        double huge = precision == Precision.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        for (int i = 0; i < SAMPLES; i += 3) {
            double[] poison = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, huge, -huge};
            sick.set(i, i % P, poison[i / 3 % poison.length]);
        }
        SolveResult among = solve(problem, solver, stopping, options, sick);
        for (int i = 0; i < SAMPLES; i++) {
            if (i % 3 != 0) {
                Batches.assertSame(alone, i, among, i, "among the sick");
            } else if (i / 3 % 5 < 3) {
                assertEquals(Status.NON_FINITE, among.status(i));
                assertEquals(0, among.iterations(i));
                assertTrue(Double.isNaN(among.residual(i))
                        && Double.isNaN(among.states().get(i, 0)));
            }
        }
    }

    /// A lane that is refilled at once must not see its predecessor, whatever their iteration counts.
    @ParameterizedTest
    @MethodSource("cases")
    void refilledLanesStartAfresh(Precision precision, Activation activation, Solver solver, int interval) {
        FixedPointProblem problem = Batches.contraction(12, P, 0.9, activation, 2);
        StoppingRule stopping = stopping(precision, interval).withMaxIterations(1000);
        Matrix inputs = Batches.inputs(500, P, precision, 8);
        PlanOptions options = new PlanOptions(precision, 1);
        try (SolvePlan plan = Backend.cpu().prepare(problem, solver, stopping, options)) {
            SolveResult whole = plan.solve(inputs);
            int[] counts =
                    IntStream.range(0, 500).map(whole::iterations).distinct().toArray();
            // Sequential averaging is slow: no sample is done. Newton solves a linear map in one step.
            boolean alike = solver instanceof SequentialAveraging
                    || (solver instanceof SemismoothNewton && activation.label().equals("identity"));
            boolean spread = interval == 1 && !alike;
            assertTrue(counts.length > 1 || !spread, () -> "iterations " + Arrays.toString(counts));
            for (int i = 0; i < 500; i += 7) {
                Batches.assertSame(whole, i, plan.solve(inputs.slice(i, i + 1)), 0, "alone");
            }
        }
    }
}
