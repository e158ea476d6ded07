package dev.stillpoint.validation.reference;

import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.Solver;

/// How far an engine's iterate may be from the reference's after the same number of steps: no fixed point is
/// asked for.
///
/// Let `d_k` bound the difference of the two iterates, block by block, and `D_k` its 2-norm. One step is
/// Lipschitz, block by block with a nonnegative matrix `S` and in the 2-norm with a number `q`, and each of the
/// two rounds:
///
///     d_(k+1) = S d_k + e,     D_(k+1) = q D_k + |e|_2,     d <- min(d, D),  D <- min(D, |d|_2)
///
/// | solver | `S` | `q` |
/// | --- | --- | --- |
/// | Picard | `theta N(A, gamma) + abs(1 - theta) I` | `theta gamma abs(A)_2 + abs(1 - theta)` |
/// | forward-backward | block norms of `(1 - alpha) I + alpha A` | its 2-norm |
///
/// `e` is the rounding of one step of the engine and of one of the reference, evaluated for all states within
/// `d_k` of the reference's. For Picard it is `theta rho` and, unless `theta = 1`, four roundings of `theta P`
/// and `(1 - theta) x`; for forward-backward, `alpha dt` and five roundings of the terms of `v`, and the prox:
/// see [RoundingModel] for `rho`, `dt` and the prox.
///
/// Immutable.
public final class IterationBound {
    private final ReferenceEquation equation;
    private final Solver solver;
    private final double[][] blockwise;
    private final double factor;
    private final RoundingModel engine;
    private final RoundingModel reference;

    private IterationBound(
            ReferenceEquation equation, Solver solver, double[][] blockwise, double factor, Precision precision) {
        this.equation = equation;
        this.solver = solver;
        this.blockwise = blockwise;
        this.factor = factor;
        engine = new RoundingModel(equation, precision);
        reference = new RoundingModel(equation, Precision.F64);
    }

    /// The bound for an engine that runs `solver` in `precision`; costs about `10 n^3` operations.
    public static IterationBound of(ReferenceEquation equation, Solver solver, Precision precision) {
        double[][] a = equation.stateMatrix();
        ReferenceActivation phi = equation.activation();
        return switch (solver) {
            case Picard(double theta) -> {
                double[][] matrix = NormMatrix.of(a, phi.blockSize(), theta * phi.lipschitz());
                double rest = Math.abs(1 - theta);
                for (int l = 0; l < matrix.length; l++) {
                    matrix[l][l] += rest;
                }
                double norm = theta * phi.lipschitz() * SymmetricBound.norm2(a) + rest;
                yield new IterationBound(equation, solver, matrix, norm, precision);
            }
            case ForwardBackward(double alpha) -> {
                double[][] mixed = new double[a.length][a.length];
                for (int i = 0; i < a.length; i++) {
                    for (int j = 0; j < a.length; j++) {
                        mixed[i][j] = alpha * a[i][j] + (i == j ? 1 - alpha : 0);
                    }
                }
                double[][] matrix = NormMatrix.of(mixed, phi.blockSize(), 1);
                yield new IterationBound(equation, solver, matrix, SymmetricBound.norm2(mixed), precision);
            }
            default -> throw ReferenceIteration.unsupported(solver);
        };
    }

    /// A reference iterate, and how far an engine's may be from it.
    public static final class Iterate {
        private final double[] state;
        private final double[] bounds;

        private Iterate(double[] state, double[] bounds) {
            this.state = state;
            this.bounds = bounds;
        }

        /// The iterate; a new array.
        public double[] state() {
            return state.clone();
        }

        /// The bound on the 2-norm of every block of the difference; a new array.
        public double[] bounds() {
            return bounds.clone();
        }
    }

    /// Runs the reference for `steps` steps from `start`, and the bound beside it.
    ///
    /// @param start where both start, representable in the engine's precision
    public Iterate follow(double[] start, double[] u, int steps) {
        double[] x = start.clone();
        double[] d = new double[equation.activation().blocks(x.length)];
        double whole = 0;
        for (int k = 0; k < steps; k++) {
            double[] e = rounding(x, d, u);
            double[] next = new double[d.length];
            for (int l = 0; l < d.length; l++) {
                double sum = e[l];
                for (int h = 0; h < d.length; h++) {
                    sum += blockwise[l][h] * d[h];
                }
                next[l] = sum * inflation();
            }
            whole = Math.min((factor * whole + Norms.two(e)) * inflation(), Norms.two(next) * inflation());
            for (int l = 0; l < d.length; l++) {
                d[l] = Math.min(next[l], whole);
            }
            x = ReferenceIteration.step(equation, solver, x, u);
        }
        return new Iterate(x, d);
    }

    /// Room for the rounding of the bound itself.
    private double inflation() {
        return 1 + (equation.stateSize() + 8) * 0x1p-52;
    }

    private double[] rounding(double[] x, double[] d, double[] u) {
        int block = equation.activation().blockSize();
        double[] reach = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            reach[i] = Math.abs(x[i]) + d[i / block];
        }
        double[] magnitude = equation.magnitude(reach, u);
        double[] ours = rounding(reference, reach, magnitude, u);
        double[] theirs = rounding(engine, reach, magnitude, u);
        for (int l = 0; l < ours.length; l++) {
            ours[l] += theirs[l];
        }
        return ours;
    }

    private double[] rounding(RoundingModel model, double[] reach, double[] magnitude, double[] u) {
        double[] radius = model.argument(magnitude, reach, u);
        return switch (solver) {
            case Picard(double theta) -> picard(model, theta, reach, magnitude, radius);
            case ForwardBackward(double alpha) -> forwardBackward(model, alpha, reach, magnitude, radius);
            default -> throw ReferenceIteration.unsupported(solver);
        };
    }

    private double[] picard(RoundingModel model, double theta, double[] reach, double[] magnitude, double[] radius) {
        double[] error = model.map(magnitude, radius);
        if (theta == 1) {
            return error;
        }
        double[] size = model.outputs(magnitude, radius);
        double[] state = equation.activation().blockNorms(reach);
        for (int l = 0; l < error.length; l++) {
            double terms = theta * (size[l] + error[l]) + Math.abs(1 - theta) * state[l];
            error[l] = theta * error[l] + model.gamma(4) * terms + underflow(model);
        }
        return error;
    }

    private double[] forwardBackward(
            RoundingModel model, double alpha, double[] reach, double[] magnitude, double[] radius) {
        double[] v = new double[reach.length];
        double[] error = new double[reach.length];
        for (int i = 0; i < v.length; i++) {
            v[i] = alpha * (magnitude[i] + radius[i]) + Math.abs(1 - alpha) * reach[i];
            error[i] = alpha * radius[i] + model.gamma(5) * v[i] + underflow(model);
        }
        return model.prox(alpha, v, error);
    }

    private double underflow(RoundingModel model) {
        return 4 * Math.sqrt(equation.activation().blockSize()) * model.tiny();
    }
}
