package dev.stillpoint.adjoint;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients of a loss through iterations against differences of it.
final class UnrolledGradientsTest {
    private static final int SAMPLES = 3;
    private static final int ITERATIONS = 6;

    /// The loss is off by a few times `2^-52`.
    private static final Differences DIFFERENCES = new Differences(1e-10, 1e-4);

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
            DIFFERENCES.check(model, gradients, other -> loss.of(other, inputs, starts));
            DIFFERENCES.check("u", inputs, gradients.inputGradients(adjoint), u -> loss.of(model, u, starts));
            Matrix zero = Matrix.zeros(Precision.F64, SAMPLES, UnrolledCases.N);
            Matrix from = starts == null ? zero : starts;
            new Differences(1e-10, -1).check("x_0", from, adjoint.initialGradients(), x -> loss.of(model, inputs, x));
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
}
