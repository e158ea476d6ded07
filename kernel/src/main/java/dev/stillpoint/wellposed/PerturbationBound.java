package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import java.util.Arrays;

/// How far a state moves when the entries of `A` do: for the solutions of `x0 = phi(A0 x0 + b)` and
/// `x = phi(Ax + b)` with `|A - A0| <= E`,
///
///     |x - x0|  <=  (I - gamma (|A0| + E))^-1 gamma E |x0|      componentwise
///
/// where `phi` is componentwise and `gamma` the diagonal matrix of the Lipschitz constants of its components. It
/// needs `lambda_PF(gamma (|A0| + E)) < 1`, which also gives both equations exactly one solution for every `b`.
/// Source: IDL-21 Theorem 5.1, with the sum `|A0| + E` where the paper prints `|A0 + E|`, and `gamma` where it
/// has 1.
///
/// The bound is a true one: `M = gamma (|A0| + E)` is rounded up, and a vector `e` is returned only with
/// `(I - M) e >= gamma E |x0|` verified in rounded arithmetic, from which `e >= (I - M)^-1 gamma E |x0|` follows
/// since the inverse has no negative entry. It is for solutions in real arithmetic of the matrices as they are
/// stored; the error of a computed `x0` comes on top.
///
/// Accuracy: the verified vector exceeds the formula by about `k u / (1 - kappa)` times the spread of the
/// weights, for `k` entries a row. Cost of a bound: some tens of products with `M`, one or two where it is
/// triangular under a permutation. Immutable; may be used by any thread. Holds copies of what it was made of.
public final class PerturbationBound {
    private static final int MOST_SWEEPS = 2000;

    /// A sweep that changes no component by more than this part of it is the last one.
    private static final double SETTLED = 0x1p-48;

    private final NonNegativeMatrix m;
    private final SparseMatrix error;
    private final ActivationBlocks blocks;
    private final int[] order;
    private final ContractionWeights weights;
    private final double factor;

    private PerturbationBound(
            NonNegativeMatrix m, SparseMatrix error, ActivationBlocks blocks, int[] order, ContractionWeights weights) {
        this.m = m;
        this.error = error;
        this.blocks = blocks;
        this.order = order;
        this.weights = weights;
        double relative = relativeError();
        factor = relative == 0 ? 0 : Rounding.divideUp(relative, Rounding.subtractDown(1, weights.kappa()));
    }

    /// The bound for changes of a matrix.
    ///
    /// @param magnitude entries at least those of `|A0|`, `(n, n)`, not modified
    /// @param error `E`, `(n, n)`, no entry negative, not modified
    /// @param phi the activation
    /// @throws ShapeException when the matrices are not square or differ in size
    /// @throws IllegalArgumentException when an entry is negative or not finite
    /// @throws IllegalStateException when there is no bound: the activation is not componentwise, or
    ///     `lambda_PF(gamma (|A0| + E))` is not proved to be below 1; the message gives the reason
    public static PerturbationBound of(Matrix magnitude, Matrix error, Activation phi) {
        int n = magnitude.rows();
        ShapeException.check("magnitude", magnitude, n, n);
        ShapeException.check("error", error, n, n);
        if (!phi.isComponentwise()) {
            throw new IllegalStateException("no error bound: " + phi.label() + " is not componentwise");
        }
        phi.checkSize(n);
        ActivationBlocks blocks = ActivationBlocks.of(phi, n);
        NonNegativeMatrix m =
                NonNegativeMatrix.absolute(sparse(sum(magnitude, error))).times(blocks::gamma);
        PerronFrobenius eigenvalues = PerronFrobenius.of(m);
        String name = "lambda_PF(" + (blocks.isPlain() ? "|A0| + E)" : "gamma (|A0| + E))");
        if (!(eigenvalues.bounds().upper() < 1)) {
            throw new IllegalStateException(
                    "no error bound: " + name + " = " + eigenvalues.bounds() + ", expected below 1");
        }
        ContractionWeights weights = WeightSearch.find(m, eigenvalues, blocks)
                .orElseThrow(() -> new IllegalStateException("no error bound: " + name + " = " + eigenvalues.bounds()
                        + ", but no weights in the range of doubles verify that it is below 1"));
        return new PerturbationBound(m, sparse(error), blocks, order(eigenvalues), weights);
    }

    private static Matrix sum(Matrix magnitude, Matrix error) {
        int n = magnitude.rows();
        Matrix sum = Matrix.zeros(Precision.F64, n, n);
        double[] row = new double[n];
        double[] errorRow = new double[n];
        for (int i = 0; i < n; i++) {
            magnitude.getRow(i, row, 0);
            error.getRow(i, errorRow, 0);
            for (int j = 0; j < n; j++) {
                if (!(row[j] >= 0 && errorRow[j] >= 0)) {
                    throw new IllegalArgumentException("entry (%d, %d) is %s with error %s, expected none negative"
                            .formatted(i, j, row[j], errorRow[j]));
                }
                if (errorRow[j] > 0) {
                    row[j] = row[j] == 0 ? errorRow[j] : Rounding.addUp(row[j], errorRow[j]);
                }
            }
            sum.setRow(i, row, 0);
        }
        return sum.frozen();
    }

