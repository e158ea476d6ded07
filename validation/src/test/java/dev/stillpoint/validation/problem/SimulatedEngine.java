package dev.stillpoint.validation.problem;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.activation.Gate;
import dev.stillpoint.activation.GroupNorm;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.MaxPool;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Sigmoid;
import dev.stillpoint.activation.Softmax;
import dev.stillpoint.activation.Tanh;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.validation.reference.ReferenceActivation;
import java.util.Arrays;
import java.util.List;

/// An engine of a few lines whose every operation rounds to its precision: what thresholds must let pass. It is
/// there to test the thresholds without trusting a real engine.
final class SimulatedEngine {
    private final Precision precision;
    private final Problem problem;
    private final double[][] a;
    private final double[][] b;
    private final double[] bias;

    SimulatedEngine(Problem problem, Precision precision) {
        this.problem = problem;
        this.precision = precision;
        a = rounded(problem.a());
        b = rounded(problem.b());
        Matrix given = problem.bias();
        bias = given == null ? new double[a.length] : rounded(given)[0];
    }

    private double[][] rounded(Matrix matrix) {
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < rows.length; i++) {
            matrix.getRow(i, rows[i], 0);
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = precision.round(rows[i][j]);
            }
        }
        return rows;
    }

    private double fma(double x, double y, double z) {
        return precision == Precision.F32 ? Math.fma((float) x, (float) y, (float) z) : Math.fma(x, y, z);
    }

    private double round(double value) {
        return precision.round(value);
    }

    private double[] argument(double[] x, double[] u) {
        double[] t = new double[a.length];
        for (int i = 0; i < t.length; i++) {
            double sum = bias[i];
            for (int j = 0; j < u.length; j++) {
                sum = fma(b[i][j], u[j], sum);
            }
            for (int j = 0; j < x.length; j++) {
                sum = fma(a[i][j], x[j], sum);
            }
            t[i] = sum;
        }
        return t;
    }

    private double[] activation(double[] v) {
        double[] x = new double[v.length];
        activation(problem.spec().activation(), v, 0, v.length, x);
        return x;
    }

    private void activation(Activation phi, double[] v, int from, int to, double[] x) {
        if (phi instanceof BlockActivation(List<BlockActivation.Part> parts)) {
            int begin = from;
            for (BlockActivation.Part part : parts) {
                activation(part.activation(), v, begin, begin + part.size(), x);
                begin += part.size();
            }
            return;
        }
        for (int i = from; i < to; i++) {
            int begin = from + (i - from) / phi.blockSize() * phi.blockSize();
            x[i] = switch (phi) {
                case Relu() -> v[i] < 0 ? 0 : v[i];
                case LeakyRelu(double slope) -> v[i] < 0 ? round(round(slope) * v[i]) : v[i];
                case Identity() -> v[i];
                case Tanh() -> tanh(v[i]);
                case Sigmoid() -> sigmoid(v[i]);
                case Softmax(int block) -> softmax(v, begin, block, i);
                case GroupNorm(int block, double eps) -> groupNorm(v, begin, block, i, round(eps));
                case MaxPool(int block) ->
                    i == begin ? Arrays.stream(v, begin, begin + block).max().orElseThrow() : 0;
                case Gate(Activation outer, Activation inner) ->
                    i == begin ? round(factor(outer, v[i]) * factor(inner, v[i + 1])) : 0;
                case BlockActivation _ -> throw new IllegalStateException("parts are flat");
            };
        }
    }

    private double tanh(double v) {
        return round(StrictMath.tanh(v));
    }

    private double sigmoid(double v) {
        return round(1 / round(1 + round(StrictMath.exp(-v))));
    }

    private double factor(Activation phi, double v) {
        return phi instanceof Tanh ? tanh(v) : sigmoid(v);
    }

    private double groupNorm(double[] v, int begin, int block, int i, double eps) {
        double sum = 0;
        for (int j = begin; j < begin + block; j++) {
            sum = round(sum + v[j]);
        }
        double mean = round(sum / block);
        double squares = 0;
        for (int j = begin; j < begin + block; j++) {
            double d = round(v[j] - mean);
            squares = fma(d, d, squares);
        }
        return round(round(v[i] - mean) / round(Math.sqrt(round(round(squares / block) + eps))));
    }

    private double softmax(double[] v, int begin, int block, int i) {
        double top = v[begin];
        for (int j = begin; j < begin + block; j++) {
            top = Math.max(top, v[j]);
        }
        double sum = 0;
        for (int j = begin; j < begin + block; j++) {
            sum = round(sum + round(StrictMath.exp(round(v[j] - top))));
        }
        return round(round(StrictMath.exp(round(v[i] - top))) / sum);
    }

    private double[] step(Solver solver, double[] x, double[] t) {
        double[] next = new double[x.length];
        switch (solver) {
            case Picard(double theta) -> {
                double[] f = activation(t);
                for (int i = 0; i < x.length; i++) {
                    next[i] = theta == 1 ? f[i] : fma(round(1 - theta), x[i], round(theta * f[i]));
                }
            }
            case ForwardBackward(double alpha) -> {
                for (int i = 0; i < x.length; i++) {
                    next[i] = fma(round(1 - alpha), x[i], round(alpha * t[i]));
                }
                next = ReferenceActivation.of(problem.spec().activation()).prox(alpha, next);
                for (int i = 0; i < x.length; i++) {
                    next[i] = round(next[i]);
                }
            }
            default -> throw new IllegalArgumentException(solver.label());
        }
        return next;
    }

    /// The state after `steps` steps from zero.
    double[] iterate(int sample, int steps) {
        double[] u = input(sample);
        double[] x = new double[a.length];
        for (int k = 0; k < steps; k++) {
            x = step(problem.solver(), x, argument(x, u));
        }
        return x;
    }

    private double[] input(int sample) {
        double[] u = problem.input(sample);
        for (int j = 0; j < u.length; j++) {
            u[j] = round(u[j]);
        }
        return u;
    }

    /// Solves every sample by the problem's stopping rule, tested at every iteration.
    SolveResult solve(StoppingRule rule) {
        int samples = problem.inputs().rows();
        Matrix states = Matrix.zeros(precision, samples, a.length);
        Status[] statuses = new Status[samples];
        int[] iterations = new int[samples];
        double[] residuals = new double[samples];
        for (int sample = 0; sample < samples; sample++) {
            double[] u = input(sample);
            double[] x = new double[a.length];
            statuses[sample] = Status.MAX_ITERATIONS;
            for (int k = 1; k <= rule.maxIterations(); k++) {
                double[] t = argument(x, u);
                double[] f = activation(t);
                double squares = 0;
                double norm = 0;
                for (int i = 0; i < x.length; i++) {
                    double difference = round(f[i] - x[i]);
                    squares = fma(difference, difference, squares);
                    norm = fma(f[i], f[i], norm);
                }
                residuals[sample] = round(Math.sqrt(squares));
                iterations[sample] = k;
                double limit = fma(round(rule.relative()), round(Math.sqrt(norm)), round(rule.absolute()));
                if (residuals[sample] <= limit) {
                    statuses[sample] = Status.CONVERGED;
                    break;
                }
                if (k < rule.maxIterations()) {
                    x = step(problem.solver(), x, t);
                }
            }
            states.setRow(sample, x, 0);
        }
        return new SolveResult(states, statuses, iterations, residuals);
    }
}
