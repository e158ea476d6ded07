package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.DouglasRachford;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.PeacemanRachford;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every vector engine of this machine gives the bits of the scalar twin.
final class VectorTwinTest {
    private static final int P = 7;

    /// States of which `A` is too large for one strip at a time.
    private static final int LARGE = 1500;

    private static List<CpuEngine> vectors() {
        List<CpuEngine> engines = new ArrayList<>(CpuEngine.available());
        engines.remove(CpuEngine.SCALAR);
        return engines;
    }

    private static SolveResult solve(
            CpuEngine engine,
            FixedPointProblem problem,
            Solver solver,
            StoppingRule stopping,
            PlanOptions options,
            Matrix inputs) {
        try (SolvePlan plan = new CpuBackend(engine).prepare(problem, solver, stopping, options)) {
            return plan.solve(inputs);
        }
    }

    private static void compare(
            FixedPointProblem problem, Solver solver, StoppingRule stopping, Precision precision, Matrix inputs) {
        PlanOptions options = new PlanOptions(precision, 1);
        SolveResult twin = solve(CpuEngine.SCALAR, problem, solver, stopping, options, inputs);
        for (CpuEngine engine : vectors()) {
            SolveResult result = solve(engine, problem, solver, stopping, options, inputs);
            for (int i = 0; i < inputs.rows(); i++) {
                Batches.assertSame(
                        twin,
                        i,
                        result,
                        i,
                        engine + " " + problem.activation().label() + " n=" + problem.stateSize() + " " + precision);
            }
        }
    }

    @Test
    void aMachineHasVectors() {
        assertTrue(CpuEngine.available().contains(CpuEngine.SCALAR));
        assertTrue(!vectors().isEmpty(), "no vectors: " + System.getProperty("os.arch"));
    }

