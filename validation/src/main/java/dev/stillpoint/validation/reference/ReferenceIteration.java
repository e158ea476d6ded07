package dev.stillpoint.validation.reference;

import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.Solver;

/// The iterations of solvers, step by step and by their equations, in plain doubles.
///
/// | solver | step | source |
/// | --- | --- | --- |
/// | Picard, relaxed by `theta` | `x+ = theta phi(Ax + Bu + bias) + (1 - theta) x` | IDL-21 (2.6) |
/// | forward-backward, `alpha` | `x+ = prox_{alpha f}((1 - alpha) x + alpha (Ax + Bu + bias))` | NTK-22 (3.5) |
public final class ReferenceIteration {
    private ReferenceIteration() {}

    /// The state after `steps` steps from `start`; a new array.
    public static double[] run(ReferenceEquation equation, Solver solver, double[] start, double[] u, int steps) {
        double[] x = start.clone();
        for (int k = 0; k < steps; k++) {
            x = step(equation, solver, x, u);
        }
        return x;
    }

    /// The state after one step from `x`; a new array.
    public static double[] step(ReferenceEquation equation, Solver solver, double[] x, double[] u) {
        return switch (solver) {
            case Picard(double theta) -> picard(equation, theta, x, u);
            case ForwardBackward(double alpha) -> forwardBackward(equation, alpha, x, u);
            default -> throw unsupported(solver);
        };
    }

    /// Of the other solvers, what counts is where they end.
    static IllegalArgumentException unsupported(Solver solver) {
        return new IllegalArgumentException(
                "the reference follows picard and forward-backward step by step, not " + solver.label());
    }

    private static double[] picard(ReferenceEquation equation, double theta, double[] x, double[] u) {
        double[] f = equation.map(x, u);
        double[] next = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            next[i] = theta * f[i] + (1 - theta) * x[i];
        }
        return next;
    }

    private static double[] forwardBackward(ReferenceEquation equation, double alpha, double[] x, double[] u) {
        double[] t = equation.argument(x, u);
        double[] v = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            v[i] = (1 - alpha) * x[i] + alpha * t[i];
        }
        return equation.activation().prox(alpha, v);
    }
}
