package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.internal.reference.PanelProductF32;
import dev.stillpoint.internal.reference.PanelProductF64;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.Operators;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The products of structured operators in vectors have the bits of the twin's, alone and in whole solves.
final class VectorProductTest {
    private static final long SEED = 4669;

    /// Values around the panels that nobody may touch; what is read of them would spoil a result.
    private static final int GUARD = 64;

    static Stream<Arguments> widths() {
        return CpuEngine.available().stream()
                .filter(engine -> engine != CpuEngine.SCALAR)
                .flatMap(engine -> Stream.of(16, 32).map(registers -> Arguments.of(bits(engine), registers)));
    }

    private static int bits(CpuEngine engine) {
        return switch (engine) {
            case V512 -> 512;
            case V256 -> 256;
            case V128 -> 128;
            case SCALAR -> throw new IllegalArgumentException("no vectors");
        };
    }

    private static float[] panelF32(int count, SplittableRandom random) {
        float[] special = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            -0f,
            0f,
            Float.MIN_VALUE,
            -1e-40f,
            Float.MAX_VALUE
        };
        float[] panel = new float[GUARD + count + GUARD];
        Arrays.fill(panel, Float.NaN);
        for (int i = 0; i < count; i++) {
            boolean odd = random.nextInt(40) == 0;
            panel[GUARD + i] = odd ? special[random.nextInt(special.length)] : (float) random.nextDouble(-1, 1);
        }
        return panel;
    }

    private static double[] panelF64(int count, SplittableRandom random) {
        double[] special = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            0,
            Double.MIN_VALUE,
            -1e-310,
            Double.MAX_VALUE
        };
        double[] panel = new double[GUARD + count + GUARD];
        Arrays.fill(panel, Double.NaN);
        for (int i = 0; i < count; i++) {
            boolean odd = random.nextInt(40) == 0;
            panel[GUARD + i] = odd ? special[random.nextInt(special.length)] : random.nextDouble(-1, 1);
        }
        return panel;
    }

    @ParameterizedTest
    @MethodSource("widths")
    void singlePrecision(int bits, int registers) {
        SplittableRandom random = new SplittableRandom(SEED);
        int lanes = 2 * bits / Float.SIZE;
        for (LinearOperator operator : Operators.uniform(SEED).all()) {
            // As a part of a sum, so that no panel has room behind it.
            LinearOperator part = LinearOperator.sum(operator);
            PanelProductF32 twin = PanelProductF32.of(part);
            PanelProductF32 vector = VectorRecipeF32.pack(part, bits, registers);
            float[] x = panelF32(operator.columns() * lanes, random);
            float[] z = panelF32(operator.rows() * lanes, random);
            float[] expected = z.clone();
            float[] own = new float[twin.scratch(lanes)];
            twin.multiply(x, GUARD, z, GUARD, expected, GUARD, lanes, own, 0);
            float[] scratch = new float[GUARD + vector.scratch(lanes) + GUARD];
            Arrays.fill(scratch, Float.NaN);
            float[] apart = new float[z.length];
            vector.multiply(x, GUARD, z, GUARD, apart, GUARD, lanes, scratch, GUARD);
            float[] inPlace = z.clone();
            vector.multiply(x, GUARD, inPlace, GUARD, inPlace, GUARD, lanes, scratch, GUARD);
            for (int i = 0; i < expected.length; i++) {
                String what =
                        "%s, %d bits, %d registers, value %d, seed %d".formatted(operator, bits, registers, i, SEED);
                boolean inside = i >= GUARD && i < expected.length - GUARD;
                assertEquals(Float.floatToIntBits(inside ? expected[i] : 0), Float.floatToIntBits(apart[i]), what);
                assertEquals(Float.floatToIntBits(expected[i]), Float.floatToIntBits(inPlace[i]), what);
            }
            for (int i = 0; i < GUARD; i++) {
                assertEquals(Float.NaN, scratch[i]);
                assertEquals(Float.NaN, scratch[scratch.length - 1 - i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("widths")
    void doublePrecision(int bits, int registers) {
        SplittableRandom random = new SplittableRandom(SEED);
        int lanes = 2 * bits / Double.SIZE;
        for (LinearOperator operator : Operators.uniform(SEED).all()) {
            // As a part of a sum, so that no panel has room behind it.
            LinearOperator part = LinearOperator.sum(operator);
            PanelProductF64 twin = PanelProductF64.of(part);
            PanelProductF64 vector = VectorRecipeF64.pack(part, bits, registers);
            double[] x = panelF64(operator.columns() * lanes, random);
            double[] z = panelF64(operator.rows() * lanes, random);
            double[] expected = z.clone();
            double[] own = new double[twin.scratch(lanes)];
            twin.multiply(x, GUARD, z, GUARD, expected, GUARD, lanes, own, 0);
            double[] scratch = new double[GUARD + vector.scratch(lanes) + GUARD];
            Arrays.fill(scratch, Double.NaN);
            double[] apart = new double[z.length];
            vector.multiply(x, GUARD, z, GUARD, apart, GUARD, lanes, scratch, GUARD);
            double[] inPlace = z.clone();
            vector.multiply(x, GUARD, inPlace, GUARD, inPlace, GUARD, lanes, scratch, GUARD);
            for (int i = 0; i < expected.length; i++) {
                String what =
                        "%s, %d bits, %d registers, value %d, seed %d".formatted(operator, bits, registers, i, SEED);
                boolean inside = i >= GUARD && i < expected.length - GUARD;
                assertEquals(
                        Double.doubleToLongBits(inside ? expected[i] : 0), Double.doubleToLongBits(apart[i]), what);
                assertEquals(Double.doubleToLongBits(expected[i]), Double.doubleToLongBits(inPlace[i]), what);
            }
            for (int i = 0; i < GUARD; i++) {
                assertEquals(Double.NaN, scratch[i]);
                assertEquals(Double.NaN, scratch[scratch.length - 1 - i]);
            }
        }
    }

    static Stream<Arguments> solves() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(
                                Solver.picard(),
                                Solver.picard(0.7),
                                Solver.forwardBackward(0.6),
                                Solver.peacemanRachford(0.6))
                        .map(solver -> Arguments.of(precision, solver)));
    }

    private static SolveResult solve(
            CpuEngine engine, FixedPointProblem problem, Solver solver, Precision precision, Matrix inputs) {
        StoppingRule stopping = StoppingRule.mixed(64 * precision.unitRoundoff())
                .withMaxIterations(40)
                .withCheckInterval(3);
        try (SolvePlan plan =
                new CpuBackend(engine).prepare(problem, solver, stopping, new PlanOptions(precision, 1))) {
            return plan.solve(inputs);
        }
    }

    /// Each kind of operator as `A`, scaled to contract by a diagonal factor, and as `B`.
    @ParameterizedTest
    @MethodSource("solves")
    void wholeSolves(Precision precision, Solver solver) {
        int n = 24;
        Operators operators = Operators.uniform(SEED);
        float[] scale = new float[n];
        Arrays.fill(scale, 0.05f);
        LinearOperator shrink = LinearOperator.diagonal(Matrix.of(scale, 1, n));
        Matrix bias = operators.matrix(1, n);
        Matrix inputs = Batches.inputs(71, n, precision, SEED);
        inputs.set(5, 3, Double.NaN);
        inputs.set(6, 4, precision == Precision.F32 ? Float.MAX_VALUE : Double.MAX_VALUE);
        for (LinearOperator operator : operators.square(n)) {
            FixedPointProblem problem =
                    new FixedPointProblem(LinearOperator.product(shrink, operator), operator, bias, Activation.tanh());
            SolveResult twin = solve(CpuEngine.SCALAR, problem, solver, precision, inputs);
            for (CpuEngine engine : CpuEngine.available()) {
                for (int samples : new int[] {inputs.rows(), 2}) {
                    SolveResult result = solve(engine, problem, solver, precision, inputs.slice(0, samples));
                    for (int i = 0; i < samples; i++) {
                        Batches.assertSame(twin, i, result, i, engine + " " + operator);
                    }
                }
            }
        }
    }
}
