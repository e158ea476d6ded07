package dev.stillpoint.trainer.experiment;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.Arrays;

/// A random well-posed equation `x = relu(Ax + Bu + bias)` whose states are features of the input, with the proof that
/// it is well-posed.
///
/// All numbers are FP32 values, so that single and double precision solve the same equation.
///
/// - `A`: entries uniform on (-1/4, 1), scaled so that `lambda_PF(|A|)` is just below the asked `kappa < 1`. The
///   surplus of positive entries makes the speed of Picard iteration depend on the sample.
/// - `B`: entries uniform on (-s, s), with `s` such that `Bu` has the variance 1 over the training inputs, on average
///   over the draws.
/// - bias: `-B mean(u)` plus a number uniform on (-1/2, 1/2), so that about half of the units are on.
/// - The last unit is the constant 1 (its row and column of `A` and its row of `B` are 0, its bias is 1): it gives a
///   linear read-out its offset.
///
/// **Proof.** Positive weights `w` with `|A| w <= kappa w` make Picard iteration a contraction in the norm
/// `max_i |x_i| / w_i`, by the factor `kappa` (IDL-21 Thm 2.2 and its proof); the weights come from power iteration,
/// and
/// the inequality is checked with the rounding errors of the check added.
final class RandomModel {
    private static final double LOW = -0.25;
    private static final double OFFSET = 0.5;
    private static final int POWER_STEPS = 100;

    private final FixedPointProblem problem;
    private final double[] weights;
    private final double lambdaLower;
    private final double lambdaUpper;

    private RandomModel(FixedPointProblem problem, double[] weights, double lambdaLower, double lambdaUpper) {
        this.problem = problem;
        this.weights = weights;
        this.lambdaLower = lambdaLower;
        this.lambdaUpper = lambdaUpper;
    }

    /// Draws a model.
    ///
    /// @param inputs the training inputs, `(samples, p)`, which set the scale of `B`
    /// @param stateSize `n`, the constant unit included, at least 2
    /// @param kappa what `lambda_PF(|A|)` is to be, in (0, 1)
    /// @throws IllegalArgumentException when all inputs are equal
    static RandomModel draw(Matrix inputs, int stateSize, double kappa, SplitMix64 random) {
        int n = stateSize;
        int units = n - 1;
        double[] a = new double[n * n];
        for (int i = 0; i < units; i++) {
            for (int j = 0; j < units; j++) {
                a[i * n + j] = random.nextDouble(LOW, 1);
            }
        }
        double[] weights = new double[n];
        Arrays.fill(weights, 1);
        double upper = powerIteration(a, weights, units)[1];
        // Rounding an entry to FP32 raises it by a factor of at most 1 + 2^-24.
        double scale = kappa / upper * (1 - 0x1p-23);
        float[] rounded = new float[n * n];
        for (int k = 0; k < a.length; k++) {
            rounded[k] = (float) (a[k] * scale);
            a[k] = rounded[k];
        }
        double[] bounds = powerIteration(a, weights, units);
        Matrix matrixA = Matrix.of(rounded, n, n).frozen();

        int p = inputs.columns();
        double[] mean = mean(inputs);
        double spread = Math.sqrt(3 / variance(inputs, mean));
        float[] b = new float[n * p];
        float[] bias = new float[n];
        for (int i = 0; i < units; i++) {
            double centre = 0;
            for (int j = 0; j < p; j++) {
                b[i * p + j] = (float) random.nextDouble(-spread, spread);
                centre += b[i * p + j] * mean[j];
            }
            bias[i] = (float) (random.nextDouble(-OFFSET, OFFSET) - centre);
        }
        bias[units] = 1;
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(matrixA),
                LinearOperator.dense(Matrix.of(b, n, p).frozen()),
                Matrix.of(bias, 1, n).frozen(),
                Activation.relu());
        return new RandomModel(problem, weights, bounds[0], bounds[1]);
    }

    /// Moves the first `units` weights towards the Perron-Frobenius vector of `|A|`, scaled to a largest of 1, and
    /// returns the bounds `min_i (|A|w)_i/w_i <= lambda_PF <= max_i (|A|w)_i/w_i` (Collatz and Wielandt), rounding
    /// errors included.
    private static double[] powerIteration(double[] a, double[] weights, int units) {
        int n = weights.length;
        double[] product = new double[units];
        double lower = 0;
        double upper = 0;
        for (int step = 0; step <= POWER_STEPS; step++) {
            lower = Double.POSITIVE_INFINITY;
            upper = 0;
            double largest = 0;
            for (int i = 0; i < units; i++) {
                double sum = 0;
                for (int j = 0; j < units; j++) {
                    sum += Math.abs(a[i * n + j]) * weights[j];
                }
                product[i] = sum;
                lower = Math.min(lower, sum / weights[i]);
                upper = Math.max(upper, sum / weights[i]);
                largest = Math.max(largest, sum);
            }
            if (step < POWER_STEPS) {
                for (int i = 0; i < units; i++) {
                    weights[i] = product[i] / largest;
                }
            }
        }
        // A sum of non-negative terms, each with two roundings besides those of the sum, and the division.
        double rounding = (n + 3) * 0x1p-53;
        return new double[] {lower * (1 - rounding), upper * (1 + rounding)};
    }

    private static double[] mean(Matrix inputs) {
        double[] row = new double[inputs.columns()];
        double[] mean = new double[row.length];
        for (int i = 0; i < inputs.rows(); i++) {
            inputs.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                mean[j] += row[j];
            }
        }
        for (int j = 0; j < row.length; j++) {
            mean[j] /= inputs.rows();
        }
        return mean;
    }

    /// The mean squared distance from the mean.
    private static double variance(Matrix inputs, double[] mean) {
        double[] row = new double[mean.length];
        double sum = 0;
        for (int i = 0; i < inputs.rows(); i++) {
            inputs.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                sum += (row[j] - mean[j]) * (row[j] - mean[j]);
            }
        }
        double variance = sum / inputs.rows();
        if (!(variance > 0)) {
            throw new IllegalArgumentException("the training inputs are all equal: they give B no scale");
        }
        return variance;
    }

    FixedPointProblem problem() {
        return problem;
    }

    /// The weight of unit `i`, in (0, 1].
    double weight(int i) {
        return weights[i];
    }

    /// A lower bound of `lambda_PF(|A|)`.
    double lambdaLower() {
        return lambdaLower;
    }

    /// An upper bound of `lambda_PF(|A|)`, and the factor of the contraction.
    double lambdaUpper() {
        return lambdaUpper;
    }
}