    static Stream<Arguments> recipes() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(
                                Activation.relu(),
                                Activation.leakyRelu(0.1),
                                Activation.leakyRelu(-0.5),
                                Activation.tanh(),
                                Activation.sigmoid(),
                                Activation.identity(),
                                Activation.softmax(3),
                                Activation.groupNorm(3, 0.5),
                                Activation.maxPool(3))
                        .flatMap(activation -> Stream.of(
                                        Solver.picard(),
                                        Solver.picard(0.7),
                                        Solver.forwardBackward(0.6),
                                        Solver.peacemanRachford(0.6),
                                        Solver.douglasRachford(0.6),
                                        Solver.anderson(),
                                        Solver.sequentialAveraging(),
                                        new SequentialAveraging(new SequentialAveraging.InverseNorm(1.5)),
                                        Solver.anderson(2),
                                        Solver.broyden(),
                                        Solver.broyden(3),
                                        Solver.newton(Inner.KRYLOV),
                                        Solver.newton(Inner.BY_SIZE))
                                .filter(solver -> activation.isProximal() || !isSplitting(solver))
                                .flatMap(solver ->
                                        Stream.of(1, 5).map(c -> Arguments.of(precision, activation, solver, c)))));
    }

    private static boolean isSplitting(Solver solver) {
        return solver instanceof ForwardBackward
                || solver instanceof PeacemanRachford
                || solver instanceof DouglasRachford;
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void everyRecipe(Precision precision, Activation activation, Solver solver, int interval) {
        FixedPointProblem problem = Batches.contraction(39, P, 0.9, activation, 11);
        StoppingRule stopping = StoppingRule.mixed(64 * precision.unitRoundoff())
                .withMaxIterations(47)
                .withCheckInterval(interval);
        Matrix inputs = Batches.inputs(77, P, precision, 5);
        double huge = precision == Precision.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        inputs.set(3, 0, Double.NaN);
        inputs.set(8, 1, huge);
        inputs.set(9, 2, Double.NEGATIVE_INFINITY);
        inputs.set(40, 3, -huge);
        compare(problem, solver, stopping, precision, inputs);
    }

    static Stream<Arguments> expansiveMaps() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(
                                Solver.anderson(),
                                Solver.broyden(),
                                Solver.newton(Inner.KRYLOV),
                                Solver.newton(Inner.ACTIVE_SET),
                                new Course(List.of(
                                        new Course.Leg(Solver.broyden(4), 7),
                                        new Course.Leg(Solver.newton(Inner.KRYLOV), 40),
                                        new Course.Leg(Solver.newton(Inner.ACTIVE_SET), Course.Leg.TO_THE_END))))
                        .map(solver -> Arguments.of(precision, solver)));
    }

    /// Steps that lead astray: what goes back, halves a step, or takes it all the same.
    @ParameterizedTest
    @MethodSource("expansiveMaps")
    void expansiveMaps(Precision precision, Solver solver) {
        FixedPointProblem problem = Batches.contraction(39, P, 9, Activation.relu(), 11);
        StoppingRule stopping =
                StoppingRule.mixed(64 * precision.unitRoundoff()).withMaxIterations(300);
        compare(problem, solver, stopping, precision, Batches.inputs(41, P, precision, 5));
    }

    static Stream<Arguments> partSolvers() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(
                        Arguments.of(precision, "blocks:relu@6/max-pool:3@9/tanh@9/softmax:3@15", Solver.picard()),
                        Arguments.of(precision, "blocks:gate:sigmoid:tanh@6/relu@1/gate:tanh:tanh@32", Solver.picard()),
                        Arguments.of(precision, "blocks:group-norm:3@9/sigmoid@30", Solver.picard(0.7)),
                        Arguments.of(precision, "blocks:relu@7/leaky-relu:0.1@1/tanh@31", Solver.forwardBackward(0.6)),
                        Arguments.of(
                                precision, "blocks:relu@7/leaky-relu:0.1@1/tanh@31", Solver.peacemanRachford(0.6))));
    }

    /// Parts that begin anywhere, in panels and in single samples, whose vectors would reach over their ends.
    @ParameterizedTest
    @MethodSource("partSolvers")
    void partsOfTheState(Precision precision, String phi, Solver solver) {
        FixedPointProblem problem = Batches.contraction(39, P, 0.9, Activation.parse(phi), 17);
        StoppingRule stopping = StoppingRule.mixed(64 * precision.unitRoundoff())
                .withMaxIterations(47)
                .withCheckInterval(3);
        for (int samples : new int[] {1, 2, 77}) {
            compare(problem, solver, stopping, precision, Batches.inputs(samples, P, precision, 5));
        }
    }

    static Stream<Arguments> sizes() {
        List<Integer> sizes = new ArrayList<>(List.of(64, 100, 207, 256, 480, 513, 1024, 1030));
        for (int n = 1; n <= 40; n++) {
            sizes.add(n);
        }
        return Stream.of(Precision.values()).flatMap(p -> sizes.stream().map(n -> Arguments.of(p, n)));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void everySize(Precision precision, int n) {
        FixedPointProblem problem = Batches.contraction(n, P, 0.9, Activation.relu(), n);
        StoppingRule stopping =
                StoppingRule.mixed(16 * precision.unitRoundoff()).withMaxIterations(n < 300 ? 100 : 3);
        Matrix inputs = Batches.inputs(n < 300 ? 41 : 5, P, precision, n);
        compare(problem, Solver.picard(), stopping, precision, inputs);
        compare(problem, Solver.anderson(5), stopping, precision, inputs);
        compare(problem, Solver.newton(Inner.KRYLOV), stopping, precision, inputs);
    }

    /// Where `A` is large, several strips of a panel go in lockstep, and samples move together when few are left.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void stripsInLockstep(Precision precision) {
        compareInLockstep(
                precision,
                Solver.picard(),
                Batches.contraction(LARGE, P, 0.5, Activation.relu(), LARGE).a());
    }

    /// A sample that moves takes along what its progress is measured against: without it the sample would leave
    /// Picard iteration too early or too late.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void coursesOfStripsInLockstep(Precision precision) {
        Solver course = new Course(
                List.of(new Course.Leg(Solver.picard(), 4), new Course.Leg(Solver.picard(0.8), Course.Leg.TO_THE_END)));
        // Positive, of rank one nearly, so that no iteration does more than 0.8.
        Matrix a = Batches.uniform(LARGE, LARGE, 0.1 / LARGE, new SplittableRandom(7));
        for (int i = 0; i < LARGE; i++) {
            for (int j = 0; j < LARGE; j++) {
                a.set(i, j, 0.8 / LARGE + a.get(i, j));
            }
        }
        compareInLockstep(precision, course, LinearOperator.dense(a));
    }

    private static void compareInLockstep(Precision precision, Solver solver, LinearOperator a) {
        int m = 70;
        LinearOperator b = LinearOperator.dense(Batches.uniform(LARGE, P, 1, new SplittableRandom(8)));
        FixedPointProblem problem = new FixedPointProblem(a, b, null, Activation.relu());
        Matrix inputs = Batches.inputs(m, P, precision, LARGE);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < P; j++) {
                inputs.set(i, j, Math.scalb(inputs.get(i, j), i % 5 == 0 ? 0 : -12));
            }
        }
        compare(problem, solver, StoppingRule.absolute(1e-2), precision, inputs);
    }

    /// Iteration counts from a few to some thousands meet in the lanes; the last samples are finished one by one.
    @ParameterizedTest
    @MethodSource("recipes")
    void iterationsThatDifferAThousandfold(Precision precision, Activation activation, Solver solver, int interval) {
        FixedPointProblem problem = Batches.contraction(9, P, 0.99, activation, 4);
        FixedPointProblem unbiased = new FixedPointProblem(problem.a(), problem.b(), null, problem.activation());
        Matrix inputs = Batches.scatter(Batches.inputs(90, P, precision, 6));
        StoppingRule stopping =
                StoppingRule.absolute(0x1p-18).withMaxIterations(5003).withCheckInterval(interval);
        compare(unbiased, solver, stopping, precision, inputs);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void batchesOfFewSamples(Precision precision, Activation activation, Solver solver, int interval) {
        FixedPointProblem problem = Batches.contraction(42, P, 0.9, activation, 12);
        StoppingRule stopping = StoppingRule.mixed(64 * precision.unitRoundoff())
                .withMaxIterations(97)
                .withCheckInterval(interval);
        for (int m = 1; m <= 4; m++) {
            compare(problem, solver, stopping, precision, Batches.inputs(m, P, precision, m));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void predictions(Precision precision) {
        SplittableRandom random = new SplittableRandom(8);
        for (int q = 1; q <= 20; q++) {
            LinearOperator c = LinearOperator.dense(Batches.uniform(q, 29, 1, random));
            LinearOperator d = LinearOperator.dense(Batches.uniform(q, P, 1, random));
            Matrix states = Batches.inputs(37, 29, precision, q);
            Matrix inputs = Batches.inputs(37, P, precision, q + 1);
            states.set(3, 4, Double.NaN);
            inputs.set(5, 1, Double.NEGATIVE_INFINITY);
            Matrix expected = Matrix.zeros(precision, 37, q);
            CpuEngine.SCALAR.factory(precision).predict(c, states, q % 3 == 0 ? null : d, inputs, null, expected);
            for (CpuEngine engine : vectors()) {
                Matrix outputs = Matrix.zeros(precision, 37, q);
                engine.factory(precision).predict(c, states, q % 3 == 0 ? null : d, inputs, null, outputs);
                assertArrayEquals(expected.toDoubleArray(), outputs.toDoubleArray(), engine + " q=" + q);
            }
        }
    }

    /// All magnitudes, subnormals, signed zeros and infinities go through the elementary functions.
    @ParameterizedTest
    @MethodSource("recipes")
    void everyMagnitude(Precision precision, Activation activation, Solver solver, int interval) {
        int n = 39;
        FixedPointProblem problem = Batches.contraction(n, 1, 1e-3, activation, 3);
        int least = precision == Precision.F32 ? -149 : -1074;
        int most = precision == Precision.F32 ? 126 : 1022;
        Matrix inputs = Matrix.zeros(precision, 2 * (most - least), 1);
        for (int e = least; e < most; e++) {
            inputs.set(2 * (e - least), 0, 1.37 * Math.scalb(1.0, e));
            inputs.set(2 * (e - least) + 1, 0, -1.37 * Math.scalb(1.0, e));
        }
        FixedPointProblem unbiased = new FixedPointProblem(problem.a(), problem.b(), null, problem.activation());
        StoppingRule stopping = StoppingRule.mixed(0).withMaxIterations(3).withCheckInterval(interval);
        compare(unbiased, solver, stopping, precision, inputs);
    }
}
