package dev.stillpoint.adjoint;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.SplittableRandom;

/// A loss of contractions, `sum cos(y + w)` over samples and outputs with different `w`, its gradients, and
/// differences of it.
final class LossDifferences {
    static final int SAMPLES = 5;
    static final StoppingRule EXACT = StoppingRule.mixed(0x1p-48).withMaxIterations(2000);
    static final PlanOptions DOUBLE = new PlanOptions(Precision.F64, 1);

    /// The loss is off by a few dozen times `2^-48` at most.
    static final Differences DIFFERENCES = new Differences(1e-8, -1);

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
}
