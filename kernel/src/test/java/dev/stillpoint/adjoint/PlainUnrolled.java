package dev.stillpoint.adjoint;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SequentialAveraging.InverseNorm;
import dev.stillpoint.solver.Solver;
import org.jspecify.annotations.Nullable;

/// Iterations of one sample after another, with dense matrices in double precision.
final class PlainUnrolled {
    private final double[][] a;
    private final double[][] b;
    private final double[][] c;
    private final double[][] d;
    private final double[] bias;
    private final Activation phi;
    private final Solver solver;

    /// The least distance of what an activation was applied to from a kink.
    private double gap = Double.POSITIVE_INFINITY;

    PlainUnrolled(ImplicitModel model, Solver solver) {
        a = dense(model.a());
        b = dense(model.b());
        c = dense(model.c());
        LinearOperator feedthrough = model.d();
        d = feedthrough == null ? new double[c.length][model.inputSize()] : dense(feedthrough);
        Matrix given = model.bias();
        bias = given == null ? new double[a.length] : AdjointCases.row(given, 0);
        phi = model.activation();
        this.solver = solver;
    }

    private static double[][] dense(LinearOperator operator) {
        Matrix matrix = operator.toMatrix();
        double[][] rows = new double[matrix.rows()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = AdjointCases.row(matrix, i);
        }
        return rows;
    }

    double gap() {
        return gap;
    }

    private static void addProduct(double[][] matrix, double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += matrix[i][j] * x[j];
            }
        }
    }

    /// `x_K` from a start, or from zero.
    double[] state(int iterations, double[] u, double @Nullable [] start) {
        double[] x = start == null ? new double[a.length] : start;
        for (int k = 1; k <= iterations; k++) {
            double[] t = bias.clone();
            addProduct(b, u, t);
            addProduct(a, x, t);
            x = step(k, x, t);
        }
        return x;
    }

    private double[] step(int k, double[] x, double[] t) {
        double[] next = new double[x.length];
        switch (solver) {
            case Picard(double theta) -> {
                double[] f = value(t);
                for (int i = 0; i < x.length; i++) {
                    next[i] = theta * f[i] + (1 - theta) * x[i];
                }
            }
            case ForwardBackward(double alpha) -> {
                for (int i = 0; i < x.length; i++) {
                    next[i] = alpha * t[i] + (1 - alpha) * x[i];
                }
                look(next);
                next = phi.prox(alpha, next);
            }
            case SequentialAveraging method -> {
                double[] f = value(t);
                double beta = method.beta(k);
                double square = 0;
                for (double each : x) {
                    square += each * each;
                }
                for (int i = 0; i < x.length; i++) {
                    double slope = method.regulariser() instanceof InverseNorm(double eps)
                            ? -2 * x[i] / ((square + eps) * (square + eps))
                            : x[i];
                    double kept = (1 - method.gamma() * method.lambda(k)) * x[i] - method.gamma() * slope;
                    next[i] = (1 - beta) * f[i] + beta * kept;
                }
            }
            default -> throw new IllegalArgumentException(solver.label());
        }
        return next;
    }

    private double[] value(double[] t) {
        look(t);
        return phi.value(t);
    }

    /// Kinks are at 0, and where two components are equal.
    private void look(double[] v) {
        for (int i = 0; i < v.length; i++) {
            gap = Math.min(gap, Math.abs(v[i]));
            for (int j = 0; j < i; j++) {
                gap = Math.min(gap, Math.abs(v[i] - v[j]));
            }
        }
    }

    /// `y = C x + D u`.
    double[] outputs(double[] x, double[] u) {
        double[] y = new double[c.length];
        addProduct(c, x, y);
        addProduct(d, u, y);
        return y;
    }

    /// `sum cos(y + w)` over samples and outputs, with different `w`.
    static double loss(
            ImplicitModel model, Solver solver, int iterations, Matrix inputs, @Nullable Matrix starts, Matrix w) {
        PlainUnrolled plain = new PlainUnrolled(model, solver);
        double sum = 0;
        for (int s = 0; s < inputs.rows(); s++) {
            double[] u = AdjointCases.row(inputs, s);
            double[] x = plain.state(iterations, u, starts == null ? null : AdjointCases.row(starts, s));
            double[] y = plain.outputs(x, u);
            for (int i = 0; i < y.length; i++) {
                sum += Math.cos(y[i] + w.get(s, i));
            }
        }
        return sum;
    }
}
