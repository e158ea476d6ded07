package dev.stillpoint.validation.reference;

import dev.stillpoint.matrix.Precision;

/// How far rounding can move one evaluation of `f(x) = phi(Ax + Bu + bias)`, for an engine of a given precision.
///
/// With `u` the unit roundoff, `gamma_k = k u/(1 - k u)`, and `tiny` the least positive number:
///
/// - **argument**: a sum of `n + p` products and the bias, each passing through at most `n + p + 1` rounded
///   operations in any order, fused or not: `|dt| <= gamma_(n+p+1) (|A||x| + |B||u| + |bias|) + (n + p) tiny`
///   (Higham, *Accuracy and Stability of Numerical Algorithms*, (3.5)), with other numbers than `n` where `A` is not
///   a dense matrix, [OperatorRounding]; and what rounding the data themselves does, [ReferenceEquation];
/// - **softmax** subtracts the largest value of the block first, another `2u` of the largest magnitude in the
///   block; **group norm** subtracts the mean, whose error is at most `gamma_(b+1)` of the largest magnitude for a
///   block of `b` values, with a rounding of `2u` of it: `gamma_(b+4)` in all, and what follows,
///   `d/sqrt(|d|^2/b + eps)`, has the constant `1/sqrt(eps)` too;
/// - **phi** carries a perturbation of its argument by its Lipschitz constant, block by block in the 2-norm, and
///   adds the error of its own result: [Thresholds#ELEMENTARY_ROUNDINGS] units for `tanh` and the logistic
///   function; for softmax the same for an exponential, one more for each value that is summed, and one for the
///   division; for group norm `b + 6`: half of the `b + 3` of the sum of squares, its division, `eps` and its
///   addition, the root and the division, with room; two for the slope of a leaky ReLU and its product; for a
///   gate those of both functions and one; none for ReLU, the identity and max-pooling. Of parts
///   with different activations the largest number counts;
/// - **prox** is taken to be computed as if its argument `v` were moved by [Thresholds#PROX_ROUNDINGS] units of
///   `|v| + |1 - alpha||x|`, then carried by the constant 1, and rounded as `phi` is.
final class RoundingModel {
    private final ReferenceEquation equation;
    private final ReferenceActivation activation;
    private final Precision precision;
    private final double unit;
    private final double tiny;
    private final double[] atZero;

    RoundingModel(ReferenceEquation equation, Precision precision) {
        this.equation = equation;
        this.precision = precision;
        activation = equation.activation();
        unit = precision.unitRoundoff();
        tiny = precision == Precision.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
        atZero = activation.blockNorms(activation.value(new double[equation.stateSize()]));
    }

    /// `gamma_k`.
    double gamma(double k) {
        return k * unit / (1 - k * unit);
    }

    /// The least positive number of the precision.
    double tiny() {
        return tiny;
    }

    /// A bound on `|dt|`, component by component, for every state of which the magnitudes are at most `x`.
    ///
    /// @param magnitude `|A|x + |B||u| + |bias|`
    double[] argument(double[] magnitude, double[] x, double[] u) {
        OperatorRounding product = equation.rounding();
        double terms = (double) product.terms() + u.length;
        double dense = product.isComputed() ? product.terms() * 0x1p-52 : 0;
        double[] radius = equation.dataRounding(x, u, precision);
        for (int i = 0; i < radius.length; i++) {
            radius[i] +=
                    (gamma(terms + 1) + dense) * (magnitude[i] + radius[i]) + (product.underflows() + u.length) * tiny;
        }
        return radius;
    }

    /// A bound on the error of `phi(t)`, block by block in the 2-norm.
    ///
    /// @param magnitude bounds on `|t|`
    /// @param radius bounds on the error of `t`; softmax adds to it
    double[] map(double[] magnitude, double[] radius) {
        addShift(activation, 0, magnitude.length, magnitude, radius);
        double[] error = activation.blockNorms(radius);
        double[] size = outputs(magnitude, radius);
        for (int l = 0; l < error.length; l++) {
            error[l] = activation.lipschitz() * error[l] + output(size[l]);
        }
        return inflated(error);
    }

