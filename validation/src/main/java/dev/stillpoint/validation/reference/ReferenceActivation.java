package dev.stillpoint.validation.reference;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.activation.Gate;
import dev.stillpoint.activation.GroupNorm;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.MaxPool;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Sigmoid;
import dev.stillpoint.activation.Softmax;
import dev.stillpoint.activation.Tanh;
import java.util.List;

/// An activation map `phi`, its derivative and its proximal form, by their definitions.
///
/// Each is there twice: on doubles, by `StrictMath`, for the iterations; and in double-double arithmetic, for
/// residuals that are much smaller than an error of a double. The kernel's [Activation] only says which map is
/// meant.
///
/// Source: IDL-21 §2.1; NTK-22 §2.3.2 (proximal form); the constants are 1 for the componentwise maps, 1/4 for the
/// logistic function; in the 2-norm 1/2 for softmax (the Jacobian `diag(p) - pp'` has norm at most 1/2),
/// `1/sqrt(eps)` for group norm and 1 for max-pooling and gates, but 1/4 for one of two logistic functions.
public sealed interface ReferenceActivation
        permits PiecewiseLinearReference,
                SigmoidalReference,
                SoftmaxReference,
                GroupNormReference,
                MaxPoolReference,
                GateReference,
                PartsReference {

    /// Values of a block: 1 for a componentwise map.
    int blockSize();

    /// A constant `gamma` with `|phi_l(u) - phi_l(v)|_2 <= gamma |u - v|_2` on every block.
    double lipschitz();

    /// A bound on the 2-norm of every block of `phi(v)`, infinite where there is none.
    double radius();

    /// Whether `phi = prox_f` for a convex function `f`.
    boolean isProximal();

    /// `phi(v)`, with a relative error of some units in the last place: see [Thresholds#ELEMENTARY_ROUNDINGS].
    double[] value(double[] v);

    /// `phi(v)` to about [DoubleDouble#ROUNDOFF].
    DoubleDouble[] value(DoubleDouble[] v);

    /// `J w` with `J` the Jacobian of `phi` at `v`; at a kink that of the upper side.
    double[] derivativeTimes(double[] v, double[] w);

    /// `argmin_x alpha f(x) + |x - v|^2/2` where `phi = prox_f`.
    ///
    /// `phi = (I + df)^-1` makes `df(x)` the set of `t - x` with `phi(t) = x`, so that the optimality condition
    /// `x + alpha df(x) = v` is `(1 - alpha) phi(t) + alpha t = v` with `x = phi(t)`: solved for `t`, to an error
    /// of `x` of about a unit in the last place.
    ///
    /// @throws IllegalStateException when `phi` is no proximal map
    double[] prox(double alpha, double[] v);

    /// Number of blocks of `n` values.
    default int blocks(int n) {
        return n / blockSize();
    }

    /// The 2-norm of every block: `eta(v)` of IDL-21, proof of Theorem 2.2.
    default double[] blockNorms(double[] v) {
        int size = blockSize();
        double[] norms = new double[blocks(v.length)];
        for (int l = 0; l < norms.length; l++) {
            norms[l] = Norms.two(v, l * size, size);
        }
        return norms;
    }

    /// The reference of a kernel's activation.
    static ReferenceActivation of(Activation activation) {
        return switch (activation) {
            case Relu() -> new PiecewiseLinearReference(0);
            case LeakyRelu(double slope) -> new PiecewiseLinearReference(slope);
            case Identity() -> new PiecewiseLinearReference(1);
            case Tanh() -> new SigmoidalReference(SigmoidalReference.Curve.TANH);
            case Sigmoid() -> new SigmoidalReference(SigmoidalReference.Curve.LOGISTIC);
            case Softmax(int block) -> new SoftmaxReference(block);
            case GroupNorm(int block, double eps) -> new GroupNormReference(block, eps);
            case MaxPool(int block) -> new MaxPoolReference(block);
            case Gate(Activation outer, Activation inner) -> new GateReference(of(outer), of(inner));
            case BlockActivation(List<BlockActivation.Part> parts) ->
                new PartsReference(parts.stream()
                        .map(part -> new PartsReference.Part(of(part.activation()), part.size()))
                        .toList());
        };
    }
}
