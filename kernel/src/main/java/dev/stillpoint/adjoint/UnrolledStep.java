package dev.stillpoint.adjoint;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.reference.PanelActivationF64;
import dev.stillpoint.internal.reference.ProxDerivative;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SequentialAveraging.InverseNorm;
import dev.stillpoint.solver.SequentialAveraging.LeastNorm;
import dev.stillpoint.solver.Solver;

/// One iteration of a solver, backwards, for one sample: but for the product with `A'`.
///
/// With `x+ = step(x, t)`, `t = Ax + Bu + bias`, and the gradient `l` of the loss with respect to `x+`,
///
///     v = (d step/d t)' l,    s = (d step/d x)' l,    so that the gradient with respect to x is s + A'v.
///
/// All is computed in double precision, from values of the working precision; the coefficients are those of the
/// forward iteration, rounded as they are there. Sums are chains of fused multiply-adds in increasing row.
sealed interface UnrolledStep {
    /// Computes `v` and `s`.
    ///
    /// @param k the iteration, counted from 1
    /// @param x the state before
    /// @param t the point of that state
    /// @param l the gradient with respect to the state after
    /// @param v result
    /// @param s result
    void back(int k, double[] x, double[] t, double[] l, double[] v, double[] s);

    /// The iteration of a solver.
    ///
    /// @throws IllegalArgumentException when its iterations are not unrolled
    static UnrolledStep of(Activation phi, Solver solver, Precision precision) {
        return switch (solver) {
            case Picard(double theta) -> new Relaxed(phi, rounded(theta, precision), rounded(1 - theta, precision));
            case ForwardBackward(double alpha) -> new Proximal(phi, alpha, precision);
            case SequentialAveraging method -> new Averaged(phi, method, precision);
            default ->
                throw new IllegalArgumentException(
                        solver.name() + " is not unrolled: use picard, forward-backward or sequential-averaging");
        };
    }

    /// A value in the working precision.
    static double rounded(double value, Precision precision) {
        return precision == Precision.F32 ? (float) value : value;
    }

    private static void derivative(Activation phi, double[] t, double[] l, double[] v) {
        PanelActivationF64.transposedDerivativeTimes(phi, t, 0, l, 0, v, 0, v.length, 1);
    }

    /// `x+ = theta phi(t) + (1 - theta) x`: `v = theta J'l`, `s = (1 - theta) l`.
    ///
    /// @param theta rounded
    /// @param rest `1 - theta`, rounded
    record Relaxed(Activation phi, double theta, double rest) implements UnrolledStep {
        @Override
        public void back(int k, double[] x, double[] t, double[] l, double[] v, double[] s) {
            derivative(phi, t, l, v);
            for (int i = 0; i < v.length; i++) {
                v[i] *= theta;
                // An absent term is absent: 0 times infinity is not a number.
                s[i] = rest == 0 ? 0 : rest * l[i];
            }
        }
    }

    /// `x+ = prox((1 - alpha) x + alpha t)`: `v = alpha w`, `s = (1 - alpha) w`, `w = P l` with the Jacobian `P` of
    /// the proximal map, at the argument that the forward iteration has to the bit.
    ///
    /// @param alpha the step, not rounded
    record Proximal(Activation phi, double alpha, Precision precision) implements UnrolledStep {
        @Override
        public void back(int k, double[] x, double[] t, double[] l, double[] v, double[] s) {
            double first = rounded(alpha, precision);
            double second = rounded(1 - alpha, precision);
            for (int i = 0; i < v.length; i++) {
                s[i] = argument(first, second, t[i], x[i]);
            }
            ProxDerivative.times(phi, first, s, l, v, 0, v.length);
            for (int i = 0; i < v.length; i++) {
                double w = v[i];
                v[i] = first * w;
                s[i] = second == 0 ? 0 : second * w;
            }
        }

        private double argument(double first, double second, double t, double x) {
            double scaled = rounded(first * t, precision);
            return switch (precision) {
                case F32 -> second == 0 ? scaled : Math.fma((float) second, (float) x, (float) scaled);
                case F64 -> second == 0 ? scaled : Math.fma(second, x, scaled);
            };
        }
    }

    /// `x+ = (1 - beta) phi(t) + beta ((1 - gamma lambda) x - gamma R'(x))`: `v = (1 - beta) J'l`, `s = beta ((1 -
    /// gamma lambda) l - gamma H l)` with the Hessian `H` of `R`: `I` of the least norm, and of the inverse norm,
    /// with `q = |x|^2 + eps`, `H = -2/q^2 I + 8/q^3 x x'`.
    record Averaged(Activation phi, SequentialAveraging method, Precision precision) implements UnrolledStep {
        @Override
        public void back(int k, double[] x, double[] t, double[] l, double[] v, double[] s) {
            derivative(phi, t, l, v);
            double beta = method.beta(k);
            double gamma = method.gamma();
            double outer = rounded(1 - beta, precision);
            double kept = 1 - gamma * method.lambda(k);
            switch (method.regulariser()) {
                case LeastNorm _ -> {
                    double factor = beta * (kept - gamma);
                    for (int i = 0; i < v.length; i++) {
                        s[i] = factor * l[i];
                    }
                }
                case InverseNorm(double eps) -> {
                    double square = 0;
                    double dot = 0;
                    for (int i = 0; i < x.length; i++) {
                        square = Math.fma(x[i], x[i], square);
                        dot = Math.fma(x[i], l[i], dot);
                    }
                    double q = square + eps;
                    double factor = beta * (kept + gamma * 2 / (q * q));
                    double along = -beta * gamma * 8 / (q * q * q) * dot;
                    for (int i = 0; i < v.length; i++) {
                        s[i] = Math.fma(along, x[i], factor * l[i]);
                    }
                }
            }
            for (int i = 0; i < v.length; i++) {
                v[i] *= outer;
            }
        }
    }
}
