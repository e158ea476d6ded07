package dev.stillpoint.model.opteq;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.wellposed.SpectralNorm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A convex term `R(z)` that is added to what a deep model minimises, as the map that it appends to the layers:
///
///     z = T_R(T(z, x)),   T_R = prox_R,  or  I - gamma dR  where the proximal map is hard to calculate.
///
/// | factory | `R(z)` | `T_R(z)` |
/// |---|---|---|
/// | [#none] | 0 | `z` |
/// | [#squaredNorm] | `w abs(z)_2^2` | `z/(1 + 2w)` |
/// | [#absoluteSum] | `w abs(z)_1` | `sign(z) max(abs(z) - w, 0)` |
/// | [#elasticNet] | `w abs(z)_1 + v abs(z)_2^2` | the line above, over `1 + 2v` |
/// | [#box] | 0 on `[lower, upper]^n`, else infinite | `min(max(z, lower), upper)` |
/// | [#squaredNormStep] | `w abs(z)_2^2` | `(1 - 2 gamma w) z` |
/// | [#huberStep] | `w sum h(z_i)`, `h = z^2/2` up to `delta`, then `delta abs(z) - delta^2/2` | `z - gamma w
/// clip(z)` |
/// | [#logCoshStep] | `w sum log cosh z_i` | `z - gamma w tanh z` |
/// | [#leastSquaresStep] | `abs(Fz - g)_2^2/2` | `z - gamma F'(Fz - g)` |
///
/// Terms are immutable values. A proximal map is non-expansive; of a step it is checked that `gamma` times the
/// slope of `dR` is at most 2, which makes it so. Source: OPT-21 §4.1.
public sealed interface FeatureTerm {
    /// `T_R(z)`, in double precision.
    ///
    /// @param z not modified
    /// @return a new array
    /// @throws ShapeException when the term is of another size
    double[] apply(double[] z);

    /// No term: `T_R = I`.
    static FeatureTerm none() {
        return new Scaling(1);
    }

    /// The proximal map of `R = weight |z|_2^2`: `z/(1 + 2 weight)`.
    ///
    /// @throws IllegalArgumentException when the weight is negative or not finite
    static FeatureTerm squaredNorm(double weight) {
        checkWeight(weight);
        return new Scaling(1 / (1 + 2 * weight));
    }

    /// A gradient step on `R = weight |z|_2^2`: `(1 - 2 gamma weight) z`.
    ///
    /// @throws IllegalArgumentException when a number is negative or not finite, or `gamma weight` exceeds 1, so
    ///     that the step expands
    static FeatureTerm squaredNormStep(double weight, double gamma) {
        return new Scaling(1 - step(2 * weight, gamma));
    }

    /// The proximal map of `R = weight |z|_1`, the soft threshold: `z -+ weight`, 0 in between.
    ///
    /// @throws IllegalArgumentException when the weight is negative or not finite
    static FeatureTerm absoluteSum(double weight) {
        return elasticNet(weight, 0);
    }

    /// The proximal map of `R = weight |z|_1 + squared |z|_2^2`: the soft threshold over `1 + 2 squared`.
    ///
    /// @throws IllegalArgumentException when a weight is negative or not finite
    static FeatureTerm elasticNet(double weight, double squared) {
        checkWeight(weight);
        checkWeight(squared);
        double factor = 1 / (1 + 2 * squared);
        return new Separable(List.of(
                new Piece(factor, Activation.relu(), 1, -weight), new Piece(-factor, Activation.relu(), -1, -weight)));
    }

    /// The projection onto `lower <= z_i <= upper`, the proximal map of its indicator; with `lower` 0 and `upper`
    /// infinite onto what is not negative.
    ///
    /// @param lower perhaps minus infinity
    /// @param upper perhaps infinity
    /// @throws IllegalArgumentException when a bound is NaN, or `lower` above `upper`, or no number lies between
    static FeatureTerm box(double lower, double upper) {
        if (!(lower <= upper && lower < Double.POSITIVE_INFINITY && upper > Double.NEGATIVE_INFINITY)) {
            throw new IllegalArgumentException("the box [%s, %s] holds no number".formatted(lower, upper));
        }
        List<Piece> pieces = new ArrayList<>();
        if (lower == Double.NEGATIVE_INFINITY && upper == Double.POSITIVE_INFINITY) {
            return none();
        }
        if (lower == Double.NEGATIVE_INFINITY) {
            // upper - relu(upper - z)
            pieces.add(new Piece(-1, Activation.relu(), -1, upper));
            addConstant(pieces, upper);
        } else {
            // lower + relu(z - lower) - relu(z - upper)
            pieces.add(new Piece(1, Activation.relu(), 1, -lower));
            if (upper < Double.POSITIVE_INFINITY) {
                pieces.add(new Piece(-1, Activation.relu(), 1, -upper));
            }
            addConstant(pieces, lower);
        }
        return new Separable(pieces);
    }

