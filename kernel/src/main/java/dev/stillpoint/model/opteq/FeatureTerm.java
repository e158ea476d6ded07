package dev.stillpoint.model.opteq;

import java.util.Arrays;

/// A convex term `R(z)` that is added to what a deep model minimises, as the map that it appends to the layers:
///
///     z = T_R(T(z, x)),   T_R = prox_R,  or  I - gamma dR.
///
/// Terms are immutable values and non-expansive maps. Source: OPT-21 §4.1.
public sealed interface FeatureTerm {
    /// `T_R(z)`, in double precision.
    ///
    /// @param z not modified
    /// @return a new array
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
        checkWeight(weight);
        if (!(gamma >= 0 && gamma * weight <= 1)) {
            throw new IllegalArgumentException(
                    "gamma is %s and the weight %s: expected 0 <= gamma weight <= 1".formatted(gamma, weight));
        }
        return new Scaling(1 - 2 * gamma * weight);
    }

    /// The proximal map of `R = weight |z|_1`, the soft threshold: `z -+ weight`, 0 in between.
    ///
    /// @throws IllegalArgumentException when the weight is negative or not finite
    static FeatureTerm absoluteSum(double weight) {
        checkWeight(weight);
        return new SoftThreshold(weight);
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

    /// `T_R(z) = relu(z - threshold) - relu(-z - threshold)`.
    ///
    /// @param threshold finite, at least 0
    record SoftThreshold(double threshold) implements FeatureTerm {
        /// Checks the threshold.
        ///
        /// @throws IllegalArgumentException when it is negative or not finite
        public SoftThreshold {
            checkWeight(threshold);
        }

        @Override
        public double[] apply(double[] z) {
            return Arrays.stream(z).map(this::apply).toArray();
        }

        private double apply(double value) {
            double shrunk = Math.abs(value) - threshold;
            return shrunk < 0 ? 0 : Math.copySign(shrunk, value);
        }
    }
}
