package dev.stillpoint.activation;

import dev.stillpoint.matrix.ShapeException;

/// The activation map `phi` of a model: what it computes, its derivative, its proximal form, its Lipschitz constant.
///
/// The map acts on a state of `n` values, block after block of [#blockSize()] values; a componentwise map has blocks
/// of one. It is an immutable description shared by all backends, which hold their own vectorised form; the methods
/// here that compute on `double[]` give the same bits as every backend does in FP64.
///
/// **Proximal form.** Several maps are proximal maps of a convex function `f`: `phi(v) = argmin_x f(x) + |x - v|^2/2`.
/// Splitting solvers with step `alpha` then need `prox_{alpha f}`, which equals `phi` for every `alpha` only for ReLU
/// and the identity. Source: IDL-21 §2.1 (assumptions), NTK-22 §2.3.2 and OPT-21 Lemma 5 (proximal form).
public sealed interface Activation permits Relu, LeakyRelu, Tanh, Sigmoid, Identity, Softmax {

    /// The text that [#parse] reads: `relu`, `leaky-relu:0.1`, `tanh`, `sigmoid`, `identity`, `softmax:4`.
    String label();

    /// Values of a block: 1 for a componentwise map.
    int blockSize();

    /// A constant `gamma` with `|phi_l(u) - phi_l(v)|_p <= gamma |u - v|_p` on every block, and the norm `p`.
    Lipschitz lipschitz();

    /// Whether `phi` is the proximal map of a convex function.
    boolean isProximal();

    /// Whether `phi(t v) = t phi(v)` for every `t >= 0`.
    boolean isPositivelyHomogeneous();

    /// `phi(v)`.
    ///
    /// @param v the state, `n` values, not modified
    /// @return a new array
    /// @throws ShapeException when `n` is no multiple of the block size
    double[] value(double[] v);

    /// `J(v) w`, where `J` is the Jacobian of `phi`, symmetric for every activation here. At a kink the derivative of
    /// the side that the map's comparison takes is used (`relu`: 1 at `v = +0` and `-0`).
    ///
    /// @param v the state, `n` values, not modified
    /// @param w the direction, `n` values, not modified
    /// @return a new array
    /// @throws ShapeException when `n` is no multiple of the block size
    double[] derivativeTimes(double[] v, double[] w);

    /// `prox_{alpha f}(v) = argmin_x alpha f(x) + |x - v|^2/2`, where `phi = prox_f`.
    ///
    /// @param alpha the step, positive and finite
    /// @param v the state, `n` values, not modified
    /// @return a new array
    /// @throws IllegalStateException when `phi` is no proximal map
    /// @throws ShapeException when `n` is no multiple of the block size
    double[] prox(double alpha, double[] v);

    /// The function `f` that `phi` is the proximal map of: `+inf` outside of its domain.
    ///
    /// @throws IllegalStateException when `phi` is no proximal map
    double objective(double[] x);

    /// Whether `phi` acts on each component by itself.
    default boolean isComponentwise() {
        return blockSize() == 1;
    }

    /// Checks that a state of `n` values is made of whole blocks.
    ///
    /// @throws ShapeException when it is not
    default void checkSize(int n) {
        if (n % blockSize() != 0) {
            throw new ShapeException("activation %s acts on blocks of %d, and the state has %d values"
                    .formatted(label(), blockSize(), n));
        }
    }

    /// `relu(v) = v < 0 ? 0 : v`.
    static Activation relu() {
        return new Relu();
    }

    /// `v < 0 ? slope * v : v`.
    static Activation leakyRelu(double slope) {
        return new LeakyRelu(slope);
    }

    /// The hyperbolic tangent.
    static Activation tanh() {
        return new Tanh();
    }

    /// The logistic function `1/(1 + exp(-v))`.
    static Activation sigmoid() {
        return new Sigmoid();
    }

    /// `phi(v) = v`.
    static Activation identity() {
        return new Identity();
    }

    /// `exp(v_i) / sum_j exp(v_j)` over blocks of `block` values.
    static Activation softmax(int block) {
        return new Softmax(block);
    }

    /// The activation that `label` names.
    ///
    /// @throws IllegalArgumentException when it names none
    static Activation parse(String label) {
        return ActivationLabels.parse(label);
    }
}
