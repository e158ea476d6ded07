package dev.stillpoint.bench.solve;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.StoppingRule;

/// A problem whose samples take as many iterations as one wants, exactly:
///
///     x = relu(I x - 1)
///
/// Picard iteration from `x = s (1, ..., 1)` counts down to 0, the one fixed point, and finds the residual 0 there
/// with its iteration `s + 1`; every number is whole, so that no rounding has a say. `I` is stored as a dense
/// matrix, and dense products do not look at values: an iteration costs what it costs for any other `A`. There are
/// no inputs.
final class Countdown {
    private Countdown() {}

    /// The equation.
    static FixedPointProblem equation(int n, Precision precision) {
        Matrix identity = Matrix.zeros(precision, n, n);
        Matrix bias = Matrix.zeros(precision, 1, n);
        for (int i = 0; i < n; i++) {
            identity.set(i, i, 1);
            bias.set(0, i, -1);
        }
        return new FixedPointProblem(
                LinearOperator.dense(identity.frozen()),
                LinearOperator.dense(Matrix.zeros(precision, n, 0).frozen()),
                bias.frozen(),
                Activation.relu());
    }

    /// The inputs of `m` samples.
    static Matrix inputs(int m, Precision precision) {
        return Matrix.zeros(precision, m, 0);
    }

    /// The starts of `m` samples that take `iterations`, but for the last, which takes `last`.
    static Matrix starts(int n, int m, Precision precision, int iterations, int last) {
        Matrix starts = Matrix.zeros(precision, m, n);
        for (int sample = 0; sample < m; sample++) {
            int count = sample == m - 1 ? last : iterations;
            for (int i = 0; i < n; i++) {
                starts.set(sample, i, count - 1);
            }
        }
        return starts;
    }

    /// Stops at the fixed point and nowhere else.
    static StoppingRule stopping() {
        return new StoppingRule(0, 0, Integer.MAX_VALUE, 1);
    }
}
