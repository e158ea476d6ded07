package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.internal.engine.ForwardPanel;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The bits of unrolled iterations, and what is refused.
final class UnrolledPlanTest {
    private static final int SAMPLES = 75;
    private static final List<String> LABELS =
            List.of("relu", "tanh", "softmax:3", "leaky-relu:0.1", "sigmoid", "max-pool:3", "identity");

    /// Every solver in both precisions, with different activations, kinds of `A` and numbers of iterations.
    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            for (Solver solver : UnrolledCases.SOLVERS) {
                for (String label : LABELS) {
                    if (UnrolledCases.fits(solver, Activation.parse(label))) {
                        int at = cases.size();
                        String structure = UnrolledCases.STRUCTURES.get(at % UnrolledCases.STRUCTURES.size());
                        int iterations = List.of(1, 2, 7, 20).get(at % 4);
                        cases.add(Arguments.of(precision, solver, label, structure, iterations));
                    }
                }
            }
        }
        return cases.stream();
    }

    private static void assertBits(Matrix expected, Matrix actual, String what) {
        assertEquals(expected.precision(), actual.precision());
        assertEquals(expected.rows(), actual.rows());
        for (int i = 0; i < expected.rows(); i++) {
            for (int j = 0; j < expected.columns(); j++) {
                long left = Double.doubleToRawLongBits(expected.get(i, j));
                long right = Double.doubleToRawLongBits(actual.get(i, j));
                if (left != right) {
                    throw new AssertionError(
                            "%s at %d, %d: %s is not %s".formatted(what, i, j, actual.get(i, j), expected.get(i, j)));
                }
            }
        }
    }

    /// A solve whose only check is in iteration `K + 1` returns the iterate `K`.
    @ParameterizedTest
    @MethodSource("cases")
    void statesAreThoseOfASolve(Precision precision, Solver solver, String label, String structure, int iterations) {
        SplittableRandom random = new SplittableRandom(91);
        ImplicitModel model = UnrolledCases.model(label, structure, 0.2, random);
        Matrix inputs = Batches.inputs(SAMPLES, UnrolledCases.P, precision, 92);
        Matrix starts = Batches.inputs(SAMPLES, UnrolledCases.N, precision, 93);
        StoppingRule late = new StoppingRule(0, 0, iterations + 1, iterations + 1);
        PlanOptions options = new PlanOptions(precision, 2);
        try (SolvePlan solve = Backend.cpu().prepare(model.problem(), solver, late, options);
                UnrolledPlan plan = UnrolledPlan.prepare(AdjointProblem.of(model), solver, iterations, options)) {
            assertEquals(iterations, plan.iterations());
            assertEquals(precision, plan.precision());
            assertBits(solve.solve(inputs).states(), plan.forward(inputs).states(), "from zero");
            UnrolledPass pass = plan.forward(inputs, starts);
            assertBits(solve.solve(SolveRequest.of(inputs).from(starts)).states(), pass.states(), "from a start");
            for (int s = 0; s < SAMPLES; s++) {
                assertEquals(Status.MAX_ITERATIONS, pass.status(s), "sample " + s);
            }
            assertEquals((iterations + 1L) * SAMPLES * UnrolledCases.N * precision.bytes(), pass.bytes());
        }
    }

    /// Two threads and one, the batch whole and cut: the same bits of all results.
    @ParameterizedTest
    @MethodSource("cases")
    void batchesAndThreadsChangeNothing(
            Precision precision, Solver solver, String label, String structure, int iterations) {
        SplittableRandom random = new SplittableRandom(94);
        ImplicitModel model = UnrolledCases.model(label, structure, 0.2, random);
        Matrix inputs = Batches.inputs(SAMPLES, UnrolledCases.P, precision, 95);
        Matrix g = Batches.uniform(SAMPLES, UnrolledCases.Q, 1, random);
        AdjointProblem problem = AdjointProblem.of(model);
        Gradients whole = new Gradients(model);
        Gradients cut = new Gradients(model);
        try (UnrolledPlan one = UnrolledPlan.prepare(problem, solver, iterations, new PlanOptions(precision, 1));
                UnrolledPlan three = UnrolledPlan.prepare(problem, solver, iterations, new PlanOptions(precision, 3))) {
            UnrolledAdjoint adjoint = three.forward(inputs).backward(g);
            whole.add(adjoint, 2);
            Matrix du = whole.inputGradients(adjoint);
            assertEquals(precision, du.precision());
            for (int[] part : new int[][] {{0, 1}, {1, 20}, {20, SAMPLES}}) {
                int from = part[0];
                int to = part[1];
                UnrolledPass pass = one.forward(inputs.slice(from, to));
                UnrolledAdjoint some = pass.backward(g.slice(from, to));
                cut.add(some, 1);
                assertBits(du.slice(from, to), cut.inputGradients(some), "du");
                assertBits(adjoint.initialGradients().slice(from, to), some.initialGradients(), "dx_0");
            }
        }
        assertBits(whole, cut);
    }

    private static void assertBits(Gradients expected, Gradients actual) {
        assertBits(expected.a(), actual.a(), "A");
        assertBits(expected.b(), actual.b(), "B");
        assertBits(expected.c(), actual.c(), "C");
        assertBits(expected.d(), actual.d(), "D");
        assertBits(expected.bias(), actual.bias(), "bias");
    }

    private static void assertBits(List<Matrix> expected, List<Matrix> actual, String what) {
        assertEquals(expected.size(), actual.size());
        for (int l = 0; l < expected.size(); l++) {
            assertBits(expected.get(l), actual.get(l), what);
        }
    }

    /// The first operand comes through as it is, the sign of zero included.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void productsBeginWithWhatIsGiven(Precision precision) {
        Matrix none = Matrix.zeros(Precision.F64, 3, 3);
        ForwardPanel panel = UnrolledWorker.Packed.goingOn(precision, LinearOperator.sparse(none))
                .make();
        Matrix rows = Matrix.of(new double[] {-0.0, 0, Double.MIN_VALUE, 5, 7, 11}, 1, 6);
        Matrix sums = Matrix.zeros(precision, 1, 3);
        assertEquals(-1, panel.pass(rows, 0, 1, sums, 0));
        double[] expected =
                precision == Precision.F32 ? new double[] {-0.0, 0, 0} : new double[] {-0.0, 0, Double.MIN_VALUE};
        assertArrayEquals(expected, sums.toDoubleArray());
    }

    /// FP32 differs from FP64 by rounding alone. Each of `2 K` products, of `N + P + 32` operations a component,
    /// adds an error of that many units relative to sizes of order 1, which none of these contractions enlarges.
    @Test
    void precisionsAgree() {
        int iterations = 5;
        for (Solver solver : UnrolledCases.SOLVERS) {
            SplittableRandom random = new SplittableRandom(96);
            ImplicitModel model = UnrolledCases.model("tanh", "dense", 1.0 / 16, random);
            Matrix inputs = AdjointCases.uniform(SAMPLES, UnrolledCases.P, 1, random);
            Matrix g = AdjointCases.uniform(SAMPLES, UnrolledCases.Q, 1, random);
            List<Gradients> both = new ArrayList<>();
            for (Precision precision : Precision.values()) {
                PlanOptions options = new PlanOptions(precision, 1);
                try (UnrolledPlan plan = UnrolledPlan.prepare(AdjointProblem.of(model), solver, iterations, options)) {
                    Gradients gradients = new Gradients(model);
                    gradients.add(plan.forward(inputs).backward(g), 1);
                    both.add(gradients);
                }
            }
            double size = 2.0 * iterations * (UnrolledCases.N + UnrolledCases.P + 32) * 4;
            double bound = SAMPLES * iterations * size * Precision.F32.unitRoundoff();
            double largest = Arrays.stream(both.get(1).a().getFirst().toDoubleArray())
                    .map(Math::abs)
                    .max()
                    .orElseThrow();
            assertTrue(bound < 0.02 * largest, "a bound of " + bound + " says nothing of " + largest);
            assertArrayEquals(
                    both.get(0).a().getFirst().toDoubleArray(),
                    both.get(1).a().getFirst().toDoubleArray(),
                    bound);
            assertArrayEquals(
                    both.get(0).bias().toDoubleArray(), both.get(1).bias().toDoubleArray(), bound);
        }
    }
}
