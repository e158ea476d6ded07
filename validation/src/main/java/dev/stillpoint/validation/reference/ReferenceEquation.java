package dev.stillpoint.validation.reference;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.FixedPointProblem;
import org.jspecify.annotations.Nullable;

/// The equation `x = phi(Ax + Bu + bias)`, `x` of `n` values and `u` of `p`, evaluated by its definition in plain
/// loops of doubles, and in double-double arithmetic where the difference of its two sides is wanted. Source:
/// IDL-21 (1.1).
///
/// Immutable, safe to share; arrays are copied on the way in.
public final class ReferenceEquation {
    private final double[][] a;
    private final double[][] b;
    private final double[] bias;
    private final ReferenceActivation activation;
    private final OperatorRounding rounding;

    private ReferenceEquation(
            double[][] a, double[][] b, double[] bias, ReferenceActivation activation, OperatorRounding rounding) {
        this.a = a;
        this.rounding = rounding;
        this.b = b;
        this.bias = bias;
        this.activation = activation;
    }

    /// The equation of these letters, `A` `(n, n)`, `B` `(n, p)` and the bias `(1, n)` or null.
    public static ReferenceEquation of(Matrix a, Matrix b, @Nullable Matrix bias, ReferenceActivation activation) {
        return of(a, b, bias, activation, OperatorRounding.stored(a, a.columns()));
    }

    /// The equation that a kernel's problem states.
    public static ReferenceEquation of(FixedPointProblem problem) {
        return of(
                problem.a().toMatrix(),
                problem.b().toMatrix(),
                problem.bias(),
                ReferenceActivation.of(problem.activation()),
                OperatorRounding.of(problem.a()));
    }

    private static ReferenceEquation of(
            Matrix a, Matrix b, @Nullable Matrix bias, ReferenceActivation activation, OperatorRounding rounding) {
        double[] offset = bias == null ? new double[a.rows()] : bias.toDoubleArray();
        return new ReferenceEquation(rows(a), rows(b), offset, activation, rounding);
    }

    /// `n`.
    public int stateSize() {
        return a.length;
    }

    /// `phi`.
    public ReferenceActivation activation() {
        return activation;
    }

    /// `Ax + Bu + bias`.
    public double[] argument(double[] x, double[] u) {
        double[] t = new double[a.length];
        for (int i = 0; i < t.length; i++) {
            double sum = bias[i];
            for (int j = 0; j < u.length; j++) {
                sum += b[i][j] * u[j];
            }
            for (int j = 0; j < x.length; j++) {
                sum += a[i][j] * x[j];
            }
            t[i] = sum;
        }
        return t;
    }

    /// `phi(Ax + Bu + bias)`.
    public double[] map(double[] x, double[] u) {
        return activation.value(argument(x, u));
    }

    /// `|A||x| + |B||u| + |bias|`: what the rounding errors of the argument are measured against. Where `A` is given
    /// as a sum or a product, `|A|` is that of its terms or factors.
    public double[] magnitude(double[] x, double[] u) {
        double[] sums = new double[a.length];
        for (int i = 0; i < sums.length; i++) {
            double sum = Math.abs(bias[i]);
            for (int j = 0; j < u.length; j++) {
                sum += Math.abs(b[i][j] * u[j]);
            }
            for (int j = 0; j < x.length; j++) {
                sum += rounding.magnitude()[i][j] * Math.abs(x[j]);
            }
            sums[i] = sum;
        }
        return sums;
    }

    /// `phi(Ax + Bu + bias) - x` in double-double arithmetic, with an error of [#residualRounding].
    public DoubleDouble[] residual(DoubleDouble[] x, double[] u) {
        DoubleDouble[] t = new DoubleDouble[a.length];
        for (int i = 0; i < t.length; i++) {
            DoubleDouble sum = DoubleDouble.of(bias[i]);
            for (int j = 0; j < u.length; j++) {
                sum = sum.plus(DoubleDouble.product(b[i][j], u[j]));
            }
            for (int j = 0; j < x.length; j++) {
                sum = sum.plus(x[j].times(a[i][j]));
            }
            t[i] = sum;
        }
        DoubleDouble[] r = activation.value(t);
        for (int i = 0; i < r.length; i++) {
            r[i] = r[i].minus(x[i]);
        }
        return r;
    }

    /// `|phi(Ax + Bu + bias) - x|_2`, the residual in double-double arithmetic.
    public double residualNorm(double[] x, double[] u) {
        return Norms.two(DoubleDouble.round(residual(DoubleDouble.of(x), u)));
    }

    /// A bound, block by block in the 2-norm, on the rounding error of [#residual]: one rounding of the argument
    /// for every
    /// term, carried through `phi` by its Lipschitz constant, then one rounding of `phi`, whose values are at most
    /// `|phi(0)| + gamma |t|`, and one of the difference.
    public double[] residualRounding(double[] x, double[] u) {
        double[] magnitude = activation.blockNorms(magnitude(x, u));
        double[] atZero = activation.blockNorms(activation.value(new double[a.length]));
        double[] state = activation.blockNorms(x);
        double terms = a.length + (a.length == 0 ? 0 : b[0].length) + 2.0;
        double[] bound = new double[magnitude.length];
        for (int l = 0; l < bound.length; l++) {
            double argument = activation.lipschitz() * magnitude[l];
            bound[l] = DoubleDouble.ROUNDOFF * (terms * argument + 4 * (atZero[l] + argument + state[l]));
        }
        return bound;
    }

    /// `I - J A` with `J` the Jacobian of `phi` at `Ax + Bu + bias`: what Newton's method solves with.
    double[][] newtonMatrix(double[] x, double[] u) {
        int n = a.length;
        double[] t = argument(x, u);
        double[][] matrix = new double[n][n];
        double[] column = new double[n];
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < n; i++) {
                column[i] = a[i][j];
            }
            double[] product = activation.derivativeTimes(t, column);
            for (int i = 0; i < n; i++) {
                matrix[i][j] = (i == j ? 1 : 0) - product[i];
            }
        }
        return matrix;
    }

    /// How a product with `A` rounds, its arrays not to be modified.
    OperatorRounding rounding() {
        return rounding;
    }

    /// `A`, not to be modified.
    double[][] stateMatrix() {
        return a;
    }

    /// How far rounding every number of the model and of `u` to another precision can move the argument at `x`:
    /// `|dA||x| + |dB||u| + |B||du| + |dB||du| + |dbias|`, with the actual differences. 0 where all are
    /// representable.
    double[] dataRounding(double[] x, double[] u, Precision precision) {
        double[] sums = new double[a.length];
        if (precision == Precision.F64) {
            return sums;
        }
        for (int i = 0; i < sums.length; i++) {
            double sum = Math.abs(precision.round(bias[i]) - bias[i]);
            for (int j = 0; j < u.length; j++) {
                double change = Math.abs(precision.round(b[i][j]) - b[i][j]);
                double inputChange = Math.abs(precision.round(u[j]) - u[j]);
                sum += change * Math.abs(u[j]) + (Math.abs(b[i][j]) + change) * inputChange;
            }
            for (int j = 0; j < x.length; j++) {
                sum += Math.abs(precision.round(a[i][j]) - a[i][j]) * Math.abs(x[j]);
            }
            sums[i] = sum;
        }
        return sums;
    }

    private static double[][] rows(Matrix matrix) {
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < rows.length; i++) {
            matrix.getRow(i, rows[i], 0);
        }
        return rows;
    }
}
