package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ConvergenceException;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gradients of a loss against differences of it.
final class GradientsTest {
    private static final int N = 6;
    private static final int P = 3;
    private static final int Q = 2;
    private static final int SAMPLES = 5;
    private static final StoppingRule EXACT = StoppingRule.mixed(0x1p-48).withMaxIterations(2000);
    private static final PlanOptions DOUBLE = new PlanOptions(Precision.F64, 1);

    /// A contraction whose `A` is dense, or a diagonal and factors.
    private static ImplicitModel model(String label, boolean structured, SplittableRandom random) {
        LinearOperator a = structured
                ? LinearOperator.sum(
                        LinearOperator.diagonal(Batches.uniform(1, N, 0.2, random)),
                        LinearOperator.lowRank(Batches.uniform(N, 2, 0.3, random), Batches.uniform(N, 2, 0.3, random)))
                : LinearOperator.dense(Batches.uniform(N, N, 0.15, random));
        FixedPointProblem problem = new FixedPointProblem(
                a,
                LinearOperator.dense(Batches.uniform(N, P, 1, random)),
                Batches.uniform(1, N, 0.5, random),
                Activation.parse(label));
        return new ImplicitModel(
                problem,
                LinearOperator.dense(Batches.uniform(Q, N, 1, random)),
                structured ? null : LinearOperator.dense(Batches.uniform(Q, P, 1, random)));
    }

    private static Matrix states(ImplicitModel model, Matrix inputs) {
        try (SolvePlan plan = Backend.cpu().prepare(model.problem(), Solver.picard(), EXACT, DOUBLE)) {
            return plan.solve(inputs).orThrow().states();
        }
    }

    /// `sum cos(y + w)` over samples and outputs, with different `w`.
    private static double loss(ImplicitModel model, Matrix inputs, Matrix w) {
        Matrix outputs = model.predict(inputs, states(model, inputs));
        double sum = 0;
        for (int s = 0; s < outputs.rows(); s++) {
            for (int k = 0; k < Q; k++) {
                sum += Math.cos(outputs.get(s, k) + w.get(s, k));
            }
        }
        return sum;
    }

    private static Matrix outputGradients(ImplicitModel model, Matrix inputs, Matrix states, Matrix w) {
        Matrix outputs = model.predict(inputs, states);
        Matrix gradients = Matrix.zeros(Precision.F64, outputs.rows(), Q);
        for (int s = 0; s < outputs.rows(); s++) {
            for (int k = 0; k < Q; k++) {
                gradients.set(s, k, -Math.sin(outputs.get(s, k) + w.get(s, k)));
            }
        }
        return gradients;
    }

