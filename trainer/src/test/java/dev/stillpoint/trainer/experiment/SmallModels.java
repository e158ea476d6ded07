package dev.stillpoint.trainer.experiment;

import dev.stillpoint.matrix.Matrix;

/// Small models for tests.
final class SmallModels {
    private SmallModels() {}

    /// Inputs in [0, 1], `(samples, p)`.
    static Matrix inputs(int samples, int p, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        float[] values = new float[samples * p];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) random.nextDouble();
        }
        return Matrix.of(values, samples, p).frozen();
    }

    /// `relu(Ax + Bu + bias)`.
    static double[] evaluate(RandomModel model, double[] state, double[] input) {
        Matrix a = model.problem().a().toMatrix();
        Matrix b = model.problem().b().toMatrix();
        double[] value = new double[state.length];
        for (int i = 0; i < value.length; i++) {
            double sum = model.problem().bias().get(0, i);
            for (int j = 0; j < input.length; j++) {
                sum += b.get(i, j) * input[j];
            }
            for (int j = 0; j < state.length; j++) {
                sum += a.get(i, j) * state[j];
            }
            value[i] = Math.max(0, sum);
        }
        return value;
    }

    /// The solution, to the rounding errors of double precision: `0.9^400 < 10^-18`.
    static double[] solve(RandomModel model, double[] input) {
        double[] state = new double[model.problem().stateSize()];
        for (int iteration = 0; iteration < 400; iteration++) {
            state = evaluate(model, state, input);
        }
        return state;
    }

    static double[] row(Matrix matrix, int i) {
        double[] row = new double[matrix.columns()];
        matrix.getRow(i, row, 0);
        return row;
    }
}
