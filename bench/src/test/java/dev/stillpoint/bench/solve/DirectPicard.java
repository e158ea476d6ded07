package dev.stillpoint.bench.solve;

import static java.util.Objects.requireNonNull;

import dev.stillpoint.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;

/// Picard iteration from zero in plain double-precision loops, and how far any computation that rounds no more often
/// may be from the exact iterates.
///
/// A sum of `n + 1` terms, of which `n` are products, errs by at most `g` times the sum of its terms' absolute
/// values, `g = 2n u / (1 - 2n u)`, whatever its order, with fused operations or without. `relu` is non-expansive
/// and does not round. Let `d = g max_i (|bias_i| + sum_j |B_ij u_j|)` bound the error of `z = Bu + bias`, let
/// `Z = max|z|`, `X` be the largest value of all iterates, `k = |A|_inf`, and `e` bound the errors of all iterates.
/// A computed value of `z` is at most `Z + d`, and one of `x` at most `X + e`, so
///
///     e <= k e + d + g (Z + d + k (X + e)),   hence   e <= (d + g (Z + d + k X)) / (1 - k - g k).
///
/// `Z`, `X`, `d` and `k` are taken from the double computation. A term takes part in at most `n + 1` roundings, so that
/// `g` is nearly twice what is needed, and that covers the errors of these four.
final class DirectPicard {
    private static final int ITERATIONS = 20;

    private final double[][] a;
    private final double[][] b;
    private final double[] bias;
    private final Matrix inputs;
    private final double contraction;

    DirectPicard(BenchmarkProblem made) {
        a = rows(made.problem().a().toMatrix());
        b = rows(made.problem().b().toMatrix());
        bias = requireNonNull(made.problem().bias()).toDoubleArray();
        inputs = made.inputs();
        double largest = 0;
        for (double[] row : a) {
            double sum = 0;
            for (double value : row) {
                sum += Math.abs(value);
            }
            largest = Math.max(largest, sum);
        }
        contraction = largest;
    }

    private static double[][] rows(Matrix matrix) {
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < rows.length; i++) {
            matrix.getRow(i, rows[i], 0);
        }
        return rows;
    }

    Trace solve(int sample) {
        double[] u = new double[inputs.columns()];
        inputs.getRow(sample, u, 0);
        int n = a.length;
        double[] z = bias.clone();
        double terms = 0;
        double largestZ = 0;
        for (int i = 0; i < n; i++) {
            double absolute = Math.abs(bias[i]);
            for (int j = 0; j < u.length; j++) {
                z[i] += b[i][j] * u[j];
                absolute += Math.abs(b[i][j] * u[j]);
            }
            terms = Math.max(terms, absolute);
            largestZ = Math.max(largestZ, Math.abs(z[i]));
        }
        List<double[]> states = new ArrayList<>();
        states.add(new double[n]);
        double largest = 0;
        for (int k = 0; k < ITERATIONS; k++) {
            double[] x = states.getLast();
            double[] next = new double[n];
            for (int i = 0; i < n; i++) {
                double t = z[i];
                for (int j = 0; j < n; j++) {
                    t += a[i][j] * x[j];
                }
                next[i] = Math.max(t, 0);
                largest = Math.max(largest, next[i]);
            }
            states.add(next);
        }
        return new Trace(states, largest, largestZ, terms, contraction);
    }

    /// All iterates of a sample, and what their error bound is made of.
    record Trace(List<double[]> states, double largest, double largestZ, double terms, double contraction) {
        double[] state(int iteration) {
            return states.get(iteration);
        }

        /// How far a state is from the one before it, in the maximum norm.
        double change(int iteration) {
            double[] x = states.get(iteration);
            double[] before = states.get(iteration - 1);
            double change = 0;
            for (int i = 0; i < x.length; i++) {
                change = Math.max(change, Math.abs(x[i] - before[i]));
            }
            return change;
        }

        /// The bound on the maximum norm of the error of any iterate, for unit roundoff `u`.
        double bound(double u) {
            double roundings = 2.0 * states.getFirst().length;
            double g = roundings * u / (1 - roundings * u);
            double d = g * terms;
            return (d + g * (largestZ + d + contraction * largest)) / (1 - contraction - g * contraction);
        }
    }
}
