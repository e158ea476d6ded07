package dev.stillpoint.bench.solve;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The problem that solves are timed on: `x = relu(Ax + Bu + bias)`, dense, with as many inputs as states.
///
/// `A` is random and positive with rows that sum to 0.8, so `lambda_PF(|A|) = |A|_inf = 0.8` and the problem is
/// well-posed. The values of `Bu` are random with mean 0 and variance 1, and the bias is 1/2: nearly all states are
/// active, so that Picard iteration contracts by little less than 0.8, and from 32 states on no sample meets an exact
/// fixed point, which would end its solve, within two dozen iterations. (A matrix of random signs would: its spectral
/// radius is far below `lambda_PF(|A|)`.) All values are representable in FP32, so both precisions solve the same
/// problem.
///
/// @param problem the equation
/// @param inputs `u`, `(samples, p)`
public record BenchmarkProblem(FixedPointProblem problem, Matrix inputs) {
    /// `lambda_PF(|A|)` and `|A|_inf`, up to the rounding of `A` to FP32.
    public static final double CONTRACTION = 0.8;

    private static final float BIAS = 0.5f;

    private static final long SEED = 20210914;

    /// The problem with `n` states and `n` inputs, and `samples` samples of its inputs.
    ///
    /// @throws IllegalArgumentException when `n` or `samples` is below 1
    public static BenchmarkProblem random(int n, int samples) {
        if (n < 1 || samples < 1) {
            throw new IllegalArgumentException(
                    "n is " + n + " and the samples are " + samples + ", expected at least 1 of each");
        }
        SplittableRandom random = new SplittableRandom(SEED);
        float[] a = new float[n * n];
        double[] row = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                // Never zero, also not rounded: a row must have a sum, and A stays irreducible.
                row[j] = 1 - random.nextDouble();
                sum += row[j];
            }
            for (int j = 0; j < n; j++) {
                a[i * n + j] = (float) (row[j] / sum * CONTRACTION);
            }
        }
        // A value uniform in (-1, 1) has variance 1/3, a product of two 1/9, and n of them are added.
        double scale = 3 / Math.sqrt(n);
        Matrix b = Matrix.of(signed(random, n * n, scale), n, n);
        Matrix inputs = Matrix.of(signed(random, samples * n, 1), samples, n);
        float[] bias = new float[n];
        Arrays.fill(bias, BIAS);
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(Matrix.of(a, n, n).frozen()),
                LinearOperator.dense(b.frozen()),
                Matrix.of(bias, 1, n).frozen(),
                Activation.relu());
        return new BenchmarkProblem(problem, inputs.frozen());
    }

    private static float[] signed(SplittableRandom random, int size, double scale) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextDouble(-1, 1) * scale);
        }
        return values;
    }
}
