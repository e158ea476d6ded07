package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/// A loss of contractions, `sum cos(y + w)` over samples and outputs with different `w`, its gradients, and
/// differences of it.
final class LossDifferences {
    static final int SAMPLES = 5;
    static final StoppingRule EXACT = StoppingRule.mixed(0x1p-48).withMaxIterations(2000);
    static final PlanOptions DOUBLE = new PlanOptions(Precision.F64, 1);

    private final Matrix inputs;
    private final Matrix w;

    /// A loss whose inputs have points of this model that lie further from every kink than the differences move
    /// them.
    LossDifferences(ImplicitModel model, SplittableRandom random) {
        inputs = Matrix.zeros(Precision.F64, SAMPLES, model.inputSize());
        w = Batches.uniform(SAMPLES, model.outputSize(), 3, random);
        try (AdjointPlan plan = adjoint(model)) {
            double[] row = new double[model.inputSize()];
            boolean ties = model.activation().label().contains("max-pool");
            for (int s = 0; s < SAMPLES; ) {
                Matrix input = Batches.uniform(1, model.inputSize(), 2, random);
                if (distance(plan.points(input, states(model, input)), ties) > 0x1p-10) {
                    input.getRow(0, row, 0);
                    inputs.setRow(s++, row, 0);
                }
            }
        }
    }

    /// How far values are from 0 and, where ties are kinks, from each other.
    private static double distance(Matrix point, boolean ties) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < point.columns(); i++) {
            least = Math.min(least, Math.abs(point.get(0, i)));
            for (int j = 0; ties && j < i; j++) {
                least = Math.min(least, Math.abs(point.get(0, i) - point.get(0, j)));
            }
        }
        return least;
    }

    static AdjointPlan adjoint(ImplicitModel model) {
        return AdjointPlan.prepare(AdjointProblem.of(model), Solver.picard(), EXACT, DOUBLE);
    }

    private static Matrix states(ImplicitModel model, Matrix inputs) {
        try (SolvePlan plan = Backend.cpu().prepare(model.problem(), Solver.picard(), EXACT, DOUBLE)) {
            return plan.solve(inputs).orThrow().states();
        }
    }

    Matrix inputs() {
        return inputs;
    }

    double of(ImplicitModel model) {
        return of(model, inputs);
    }

    double of(ImplicitModel model, Matrix others) {
        Matrix outputs = model.predict(others, states(model, others));
        double sum = 0;
        for (int s = 0; s < outputs.rows(); s++) {
            for (int k = 0; k < outputs.columns(); k++) {
                sum += Math.cos(outputs.get(s, k) + w.get(s, k));
            }
        }
        return sum;
    }

    /// The gradients of the letters, and of the inputs.
    record Found(Gradients letters, Matrix inputs) {}

    Found gradients(ImplicitModel model) {
        Matrix states = states(model, inputs);
        Matrix outputs = model.predict(inputs, states);
        Matrix g = Matrix.zeros(Precision.F64, outputs.rows(), outputs.columns());
        for (int s = 0; s < outputs.rows(); s++) {
            for (int k = 0; k < outputs.columns(); k++) {
                g.set(s, k, -Math.sin(outputs.get(s, k) + w.get(s, k)));
            }
        }
        try (AdjointPlan plan = adjoint(model)) {
            SolveResult v = plan.solve(plan.points(inputs, states), g);
            Gradients gradients = new Gradients(model);
            gradients.add(inputs, states, g, v, 1);
            return new Found(gradients, gradients.inputGradients(g, v));
        }
    }

    /// Central differences with step `h` are off by `h^2/6` times a third derivative, and by the error of the
    /// loss, at most a few dozen times `2^-48` here, over `h`.
    static void check(String name, Matrix at, Matrix gradient, Function<Matrix, Double> loss) {
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

    /// [#check] of every letter of an operator.
    static void check(
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

    /// [#check] of one number.
    static void check(String name, double at, double gradient, Function<Double, Double> loss) {
        check(
                name,
                Matrix.ofRows(new double[] {at}),
                Matrix.ofRows(new double[] {gradient}),
                value -> loss.apply(value.get(0, 0)));
    }

    private static Matrix changed(Matrix matrix, int i, int j, double by) {
        Matrix changed = Matrix.of(matrix.toDoubleArray(), matrix.rows(), matrix.columns());
        changed.set(i, j, matrix.get(i, j) + by);
        return changed;
    }
}
