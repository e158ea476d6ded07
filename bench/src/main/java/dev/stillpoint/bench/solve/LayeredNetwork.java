package dev.stillpoint.bench.solve;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import java.util.Arrays;
import java.util.Random;

/// A feed-forward network of layers of one width, and the same as an implicit model:
///
///     x_1 = relu(W_1 u + b_1),   x_l = relu(W_l x_(l-1) + b_l),   y = x_L
///
/// The state is `(x_L, ..., x_1)`, the last layer first, which makes `A` strictly upper triangular; it is given
/// dense, zeros and all. Weights are normal with variance `2/w`, by which states neither grow nor die out from layer
/// to layer, and biases normal with variance 1/100. Source: IDL-21 §3.1.
final class LayeredNetwork {
    private final int width;
    private final Precision precision;
    private final Matrix[] weights;
    private final Matrix[] biases;

    /// A network.
    ///
    /// @param width `w`, values of the input and of each layer
    /// @param layers `L`
    LayeredNetwork(int width, int layers, Precision precision, long seed) {
        this.width = width;
        this.precision = precision;
        Random random = new Random(seed);
        weights = new Matrix[layers];
        biases = new Matrix[layers];
        Arrays.setAll(weights, _ -> normal(random, width, Math.sqrt(2.0 / width)));
        Arrays.setAll(biases, _ -> normal(random, 1, 0.1));
    }

    private Matrix normal(Random random, int rows, double deviation) {
        Matrix matrix = Matrix.zeros(precision, rows, width);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < width; j++) {
                matrix.set(i, j, deviation * random.nextGaussian());
            }
        }
        return matrix;
    }

    /// `L`.
    int layers() {
        return weights.length;
    }

    /// `W_(l+1)`, `(w, w)`.
    Matrix weight(int l) {
        return weights[l];
    }

    /// `b_(l+1)`, `(1, w)`.
    Matrix bias(int l) {
        return biases[l];
    }

    /// Floating-point operations of the products of all layers for one sample.
    long flops() {
        return 2L * width * width * layers();
    }

    /// The implicit model, `A` dense.
    ImplicitModel model() {
        int layers = layers();
        int n = layers * width;
        Matrix a = Matrix.zeros(precision, n, n);
        Matrix b = Matrix.zeros(precision, n, width);
        Matrix c = Matrix.zeros(precision, width, n);
        Matrix bias = Matrix.zeros(precision, 1, n);
        for (int l = 0; l < layers; l++) {
            int begin = (layers - 1 - l) * width;
            place(weights[l], l == 0 ? b : a, begin, l == 0 ? 0 : begin + width);
            place(biases[l], bias, 0, begin);
        }
        for (int i = 0; i < width; i++) {
            c.set(i, i, 1);
        }
        return ImplicitModel.of(a, b, c, null, bias, Activation.relu());
    }

    private static void place(Matrix part, Matrix whole, int row, int column) {
        for (int i = 0; i < part.rows(); i++) {
            for (int j = 0; j < part.columns(); j++) {
                whole.set(row + i, column + j, part.get(i, j));
            }
        }
    }
}
