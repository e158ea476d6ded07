package dev.stillpoint.trainer.experiment;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.Objects;

/// Bounds the distance of a computed state from the true one, by what the solver reports of it.
///
/// With the weights and the factor `kappa` of a [RandomModel], the error `e` of a state `x` satisfies
///
///     max_i |e_i| <= max(w) / (1 - kappa) * max_i |f(x) - x|_i / w_i.
///
/// The solver measures `f` in the working precision, of unit roundoff `u`. It computes a unit's value in one chain of
/// `p + n` fused multiply-adds, so its `f` is off by at most `g (|A||x| + |B||v| + |bias|)`, `g = k u / (1 - k u)`,
/// `k = n + p`, `v` the input; `|A||x| <= kappa w max_i |x_i|/w_i`, and `(|B||v|)_i <= |B_i|_2 |v|_2`. The residual's
/// norm is computed with a relative error of at most `(n + 4) u`. Gradual underflow is left aside. Source: Higham,
/// "Accuracy and Stability of Numerical Algorithms", 3.1; IDL-21 Thm 2.2.
final class ErrorEstimate {
    private final RandomModel model;
    private final int n;
    private final int p;
    private final double leastWeight;
    private final double largestWeight;
    private final double inputGain;
    private final double offset;

    ErrorEstimate(RandomModel model) {
        this.model = model;
        n = model.problem().stateSize();
        p = model.problem().inputSize();
        Matrix b = model.problem().b().toMatrix();
        Matrix bias = Objects.requireNonNull(model.problem().bias());
        double least = Double.POSITIVE_INFINITY;
        double largest = 0;
        double gain = 0;
        double largestOffset = 0;
        double[] row = new double[p];
        for (int i = 0; i < n; i++) {
            double weight = model.weight(i);
            b.getRow(i, row, 0);
            least = Math.min(least, weight);
            largest = Math.max(largest, weight);
            gain = Math.max(gain, norm(row) / weight);
            largestOffset = Math.max(largestOffset, Math.abs(bias.get(0, i)) / weight);
        }
        leastWeight = least;
        largestWeight = largest;
        inputGain = gain;
        offset = largestOffset;
    }

    /// What a residual allows the largest error of a unit to be, were `f` evaluated exactly.
    ///
    /// @param residual the 2-norm of the residual, as the solver reports it
    /// @param precision the solver's working precision
    double ofResidual(double residual, Precision precision) {
        double norm = residual * (1 + (n + 4) * precision.unitRoundoff());
        return largestWeight / (1 - model.lambdaUpper()) * norm / leastWeight;
    }

    /// What the rounding errors of evaluating `f` add to it at most.
    ///
    /// @param state the computed state
    /// @param input its input
    /// @param precision the solver's working precision
    double ofRounding(double[] state, double[] input, Precision precision) {
        double weighted = 0;
        for (int i = 0; i < n; i++) {
            weighted = Math.max(weighted, Math.abs(state[i]) / model.weight(i));
        }
        double kappa = model.lambdaUpper();
        double ku = (n + p) * precision.unitRoundoff();
        double chain = ku / (1 - ku);
        return largestWeight / (1 - kappa) * chain * (kappa * weighted + inputGain * norm(input) + offset);
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
