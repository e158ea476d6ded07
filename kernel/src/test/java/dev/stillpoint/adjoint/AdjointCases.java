package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.List;
import java.util.SplittableRandom;

/// What the tests of adjoint equations share.
final class AdjointCases {
    /// Of every kind, on 30 states.
    static final List<String> ACTIVATIONS = List.of(
            "relu",
            "leaky-relu:0.1",
            "tanh",
            "sigmoid",
            "identity",
            "softmax:3",
            "group-norm:3:0.5",
            "max-pool:3",
            "gate:sigmoid:tanh",
            "blocks:relu@7/leaky-relu:0.1@1/tanh@22",
            "blocks:relu@7/tanh@5/max-pool:3@9/softmax:3@9");

    private AdjointCases() {}

    /// Values that FP32 holds, so that it differs by its own rounding alone.
    static Matrix uniform(int rows, int columns, double scale, SplittableRandom random) {
        Matrix matrix = Matrix.zeros(Precision.F32, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(i, j, scale * random.nextDouble(-1, 1));
            }
        }
        return matrix;
    }

    static double[] row(Matrix matrix, int i) {
        double[] row = new double[matrix.columns()];
        matrix.getRow(i, row, 0);
        return row;
    }
}
