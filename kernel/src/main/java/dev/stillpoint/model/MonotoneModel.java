package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A model that is well-posed by its parameters: `z = sigma(Wz + Ux + bias)` with
///
///     W = (1 - m) I - A'A + B - B',   so that   I - (W + W')/2 = m I + A'A >= m I   for any A and B.
///
/// Shapes: `A (k, n)`, `B (n, n)`, `U (n, p)`, `bias (n)` or absent; `m > 0`. With a `sigma` that is a proximal
/// map the equation then has exactly one solution for every input: forward-backward splitting finds it with a
/// step below `2m/L^2`, where `L = |I - W|_2`, Peaceman-Rachford splitting with any step. Every `W` of margin `m`
/// is of this form, with `k = n`. [ImplicitModel] calls the letters `W`, `z`, `U`, `x` by other names: `A`, `x`,
/// `B`, `u`.
///
/// **Rounding.** `W` is formed in FP64: `s_ij = sum_k A_ki A_kj`, one fma chain from 0 in increasing `k`, then
/// `w_ij = (delta_ij (1 - m) - s_ij) + (B_ij - B_ji)`. [#margin] subtracts a bound of what this rounds, and of
/// what the precision of a plan rounds further, from `m`.
///
/// Immutable. Cost of the construction: `2 k n^2` operations and one dense matrix. Source: NTK-22 §2.3.2,
/// Proposition 1 and (3.3), with `m = lambda_min(I - (W + W')/2)`: Lemma 2.3.2 there drops the half.
public final class MonotoneModel {
    private final Matrix a;
    private final Matrix b;
    private final double m;
    private final Matrix w;
    private final FixedPointProblem problem;
    private final double margin;
    private final double singleMargin;

    private MonotoneModel(Matrix a, Matrix b, double m, Matrix u, @Nullable Matrix bias, Activation activation) {
        this.a = a;
        this.b = b;
        this.m = m;
        int n = a.columns();
        double[] sizes = new double[n];
        w = form(sizes);
        problem = new FixedPointProblem(LinearOperator.dense(w), LinearOperator.dense(u), bias, activation);
        double largest = Rounding.sumUp(Arrays.stream(sizes).max().orElse(0), 2 * (n + a.rows()) + 4);
        // k products in a chain, then 1 - m, B_ij - B_ji, a difference and a sum; 2^-1074 where a product vanishes.
        double formed = Rounding.addUp(
                Rounding.multiplyUp(Rounding.gamma(a.rows() + 4L), largest), Double.MIN_NORMAL * Math.max(1, n));
        margin = Rounding.subtractDown(m, formed);
        double stored =
                Rounding.addUp(Rounding.multiplyUp(Precision.F32.unitRoundoff(), rowSum()), 0x1p-149 * Math.max(1, n));
        singleMargin = Rounding.subtractDown(margin, stored);
    }

    /// A model of the given parameters.
    ///
    /// @param a `A`, `(k, n)`
    /// @param b `B`, `(n, n)`
    /// @param m the margin, positive and finite
    /// @param u `U`, `(n, p)`
    /// @param bias `(1, n)`, or null for none
    /// @param activation `sigma`, a proximal map
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a value is not finite, `m` is not positive, `sigma` is no proximal
    ///     map, or `m` is so small beside the entries that their rounding in FP64 may take all of it
    public static MonotoneModel of(
            Matrix a, Matrix b, double m, Matrix u, @Nullable Matrix bias, Activation activation) {
        int n = a.columns();
        ShapeException.check("B", b, n, n);
        ShapeException.check("U", u, n, u.columns());
        checkFinite("A", a);
        checkFinite("B", b);
        checkFinite("U", u);
        if (!(m > 0 && m < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("m is " + m + ", expected a positive number");
        }
        if (!activation.isProximal()) {
            throw new IllegalArgumentException("activation " + activation.label()
                    + " is no proximal map: a monotone margin does not make the model well-posed");
        }
        MonotoneModel model = new MonotoneModel(a.toImmutable(), b.toImmutable(), m, u, bias, activation);
        if (!(model.margin > 0)) {
            throw new IllegalArgumentException(
                    "m is %s, and forming W in FP64 may change the margin by %s: expected a larger m or smaller A and B"
                            .formatted(m, m - model.margin));
        }
        return model;
    }

    private static void checkFinite(String name, Matrix matrix) {
        if (!matrix.isFinite()) {
            throw new IllegalArgumentException(name + " holds a value that is not finite");
        }
    }

    /// `W`; `sizes` gets the row sums of the sizes of all that is added up in it.
    private Matrix form(double[] sizes) {
        int n = a.columns();
        double[][] sums = new double[n][n];
        double[] row = new double[n];
        for (int k = 0; k < a.rows(); k++) {
            a.getRow(k, row, 0);
            double absolute = 0;
            for (int i = 0; i < n; i++) {
                absolute += Math.abs(row[i]);
                for (int j = 0; j < n; j++) {
                    sums[i][j] = Math.fma(row[i], row[j], sums[i][j]);
                }
            }
            for (int i = 0; i < n; i++) {
                sizes[i] = Math.fma(Math.abs(row[i]), absolute, sizes[i]);
            }
        }
        double[][] other = new double[n][n];
        for (int i = 0; i < n; i++) {
            b.getRow(i, other[i], 0);
        }
        for (int i = 0; i < n; i++) {
            sizes[i] += Math.abs(1 - m);
            for (int j = 0; j < n; j++) {
                sizes[i] += Math.abs(other[i][j]) + Math.abs(other[j][i]);
                sums[i][j] = ((i == j ? 1 - m : 0) - sums[i][j]) + (other[i][j] - other[j][i]);
            }
        }
        return Matrix.ofRows(sums);
    }

    /// An upper bound of the largest row sum of `(|W| + |W|')/2`.
    private double rowSum() {
        int n = w.rows();
        double[] sums = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double half = Math.abs(w.get(i, j)) / 2;
                sums[i] += half;
                sums[j] += half;
            }
        }
        return Rounding.sumUp(Arrays.stream(sums).max().orElse(0), 2 * n);
    }

    /// `A`, `(k, n)`.
    public Matrix a() {
        return a;
    }

    /// `B`, `(n, n)`.
    public Matrix b() {
        return b;
    }

    /// `m`, the margin that exact arithmetic gives at least.
    public double m() {
        return m;
    }

    /// `W`, `(n, n)`, immutable, in FP64.
    public Matrix w() {
        return w;
    }

    /// A lower bound of `lambda_min(I - (W + W')/2)` for the `W` that a plan of this precision works with,
    /// rounding taken into account: `m` less a bound of the rounding of `W`. Positive in FP64; in FP32 it may not
    /// be, which then says that well-posedness is not guaranteed there. [dev.stillpoint.wellposed.WellPosedness]
    /// finds the margin itself, which may be larger.
    public double margin(Precision precision) {
        return precision == Precision.F64 ? margin : singleMargin;
    }

    /// The equation of the state, for a backend to prepare.
    public FixedPointProblem problem() {
        return problem;
    }

    /// The model with the outputs `y = Cz`.
    ///
    /// @param c `C`, `(q, n)`
    /// @throws ShapeException when the shapes do not fit
    public ImplicitModel model(LinearOperator c) {
        return new ImplicitModel(problem, c, null);
    }
}
