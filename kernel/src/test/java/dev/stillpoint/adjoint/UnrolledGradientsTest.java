package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients of a loss through iterations against differences of it.
final class UnrolledGradientsTest {
    private static final int SAMPLES = 3;
    private static final int ITERATIONS = 6;
    private static final List<String> LABELS = List.of(
            "tanh",
            "sigmoid",
            "softmax:3",
            "relu",
            "leaky-relu:0.1",
            "identity",
            "group-norm:3:0.5",
            "max-pool:3",
            "gate:sigmoid:tanh",
            "blocks:relu@4/tanh@2/softmax:3@6");

    /// Every solver with every activation that it fits, and among these each with every structure. A
    /// block triangular `A` is iterated as a whole.
    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (String label : LABELS) {
            for (Solver solver : UnrolledCases.SOLVERS) {
                if (UnrolledCases.fits(solver, Activation.parse(label))) {
                    int at = cases.size() % UnrolledCases.STRUCTURES.size();
                    cases.add(Arguments.of(label, solver, UnrolledCases.STRUCTURES.get(at), cases.size() % 2 == 1));
                }
            }
        }
        for (Solver solver : UnrolledCases.SOLVERS) {
            cases.add(Arguments.of("tanh", solver, "block triangular", true));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreThoseOfDifferences(String label, Solver solver, String structure, boolean started) {
        SplittableRandom random = new SplittableRandom(81);
        ImplicitModel model = UnrolledCases.model(label, structure, 0.25, random);
        Matrix starts = started ? Batches.uniform(SAMPLES, UnrolledCases.N, 1, random) : null;
        Matrix inputs = inputs(model, solver, starts, random);
        Matrix w = Batches.uniform(SAMPLES, UnrolledCases.Q, 3, random);
        PlanOptions options = new PlanOptions(Precision.F64, 2);
        try (UnrolledPlan plan = UnrolledPlan.prepare(AdjointProblem.of(model), solver, ITERATIONS, options)) {
            UnrolledPass pass = starts == null ? plan.forward(inputs) : plan.forward(inputs, starts);
            UnrolledAdjoint adjoint = pass.backward(outputGradients(model, inputs, pass.states(), w));
            Gradients gradients = new Gradients(model);
            gradients.add(adjoint, 2);

            Loss loss = (other, u, x) -> PlainUnrolled.loss(other, solver, ITERATIONS, u, x, w);
            check("A", model.a(), gradients.a(), a -> loss.of(with(model, a, null, null, null, null), inputs, starts));
            check("B", model.b(), gradients.b(), b -> loss.of(with(model, null, b, null, null, null), inputs, starts));
            check("C", model.c(), gradients.c(), c -> loss.of(with(model, null, null, c, null, null), inputs, starts));
            LinearOperator d = model.d();
            if (d == null) {
                assertEquals(List.of(), gradients.d());
            } else {
                check("D", d, gradients.d(), e -> loss.of(with(model, null, null, null, e, null), inputs, starts));
            }
            Matrix bias = model.bias();
            assertTrue(bias != null);
            check("bias", bias, gradients.bias(), e -> loss.of(with(model, null, null, null, null, e), inputs, starts));
            check("u", inputs, gradients.inputGradients(adjoint), u -> loss.of(model, u, starts));
            Matrix zero = Matrix.zeros(Precision.F64, SAMPLES, UnrolledCases.N);
            Matrix from = starts == null ? zero : starts;
            check("x_0", from, adjoint.initialGradients(), x -> loss.of(model, inputs, x));
        }
    }

    private interface Loss {
        double of(ImplicitModel model, Matrix inputs, @Nullable Matrix starts);
    }

    /// Inputs with which no activation comes nearer to a kink than the differences move it.
    private static Matrix inputs(ImplicitModel model, Solver solver, @Nullable Matrix starts, SplittableRandom random) {
        Matrix chosen = Matrix.zeros(Precision.F64, SAMPLES, UnrolledCases.P);
        for (int s = 0; s < SAMPLES; ) {
            double[] u = random.doubles(UnrolledCases.P, -2, 2).toArray();
            PlainUnrolled plain = new PlainUnrolled(model, solver);
            plain.state(ITERATIONS, u, starts == null ? null : AdjointCases.row(starts, s));
            if (plain.gap() > 0x1p-11) {
                chosen.setRow(s++, u, 0);
            }
        }
        return chosen;
    }

    private static Matrix outputGradients(ImplicitModel model, Matrix inputs, Matrix states, Matrix w) {
        Matrix outputs = model.predict(inputs, states);
        Matrix gradients = Matrix.zeros(Precision.F64, outputs.rows(), outputs.columns());
        for (int s = 0; s < outputs.rows(); s++) {
            for (int k = 0; k < outputs.columns(); k++) {
                gradients.set(s, k, -Math.sin(outputs.get(s, k) + w.get(s, k)));
            }
        }
        return gradients;
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
            String name, LinearOperator operator, List<Matrix> gradients, ToDoubleFunction<LinearOperator> loss) {
        List<Matrix> letters = OperatorLetters.of(operator);
        assertEquals(letters.size(), gradients.size());
        for (int l = 0; l < letters.size(); l++) {
            int at = l;
            check(name + ", letter " + l, letters.get(l), gradients.get(l), letter -> {
                List<Matrix> changed = new ArrayList<>(letters);
                changed.set(at, letter);
                return loss.applyAsDouble(OperatorLetters.replace(operator, changed));
            });
        }
    }

    /// Central differences with step `h` are off by `h^2/6 = 2^-32.6` times a third derivative, and by the rounding
    /// of the loss, a few times `2^-52`, over `h`.
    private static void check(String name, Matrix at, Matrix gradient, ToDoubleFunction<Matrix> loss) {
        double h = 0x1p-15;
        double largest = 0;
        for (int i = 0; i < at.rows(); i++) {
            for (int j = 0; j < at.columns(); j++) {
                largest = Math.max(largest, Math.abs(gradient.get(i, j)));
            }
        }
        for (int i = 0; i < at.rows(); i++) {
            for (int j = 0; j < at.columns(); j++) {
                double above = loss.applyAsDouble(changed(at, i, j, h));
                double difference = (above - loss.applyAsDouble(changed(at, i, j, -h))) / (2 * h);
                assertEquals(
                        difference, gradient.get(i, j), 1e-6 * largest + 1e-10, "%s at %d, %d".formatted(name, i, j));
            }
        }
        assertTrue(largest > 1e-4 || name.equals("x_0"), () -> name + " is next to nothing");
    }

    private static Matrix changed(Matrix matrix, int i, int j, double by) {
        Matrix changed = Matrix.of(matrix.toDoubleArray(), matrix.rows(), matrix.columns());
        changed.set(i, j, matrix.get(i, j) + by);
        return changed;
    }
}
