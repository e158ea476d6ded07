package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import java.util.Arrays;
import java.util.Random;

/// Random models with a structure, and permutations to hide it.
final class Structures {
    private Structures() {}

    /// A permutation of `count` blocks of `size` states.
    static int[] permutation(int count, int size, Random random) {
        int[] blocks = new int[count];
        Arrays.setAll(blocks, k -> k);
        for (int k = count - 1; k > 0; k--) {
            int other = random.nextInt(k + 1);
            int kept = blocks[k];
            blocks[k] = blocks[other];
            blocks[other] = kept;
        }
        int[] states = new int[count * size];
        Arrays.setAll(states, i -> blocks[i / size] * size + i % size);
        return states;
    }

    static double[][] select(double[][] m, int[] rows, int[] columns) {
        double[][] selected = new double[rows.length][columns.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                selected[i][j] = m[rows[i]][columns[j]];
            }
        }
        return selected;
    }

    static int[] all(int count) {
        int[] all = new int[count];
        Arrays.setAll(all, i -> i);
        return all;
    }

    /// The model with its states in another order.
    static ImplicitModel permuted(ImplicitModel model, int[] order) {
        PlainModel plain = PlainModel.of(model);
        double[] bias = new double[order.length];
        Arrays.setAll(bias, i -> plain.bias[order[i]]);
        return PlainModel.model(
                select(plain.a, order, order),
                select(plain.b, order, all(model.inputSize())),
                select(plain.c, all(model.outputSize()), order),
                bias,
                model.activation());
    }

    /// Standard normal entries, each zero with probability `1 - density`.
    static double[][] random(int rows, int columns, double density, Random random) {
        double[][] m = new double[rows][columns];
        for (double[] row : m) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextDouble() < density ? random.nextGaussian() : 0;
            }
        }
        return m;
    }

    /// Scales each row to an absolute sum of at most `most`.
    static double[][] contracting(double[][] a, double most) {
        for (double[] row : a) {
            double sum = Arrays.stream(row).map(Math::abs).sum();
            for (int j = 0; j < row.length; j++) {
                row[j] = sum > most ? row[j] / sum * most : row[j];
            }
        }
        return a;
    }

    static double[] vector(int n, Random random) {
        return random.doubles(n, -1, 1).toArray();
    }

    /// `|A|_inf` of 0.9 at most, with a sparse `A` of which `density` entries are not zero, blocks of the
    /// activation permuted; a third of the outputs' columns, too.
    static ImplicitModel sparse(int blocks, int p, int q, double density, Activation phi, Random random) {
        int n = blocks * phi.blockSize();
        return PlainModel.model(
                contracting(random(n, n, density, random), 0.9),
                random(n, p, 0.5, random),
                random(q, n, 0.3, random),
                vector(n, random),
                phi);
    }

    /// The layers of a network as one strictly upper triangular `A`, the last layer first: small integers, none
    /// zero, so that every sum is exact.
    static ImplicitModel feedForward(int p, int q, int[] layers, Random random) {
        int n = Arrays.stream(layers).sum();
        double[][] a = new double[n][n];
        double[][] b = new double[n][p];
        double[][] c = new double[q][n];
        double[] bias = new double[n];
        int end = n;
        int previous = n;
        for (int layer : layers) {
            int begin = end - layer;
            for (int i = begin; i < end; i++) {
                bias[i] = integer(random);
                for (int j = end; j < previous; j++) {
                    a[i][j] = integer(random);
                }
                if (end == n) {
                    Arrays.setAll(b[i], j -> integer(random));
                }
            }
            previous = end;
            end = begin;
        }
        for (double[] row : c) {
            for (int j = 0; j < layers[layers.length - 1]; j++) {
                row[j] = integer(random);
            }
        }
        return PlainModel.model(a, b, c, bias, Activation.relu());
    }

    private static double integer(Random random) {
        int value = random.nextInt(6) - 3;
        return value >= 0 ? value + 1 : value;
    }
}