    /// Inputs whose points lie further from every kink than the differences move them.
    private static Matrix inputs(ImplicitModel model, AdjointPlan plan, SplittableRandom random) {
        Matrix chosen = Matrix.zeros(Precision.F64, SAMPLES, P);
        for (int s = 0; s < SAMPLES; ) {
            Matrix input = Batches.uniform(1, P, 2, random);
            Matrix point = plan.points(input, states(model, input));
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < N; i++) {
                least = Math.min(least, Math.abs(point.get(0, i)));
                for (int j = 0; j < i; j++) {
                    least = Math.min(least, Math.abs(point.get(0, i) - point.get(0, j)));
                }
            }
            if (least > 0x1p-10) {
                for (int j = 0; j < P; j++) {
                    chosen.set(s, j, input.get(0, j));
                }
                s++;
            }
        }
        return chosen;
    }

    private static AdjointPlan adjoint(ImplicitModel model) {
        return AdjointPlan.prepare(AdjointProblem.of(model), Solver.picard(), EXACT, DOUBLE);
    }

    @ParameterizedTest
    @CsvSource({
        "relu,false",
        "relu,true",
        "leaky-relu:0.1,false",
        "tanh,false",
        "tanh,true",
        "sigmoid,false",
        "identity,false",
        "softmax:3,false",
        "softmax:3,true",
        "group-norm:3:0.5,false",
        "max-pool:3,false",
        "gate:sigmoid:tanh,false",
        "blocks:relu@2/tanh@1/softmax:3@3,true"
    })
    void gradientsAreThoseOfDifferences(String label, boolean structured) {
        SplittableRandom random = new SplittableRandom(31);
        ImplicitModel model = model(label, structured, random);
        try (AdjointPlan plan = adjoint(model)) {
            Matrix inputs = inputs(model, plan, random);
            Matrix w = Batches.uniform(SAMPLES, Q, 3, random);
            Matrix states = states(model, inputs);
            Matrix g = outputGradients(model, inputs, states, w);
            SolveResult v = plan.solve(plan.points(inputs, states), g);
            Gradients gradients = new Gradients(model);
            gradients.add(inputs, states, g, v, 1);

            check("A", model.a(), gradients.a(), a -> loss(with(model, a, null, null, null, null), inputs, w));
            check("B", model.b(), gradients.b(), b -> loss(with(model, null, b, null, null, null), inputs, w));
            check("C", model.c(), gradients.c(), c -> loss(with(model, null, null, c, null, null), inputs, w));
            LinearOperator d = model.d();
            if (d == null) {
                assertEquals(List.of(), gradients.d());
            } else {
                check("D", d, gradients.d(), other -> loss(with(model, null, null, null, other, null), inputs, w));
            }
            Matrix bias = model.bias();
            assertTrue(bias != null);
            check("bias", bias, gradients.bias(), other -> loss(with(model, null, null, null, null, other), inputs, w));
            check("u", inputs, gradients.inputGradients(g, v), other -> loss(model, other, w));
        }
    }

    private static ImplicitModel with(
            ImplicitModel model,
            @Nullable LinearOperator a,
            @Nullable LinearOperator b,
            @Nullable LinearOperator c,
            @Nullable LinearOperator d,
            @Nullable Matrix bias) {
        FixedPointProblem problem = new FixedPointProblem(
                a == null ? model.a() : a,
                b == null ? model.b() : b,
                bias == null ? model.bias() : bias,
                model.activation());
        return new ImplicitModel(problem, c == null ? model.c() : c, d == null ? model.d() : d);
    }

    private static void check(
            String name, LinearOperator operator, List<Matrix> gradients, Function<LinearOperator, Double> loss) {
        List<Matrix> letters = OperatorLetters.of(operator);
        assertEquals(letters.size(), gradients.size());
        for (int l = 0; l < letters.size(); l++) {
            int at = l;
            check(name + ", letter " + l, letters.get(l), gradients.get(l), letter -> {
                List<Matrix> changed = new ArrayList<>(letters);
                changed.set(at, letter);
                return loss.apply(OperatorLetters.replace(operator, changed));
            });
        }
    }

    /// Central differences with step `h` are off by `h^2/6` times a third derivative, and by the error of the
    /// loss, at most a few dozen times `2^-48` here, over `h`.
    private static void check(String name, Matrix at, Matrix gradient, Function<Matrix, Double> loss) {
        double h = 0x1p-15;
        double largest = 0;
        for (int i = 0; i < at.rows(); i++) {
            for (int j = 0; j < at.columns(); j++) {
                largest = Math.max(largest, Math.abs(gradient.get(i, j)));
            }
        }
        for (int i = 0; i < at.rows(); i++) {
            for (int j = 0; j < at.columns(); j++) {
                double difference = (loss.apply(changed(at, i, j, h)) - loss.apply(changed(at, i, j, -h))) / (2 * h);
                assertEquals(
                        difference, gradient.get(i, j), 1e-6 * largest + 1e-8, "%s at %d, %d".formatted(name, i, j));
            }
        }
    }

    private static Matrix changed(Matrix matrix, int i, int j, double by) {
        Matrix changed = Matrix.of(matrix.toDoubleArray(), matrix.rows(), matrix.columns());
        changed.set(i, j, matrix.get(i, j) + by);
        return changed;
    }

    /// `v = v + g` at the second and fourth sample, which are active, so that they have no adjoint state.
    private static final class Edge {
        final ImplicitModel model = ImplicitModel.of(
                Matrix.ofRows(new double[] {1}),
                Matrix.ofRows(new double[] {1, 2}),
                Matrix.ofRows(new double[] {1}),
                Activation.relu());
        final Matrix inputs =
                Matrix.ofRows(new double[] {-1, 3}, new double[] {5, 7}, new double[] {-11, 13}, new double[] {17, 19});
        final Matrix states = Matrix.ofRows(new double[] {2}, new double[] {3}, new double[] {5}, new double[] {7});
        final Matrix points = Matrix.ofRows(new double[] {-1}, new double[] {1}, new double[] {-1}, new double[] {1});
        final Matrix gradients =
                Matrix.ofRows(new double[] {23}, new double[] {29}, new double[] {31}, new double[] {37});
        final SolveResult adjoint;

        Edge() {
            try (AdjointPlan plan = AdjointPlan.prepare(
                    AdjointProblem.of(model),
                    Solver.picard(),
                    StoppingRule.mixed(1e-9).withMaxIterations(10),
                    DOUBLE)) {
                adjoint = plan.solve(points, gradients);
            }
        }
    }

    @Test
    void whatDidNotConvergeIsRefusedOrLeftOut() {
        Edge edge = new Edge();
        assertEquals(Status.MAX_ITERATIONS, edge.adjoint.status(1));
        Gradients gradients = new Gradients(edge.model);
        ConvergenceException refused = assertThrows(
                ConvergenceException.class,
                () -> gradients.add(edge.inputs, edge.states, edge.gradients, edge.adjoint, 1));
        assertTrue(refused.getMessage().contains("the first is sample 1"), refused.getMessage());
        assertEquals(0, gradients.c().getFirst().get(0, 0));
        assertEquals(2, gradients.addConverged(edge.inputs, edge.states, edge.gradients, edge.adjoint, 1));
        assertEquals(2 * 23 + 5 * 31, gradients.c().getFirst().get(0, 0));
        Matrix du = gradients.inputGradients(edge.gradients, edge.adjoint);
        for (int s = 0; s < 4; s++) {
            assertEquals(s % 2 == 1, Double.isNaN(du.get(s, 0)), "sample " + s);
        }
        gradients.clear();
        assertEquals(0, gradients.c().getFirst().get(0, 0));
    }

    private static void assertSame(List<Matrix> expected, List<Matrix> actual) {
        assertEquals(expected.size(), actual.size());
        for (int l = 0; l < expected.size(); l++) {
            assertArrayEquals(expected.get(l).toDoubleArray(), actual.get(l).toDoubleArray(), "letter " + l);
        }
    }

    /// Two calls give the bits of one.
    @Test
    void sumsAreThoseOfTheSamples() {
        SplittableRandom random = new SplittableRandom(32);
        ImplicitModel model = model("tanh", false, random);
        Matrix inputs = Batches.uniform(SAMPLES, P, 1, random);
        Matrix states = Batches.uniform(SAMPLES, N, 1, random);
        Matrix g = Batches.uniform(SAMPLES, Q, 1, random);
        try (AdjointPlan plan = adjoint(model)) {
            Matrix points = plan.points(inputs, states);
            SolveResult v = plan.solve(points, g);
            Gradients whole = new Gradients(model);
            whole.add(inputs, states, g, v, 2);
            Gradients cut = new Gradients(model);
            for (int[] part : new int[][] {{0, 2}, {2, SAMPLES}}) {
                int from = part[0];
                int to = part[1];
                SolveResult some = plan.solve(points.slice(from, to), g.slice(from, to));
                cut.add(inputs.slice(from, to), states.slice(from, to), g.slice(from, to), some, 1);
            }
            double[] sum = new double[N];
            for (int s = 0; s < SAMPLES; s++) {
                for (int i = 0; i < N; i++) {
                    sum[i] += v.states().get(s, i);
                }
            }
            assertArrayEquals(sum, whole.bias().toDoubleArray());
            assertArrayEquals(sum, cut.bias().toDoubleArray());
            assertSame(whole.a(), cut.a());
            assertSame(whole.b(), cut.b());
            assertSame(whole.c(), cut.c());
            assertSame(whole.d(), cut.d());
            assertThrows(ShapeException.class, () -> whole.add(states, states, g, v, 1));
            assertThrows(ShapeException.class, () -> whole.add(inputs, inputs, g, v, 1));
            assertThrows(ShapeException.class, () -> whole.add(inputs, states, states, v, 1));
            assertThrows(ShapeException.class, () -> whole.add(inputs.slice(0, 1), states, g, v, 1));
            assertThrows(IllegalArgumentException.class, () -> whole.add(inputs, states, g, v, 0));
            assertSame(whole.a(), cut.a());
        }
    }
}