    /// A gradient step on `R = weight sum_i h(z_i)`, Huber's function: `z - gamma weight min(max(z, -delta),
    /// delta)`.
    ///
    /// @param delta where the square turns into a line
    /// @throws IllegalArgumentException when `delta` is not positive, a number is negative or not finite, or
    ///     `gamma weight` exceeds 2, so that the step expands
    static FeatureTerm huberStep(double weight, double delta, double gamma) {
        if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("delta is " + delta + ", expected a finite number above 0");
        }
        double step = step(weight, gamma);
        // clip(z) = z - relu(z - delta) + relu(-z - delta)
        return new Separable(List.of(
                new Piece(1 - step, Activation.identity(), 1, 0),
                new Piece(step, Activation.relu(), 1, -delta),
                new Piece(-step, Activation.relu(), -1, -delta)));
    }

    /// A gradient step on `R = weight sum_i log cosh z_i`: `z - gamma weight tanh z`.
    ///
    /// @throws IllegalArgumentException when a number is negative or not finite, or `gamma weight` exceeds 2, so
    ///     that the step expands
    static FeatureTerm logCoshStep(double weight, double gamma) {
        return new Separable(List.of(
                new Piece(1, Activation.identity(), 1, 0), new Piece(-step(weight, gamma), Activation.tanh(), 1, 0)));
    }

    /// A gradient step on `R = |Fz - g|_2^2/2`: `z - gamma F'(Fz - g)`.
    ///
    /// @param f `F`, `(k, n)`, not modified
    /// @param g `k` values, one row, not modified
    /// @throws ShapeException when `g` does not fit
    /// @throws IllegalArgumentException when a number is not finite, `gamma` is negative, or `gamma |F|_2^2` is
    ///     not proved to be at most 2, so that the step may expand
    static FeatureTerm leastSquaresStep(Matrix f, Matrix g, double gamma) {
        Matrix target = Products.finite("g", g);
        if (target.rows() != 1 || target.columns() != f.rows()) {
            throw new ShapeException(
                    "g is (%d, %d), expected (1, %d)".formatted(target.rows(), target.columns(), f.rows()));
        }
        double norm = SpectralNorm.of(f).upper();
        step(norm * norm, gamma);
        Matrix back = Products.scaledTranspose(f, 1);
        double[][] m = new double[f.columns()][f.columns()];
        double[] row = new double[f.rows()];
        for (int i = 0; i < m.length; i++) {
            back.getRow(i, row, 0);
            double[] product = Products.of(back, row);
            for (int j = 0; j < m.length; j++) {
                m[i][j] = (i == j ? 1 : 0) - gamma * product[j];
            }
        }
        double[] shift = Arrays.stream(Products.of(back, target.toDoubleArray()))
                .map(value -> gamma * value)
                .toArray();
        return new Affine(Matrix.ofRows(m).frozen(), Matrix.ofRows(shift).frozen());
    }

    /// A constant among pieces: `+- relu(0 z + |value|)`.
    private static void addConstant(List<Piece> pieces, double value) {
        if (value != 0) {
            pieces.add(new Piece(Math.signum(value), Activation.relu(), 0, Math.abs(value)));
        }
    }

    /// `gamma` times the slope of `dR`.
    private static double step(double slope, double gamma) {
        checkWeight(slope);
        if (!(gamma >= 0 && gamma * slope <= 2)) {
            throw new IllegalArgumentException(
                    "gamma is %s and the slope of dR up to %s: expected a product in [0, 2]".formatted(gamma, slope));
        }
        return gamma * slope;
    }

    private static void checkWeight(double weight) {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("weight is " + weight + ", expected a finite number of at least 0");
        }
    }

    /// `T_R(z) = factor z`.
    ///
    /// @param factor in [-1, 1]
    record Scaling(double factor) implements FeatureTerm {
        /// Checks the factor.
        ///
        /// @throws IllegalArgumentException when it is outside of [-1, 1]
        public Scaling {
            if (!(Math.abs(factor) <= 1)) {
                throw new IllegalArgumentException("factor is " + factor + ", expected a number in [-1, 1]");
            }
        }

        @Override
        public double[] apply(double[] z) {
            return Arrays.stream(z).map(value -> factor * value).toArray();
        }
    }

    /// `T_R(z)_i = sum_k weight_k phi_k(slope_k z_i + shift_k)`.
    ///
    /// @param pieces the summands, in the order of the sum
    record Separable(List<Piece> pieces) implements FeatureTerm {
        /// Keeps the list.
        public Separable {
            pieces = List.copyOf(pieces);
        }

        @Override
        public double[] apply(double[] z) {
            double[] sum = new double[z.length];
            for (Piece piece : pieces) {
                double[] t = new double[z.length];
                Arrays.setAll(t, i -> piece.slope() * z[i] + piece.shift());
                double[] value = piece.phi().value(t);
                Arrays.setAll(sum, i -> sum[i] + piece.weight() * value[i]);
            }
            return sum;
        }
    }

    /// A summand `weight phi(slope z + shift)` of a separable term.
    ///
    /// @param weight finite
    /// @param phi componentwise
    /// @param slope finite
    /// @param shift finite
    record Piece(double weight, Activation phi, double slope, double shift) {}

    /// `T_R(z) = Mz + c`.
    ///
    /// @param m `M`, `(n, n)`, immutable
    /// @param c `(1, n)`, immutable
    record Affine(Matrix m, Matrix c) implements FeatureTerm {
        @Override
        public double[] apply(double[] z) {
            Products.checkSize("z", z, m.columns());
            return Products.add(c.toDoubleArray(), m, z);
        }
    }
}