    private static SparseMatrix sparse(Matrix matrix) {
        return SparseMatrix.of(LinearOperator.dense(matrix));
    }

    /// Rows such that those they depend on come first, as far as there are no cycles.
    private static int[] order(PerronFrobenius eigenvalues) {
        int[][] members = new int[eigenvalues.count()][];
        Arrays.setAll(members, c -> eigenvalues.component(c).members());
        return Arrays.stream(members).flatMapToInt(Arrays::stream).toArray();
    }

    /// An upper bound of the `w`-weighted maximum norm of `gamma E`.
    private double relativeError() {
        double[] product = errorTimes(weights.toArray());
        double largest = 0;
        for (int i = 0; i < product.length; i++) {
            if (product[i] > 0) {
                largest = Math.max(largest, Rounding.divideUp(product[i], weights.weight(i)));
            }
        }
        return largest;
    }

    /// `n`, the number of states.
    public int stateSize() {
        return m.size();
    }

    /// Weights `w` in which both maps contract.
    public ContractionWeights weights() {
        return weights;
    }

    /// The bound without a state at hand: `max_i |x_i - x0_i|/w_i <= factor max_i |x0_i|/w_i`.
    public double factor() {
        return factor;
    }

    /// The bound of `|x - x0|` for a state `x0`.
    ///
    /// @param x0 the solution with `A0`, `n` finite values, not modified
    /// @return a new array, infinite where the bound exceeds the range of doubles
    /// @throws ShapeException when `x0` has another size
    /// @throws IllegalArgumentException when a value is not finite
    public double[] bound(double[] x0) {
        if (x0.length != m.size()) {
            throw new ShapeException("state has %d values, expected %d".formatted(x0.length, m.size()));
        }
        double[] absolute = new double[x0.length];
        for (int i = 0; i < x0.length; i++) {
            if (!Double.isFinite(x0[i])) {
                throw new IllegalArgumentException("state %d is %s, expected a finite value".formatted(i, x0[i]));
            }
            absolute[i] = Math.abs(x0[i]);
        }
        double[] b = errorTimes(absolute);
        boolean still = Arrays.stream(b).allMatch(change -> change == 0);
        return still ? b : verified(b, estimate(b));
    }

    /// `gamma E v` for `v >= 0`, rounded up.
    private double[] errorTimes(double[] v) {
        double[] product = new double[v.length];
        for (int i = 0; i < product.length; i++) {
            double sum = 0;
            for (int p = error.start()[i]; p < error.start()[i + 1]; p++) {
                sum += error.value()[p] * v[error.column()[p]];
            }
            int terms = error.start()[i + 1] - error.start()[i];
            product[i] =
                    sum == 0 && vanishes(i, v) ? 0 : Rounding.multiplyUp(blocks.gamma(i), Rounding.sumUp(sum, terms));
        }
        return product;
    }

    /// Whether row `i` of `E` has no entry in a place where `v` is not zero.
    private boolean vanishes(int i, double[] v) {
        for (int p = error.start()[i]; p < error.start()[i + 1]; p++) {
            if (v[error.column()[p]] != 0) {
                return false;
            }
        }
        return true;
    }

    /// Gauss-Seidel sweeps for `e = M e + b`.
    private double[] estimate(double[] b) {
        double[] e = b.clone();
        boolean settled = false;
        for (int sweep = 0; sweep < MOST_SWEEPS && !settled; sweep++) {
            settled = true;
            for (int i : order) {
                double next = row(i, e) + b[i];
                settled &= Math.abs(next - e[i]) <= SETTLED * next;
                e[i] = next;
            }
        }
        return e;
    }

    private double row(int i, double[] e) {
        double sum = 0;
        for (int p = m.start()[i]; p < m.start()[i + 1]; p++) {
            sum += m.upper()[p] * e[m.column()[p]];
        }
        return sum;
    }

    /// `e + t w` with the smallest `t` for which `(I - M)(e + t w) >= b` is known, given `M w <= kappa w`.
    private double[] verified(double[] b, double[] e) {
        double excess = 0;
        for (int i = 0; i < e.length; i++) {
            int terms = m.start()[i + 1] - m.start()[i];
            double upper = terms == 0 ? b[i] : Rounding.addUp(Rounding.sumUp(row(i, e), terms), b[i]);
            if (upper > e[i]) {
                excess = Math.max(excess, Rounding.divideUp(Math.nextUp(upper - e[i]), weights.weight(i)));
            }
        }
        double t = excess == 0 ? 0 : Rounding.divideUp(excess, Rounding.subtractDown(1, weights.kappa()));
        double[] bound = new double[e.length];
        for (int i = 0; i < e.length; i++) {
            bound[i] = t == 0 ? e[i] : Rounding.addUp(e[i], Rounding.multiplyUp(t, weights.weight(i)));
            if (!(bound[i] < Double.POSITIVE_INFINITY)) {
                bound[i] = Double.POSITIVE_INFINITY;
            }
        }
        return bound;
    }
}
