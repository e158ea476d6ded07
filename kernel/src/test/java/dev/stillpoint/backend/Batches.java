package dev.stillpoint.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import java.util.SplittableRandom;

/// Seeded problems and batches for tests of the engine, and comparisons to the bit.
public final class Batches {
    private Batches() {}

    /// A contraction: entries uniform in `(-1, 1)` scaled so that every row's absolute sum is about `lambda`,
    /// with a bias.
    public static FixedPointProblem contraction(int n, int p, double lambda, Activation activation, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] bias = random.doubles(n, -1, 1).toArray();
        return new FixedPointProblem(
                LinearOperator.dense(uniform(n, n, 2 * lambda / n, random)),
                LinearOperator.dense(uniform(n, p, 1, random)),
                Matrix.of(bias, 1, n),
                activation);
    }

    /// Entries uniform in `(-scale, scale)`.
    public static Matrix uniform(int rows, int columns, double scale, SplittableRandom random) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = scale * random.nextDouble(-1, 1);
        }
        return Matrix.of(values, rows, columns);
    }

    /// Scales every row by a power of two, few up and most down by many, so that iteration counts differ a lot.
    ///
    /// @param matrix modified
    public static Matrix scatter(Matrix matrix) {
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                matrix.set(i, j, Math.scalb(matrix.get(i, j), i % 13 == 7 ? 4 : -16 - i % 11));
            }
        }
        return matrix;
    }

    /// Inputs whose size, and so the number of iterations they take, varies over six decades from row to row.
    public static Matrix inputs(int samples, int p, Precision precision, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Matrix inputs = Matrix.zeros(precision, samples, p);
        for (int i = 0; i < samples; i++) {
            double scale = StrictMath.pow(10, random.nextDouble(-3, 3));
            for (int j = 0; j < p; j++) {
                inputs.set(i, j, scale * random.nextDouble(-1, 1));
            }
        }
        return inputs;
    }

    /// Copies chosen rows.
    public static Matrix rows(Matrix matrix, int... rows) {
        Matrix chosen = Matrix.zeros(matrix.precision(), rows.length, matrix.columns());
        double[] row = new double[matrix.columns()];
        for (int i = 0; i < rows.length; i++) {
            matrix.getRow(rows[i], row, 0);
            chosen.setRow(i, row, 0);
        }
        return chosen;
    }

    /// Asserts that sample `i` of one result is sample `j` of another, to the bit.
    public static void assertSame(SolveResult expected, int i, SolveResult actual, int j, String what) {
        String where = what + ": sample " + i + " as sample " + j;
        assertEquals(expected.status(i), actual.status(j), where);
        assertEquals(expected.iterations(i), actual.iterations(j), where);
        assertEquals(bits(expected.residual(i)), bits(actual.residual(j)), where);
        for (int k = 0; k < expected.states().columns(); k++) {
            double left = expected.states().get(i, k);
            double right = actual.states().get(j, k);
            if (bits(left) != bits(right)) {
                throw new AssertionError("%s, state %d: %s is not %s".formatted(where, k, left, right));
            }
        }
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }
}
