package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A model as plain arrays of double, solved by Picard iteration as far as rounding allows, with bounds
/// of what rounding does to the solution.
final class PlainModel {
    private static final double UNIT = 0x1p-53;

    /// The elementary functions err by a few units of rounding of a value of at most 1 (relu and the like not at
    /// all).
    private static final int FUNCTION_ERROR = 8;

    /// The error of the start shrinks by 0.9 a step at least in what is solved here: `0.9^500 < 2^-75`.
    private static final int MOST_STEPS = 500;

    final double[][] a;
    final double[][] b;
    final double[][] c;
    final double[][] d;
    final double[] bias;
    final Activation phi;
    private double @Nullable [] solvedInput;
    private double[] solvedState = {};

    private PlainModel(ImplicitModel model) {
        a = rows(model.a());
        b = rows(model.b());
        c = rows(model.c());
        LinearOperator feedthrough = model.d();
        d = feedthrough == null ? new double[c.length][model.inputSize()] : rows(feedthrough);
        Matrix stored = model.bias();
        bias = stored == null ? new double[a.length] : stored.toDoubleArray();
        phi = model.activation();
    }

    static PlainModel of(ImplicitModel model) {
        return new PlainModel(model);
    }

    static ImplicitModel model(
            double[][] a, double[][] b, double[][] c, double @Nullable [] bias, Activation activation) {
        return ImplicitModel.of(
                Matrix.ofRows(a),
                Matrix.ofRows(b),
                Matrix.ofRows(c),
                null,
                bias == null ? null : Matrix.ofRows(bias),
                activation);
    }

    private static double[][] rows(LinearOperator operator) {
        Matrix matrix = operator.toMatrix();
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < rows.length; i++) {
            matrix.getRow(i, rows[i], 0);
        }
        return rows;
    }

    static double[] times(double[][] m, double[] x) {
        double[] y = new double[m.length];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] = Math.fma(m[i][j], x[j], y[i]);
            }
        }
        return y;
    }

    private static double[] absoluteTimes(double[][] m, double[] x) {
        double[] y = new double[m.length];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += Math.abs(m[i][j] * x[j]);
            }
        }
        return y;
    }

    /// The state for an input, kept for the next call with the same one.
    double[] state(double[] u) {
        if (!Arrays.equals(u, solvedInput)) {
            solvedInput = u.clone();
            solvedState = solve(u);
        }
        return solvedState;
    }

    private double[] solve(double[] u) {
        double[] z = times(b, u);
        double[] x = new double[a.length];
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] v = times(a, x);
            for (int i = 0; i < v.length; i++) {
                v[i] += z[i] + bias[i];
            }
            double[] next = phi.value(v);
            if (Arrays.equals(next, x)) {
                return x;
            }
            x = next;
        }
        return x;
    }

    double[] output(double[] u) {
        double[] y = times(c, state(u));
        double[] direct = times(d, u);
        Arrays.setAll(y, i -> y[i] + direct[i]);
        return y;
    }

    /// `|A|_inf`, times the Lipschitz constant.
    double contraction() {
        return phi.lipschitz().constant()
                * Arrays.stream(a)
                        .mapToDouble(row -> Arrays.stream(row).map(Math::abs).sum())
                        .max()
                        .orElse(0);
    }

    /// A bound of the error of every component of [#state]: each evaluation of the map errs by `k u` of the sum
    /// of the sizes of its `k` terms at most, and the map contracts by [#contraction()] in the maximum norm. The
    /// last iterate may differ from its image by another such error.
    double stateError(double[] u) {
        double[] x = state(u);
        double[] sizes = absoluteTimes(a, x);
        double[] inputs = absoluteTimes(b, u);
        double largest = 0;
        for (int i = 0; i < sizes.length; i++) {
            largest = Math.max(largest, sizes[i] + inputs[i] + Math.abs(bias[i]));
        }
        int terms = a.length + u.length + 4;
        return 2 * (terms * UNIT * largest + FUNCTION_ERROR * UNIT) / (1 - contraction());
    }

    /// A bound of the error of every component of [#output].
    double outputError(double[] u) {
        double[] x = state(u);
        double[] ones = new double[x.length];
        Arrays.fill(ones, stateError(u));
        double[] moved = absoluteTimes(c, ones);
        double[] sizes = absoluteTimes(c, x);
        double[] direct = absoluteTimes(d, u);
        double largest = 0;
        for (int i = 0; i < sizes.length; i++) {
            largest = Math.max(largest, 2 * moved[i] + (x.length + u.length + 2) * UNIT * (sizes[i] + direct[i]));
        }
        return largest;
    }

    /// Predictions of the two agree to the rounding of both.
    static void assertSamePredictions(ImplicitModel model, Simplification done, Random random, String what) {
        PlainModel before = PlainModel.of(model);
        PlainModel after = PlainModel.of(done.model());
        for (int sample = 0; sample < 3; sample++) {
            double[] u = Structures.vector(model.inputSize(), random);
            double tolerance = before.outputError(u) + after.outputError(u);
            assertArrayEquals(before.output(u), after.output(u), tolerance, what + "\n" + done);
        }
    }
}