    /// A bound on the error of `prox(v)`, block by block in the 2-norm; its magnitudes are bounded like those of
    /// `phi`.
    ///
    /// @param magnitude bounds on `|v|`
    /// @param radius bounds on the error of `v`; added to
    double[] prox(double alpha, double[] magnitude, double[] radius) {
        double[] size = proxOutputs(alpha, magnitude, radius);
        if (!(activation instanceof PiecewiseLinearReference)) {
            addShift(activation, 0, magnitude.length, magnitude, radius);
            for (int i = 0; i < radius.length; i++) {
                radius[i] += Thresholds.PROX_ROUNDINGS
                        * unit
                        * (magnitude[i] + radius[i] + Math.abs(1 - alpha) * size[i / activation.blockSize()]);
            }
        }
        double[] error = activation.blockNorms(radius);
        for (int l = 0; l < error.length; l++) {
            error[l] += output(size[l]) * (activation instanceof PiecewiseLinearReference ? 4 : 1);
        }
        return inflated(error);
    }

    /// Bounds on `|phi(t)|`, block by block: at most `|phi(0)| + gamma |t|`, and at most its radius.
    double[] outputs(double[] magnitude, double[] radius) {
        double[] size = activation.blockNorms(sum(magnitude, radius));
        for (int l = 0; l < size.length; l++) {
            size[l] = capped(atZero[l] + activation.lipschitz() * size[l]);
        }
        return size;
    }

    private double[] proxOutputs(double alpha, double[] magnitude, double[] radius) {
        double[] size = activation.blockNorms(sum(magnitude, radius));
        double[] zero = activation.blockNorms(activation.prox(alpha, new double[magnitude.length]));
        for (int l = 0; l < size.length; l++) {
            size[l] = capped(zero[l] + size[l]);
        }
        return size;
    }

    private double capped(double size) {
        return Math.min(size, activation.radius());
    }

    /// The rounding of a result of 2-norm `size`.
    private double output(double size) {
        double roundings = roundings(activation);
        return gamma(roundings) * size + roundings * Math.sqrt(activation.blockSize()) * tiny;
    }

    /// Roundings of a result, the largest number of those of its parts.
    private static double roundings(ReferenceActivation activation) {
        return switch (activation) {
            case PiecewiseLinearReference(double slope) -> slope == 0 || slope == 1 ? 0 : 2;
            case SigmoidalReference _ -> Thresholds.ELEMENTARY_ROUNDINGS;
            case SoftmaxReference(int block) -> Thresholds.ELEMENTARY_ROUNDINGS + block + 1;
            case GroupNormReference(int block, double _) -> block + 6;
            case MaxPoolReference _ -> 0;
            case GateReference _ -> 2 * Thresholds.ELEMENTARY_ROUNDINGS + 1;
            case PartsReference(var parts) ->
                parts.stream()
                        .mapToDouble(part -> roundings(part.activation()))
                        .max()
                        .orElse(0);
        };
    }

    /// Adds to the radius of the states from `begin` to `end` what `phi` itself does to its argument.
    private void addShift(ReferenceActivation phi, int begin, int end, double[] magnitude, double[] radius) {
        switch (phi) {
            case PiecewiseLinearReference _, SigmoidalReference _, MaxPoolReference _, GateReference _ -> {}
            case SoftmaxReference(int block) -> addToBlocks(block, 2 * unit, begin, end, magnitude, radius);
            case GroupNormReference(int block, double _) ->
                addToBlocks(block, gamma(block + 4), begin, end, magnitude, radius);
            case PartsReference(var parts) -> {
                int first = begin;
                for (PartsReference.Part part : parts) {
                    addShift(part.activation(), first, first + part.size(), magnitude, radius);
                    first += part.size();
                }
            }
        }
    }

    /// `factor` times the largest magnitude of the block to every radius.
    private static void addToBlocks(int block, double factor, int from, int to, double[] magnitude, double[] radius) {
        for (int begin = from; begin < to; begin += block) {
            double largest = 0;
            for (int i = begin; i < begin + block; i++) {
                largest = Math.max(largest, magnitude[i] + radius[i]);
            }
            for (int i = begin; i < begin + block; i++) {
                radius[i] += factor * largest;
            }
        }
    }

    private static double[] sum(double[] one, double[] other) {
        double[] sum = new double[one.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = one[i] + other[i];
        }
        return sum;
    }

    /// Room for the rounding of the bound itself, which is computed in doubles.
    private double[] inflated(double[] bound) {
        for (int l = 0; l < bound.length; l++) {
            bound[l] *= 1 + 4 * (equation.stateSize() + 100) * 0x1p-53;
        }
        return bound;
    }
}
