package dev.stillpoint.activation;

import dev.stillpoint.internal.reference.PanelActivationF64;
import dev.stillpoint.internal.reference.ProxDerivative;
import dev.stillpoint.matrix.ShapeException;
import java.util.List;

/// The activation map `phi` of a model: what it computes, its derivative, its proximal form, its Lipschitz
/// constant.
///
/// The map acts on a state of `n` values, block after block of [#blockSize()] values; a componentwise map has
/// blocks of one. It is an immutable description shared by all backends, which hold their own vectorised form; the
/// methods here that compute on `double[]` give the same bits as every backend does in FP64.
///
/// **Proximal form.** Several maps are proximal maps of a convex function `f`:
/// `phi(v) = argmin_x f(x) + |x - v|^2/2`. Splitting solvers with step `alpha` then need `prox_{alpha f}`, which
/// equals `phi` for every `alpha` only for ReLU and the identity. Source: IDL-21 §2.1 (assumptions), NTK-22 §2.3.2
/// and OPT-21 Lemma 5 (proximal form).
///
/// **Not-a-number and infinity.** A component that is not a number gives not-a-number: in that component, or in the
/// whole block of a blockwise map. Infinities have their limits, but softmax of a block with `+Inf`, or with
/// nothing but `-Inf`, is not a number, nor is group norm of a block with either.
public sealed interface Activation
        permits Relu, LeakyRelu, Tanh, Sigmoid, Identity, Softmax, GroupNorm, MaxPool, Gate, BlockActivation {

    /// The text that [#parse] reads: `relu`, `leaky-relu:0.1`, `tanh`, `sigmoid`, `identity`, `softmax:4`,
    /// `group-norm:4` or with its eps `group-norm:4:0.001`, `max-pool:4`, `gate:sigmoid:tanh`, and for parts of
    /// the state, each with its number of values, `blocks:relu@64/softmax:10@10`. It has no
    /// blanks, commas or equals signs.
    String label();

    /// Values of a block: 1 for a componentwise map, all of the state for a [BlockActivation].
    default int blockSize() {
        return 1;
    }

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
    default double[] value(double[] v) {
        checkSize(v.length);
        double[] p = new double[v.length];
        PanelActivationF64.value(this, v, 0, p, 0, v.length, 1);
        return p;
    }

    /// `J(v) w`, where `J` is the Jacobian of `phi`, symmetric but for max-pooling and gates. At a kink the
    /// derivative of the side that the map's comparison takes is used (`relu`: 1 at `v = +0` and `-0`;
    /// max-pooling: the first of equal components).
    ///
    /// It is computed from `p = phi(v)`: tanh `(1 - p^2) w`, sigmoid `(p - p^2) w`, softmax `p_i (w_i - p'w)`,
    /// group norm `((w_i - mean w) - p_i p'w/block)/sqrt(var + eps)`. Max-pooling gives the `w` of the largest
    /// component, a gate `(outer' inner w_1 + outer inner' w_2, 0)`.
    ///
    /// @param v the state, `n` values, not modified
    /// @param w the direction, `n` values, not modified
    /// @return a new array
    /// @throws ShapeException when `n` is no multiple of the block size, or the two have different sizes
    default double[] derivativeTimes(double[] v, double[] w) {
        checkDirection(v, w);
        double[] out = new double[v.length];
        PanelActivationF64.derivativeTimes(this, v, 0, w, 0, out, 0, v.length, 1);
        return out;
    }

    /// `J(v)' w`, what the adjoint equation needs: [#derivativeTimes] where `J` is symmetric. For max-pooling the
    /// first `w` of the block goes to the largest component; a gate gives `(outer' inner w_1, outer inner' w_1)`.
    ///
    /// @param v the state, `n` values, not modified
    /// @param w the direction, `n` values, not modified
    /// @return a new array
    /// @throws ShapeException when `n` is no multiple of the block size, or the two have different sizes
    default double[] transposedDerivativeTimes(double[] v, double[] w) {
        checkDirection(v, w);
        double[] out = new double[v.length];
        PanelActivationF64.transposedDerivativeTimes(this, v, 0, w, 0, out, 0, v.length, 1);
        return out;
    }

    private void checkDirection(double[] v, double[] w) {
        checkSize(v.length);
        if (w.length != v.length) {
            throw new ShapeException("direction has %d values, the state %d".formatted(w.length, v.length));
        }
    }

    /// `prox_{alpha f}(v) = argmin_x alpha f(x) + |x - v|^2/2`, where `phi = prox_f`. With `alpha = 1` it is
    /// `phi(v)`, bit for bit.
    ///
    /// @param alpha the step, positive and finite
    /// @param v the state, `n` values, not modified
    /// @return a new array
    /// @throws IllegalStateException when `phi` is no proximal map
    /// @throws IllegalArgumentException when `alpha` is not positive and finite
    /// @throws ShapeException when `n` is no multiple of the block size
    default double[] prox(double alpha, double[] v) {
        checkProximal();
        checkStep(alpha);
        checkSize(v.length);
        double[] p = new double[v.length];
        PanelActivationF64.prox(this, alpha, v, 0, p, 0, v.length, 1);
        return p;
    }

    /// `P w`, where `P` is the Jacobian of `prox_{alpha f}` at `v`, which is symmetric. With `alpha = 1` it is
    /// [#derivativeTimes].
    ///
    /// It is computed from `p = prox_{alpha f}(v)`. With the slope `d` of `phi` where it takes the value `p`, a
    /// componentwise map has `d/(d + alpha (1 - d)) w`. Softmax has `h_i (w_i - h'w/sum(h))`, `h_i = p_i/(p_i +
    /// alpha (1 - p_i))`, which differentiating `(1 - alpha) p_i + alpha ln(p_i) - v_i = const`, `sum(p) = 1`
    /// gives. At a kink it is the side of [#derivativeTimes].
    ///
    /// @param alpha the step, positive and finite
    /// @param v the state, `n` values, not modified
    /// @param w the direction, `n` values, not modified
    /// @return a new array
    /// @throws IllegalStateException when `phi` is no proximal map
    /// @throws IllegalArgumentException when `alpha` is not positive and finite
    /// @throws ShapeException when `n` is no multiple of the block size, or the two have different sizes
    default double[] proxDerivativeTimes(double alpha, double[] v, double[] w) {
        checkProximal();
        checkStep(alpha);
        checkDirection(v, w);
        double[] out = new double[v.length];
        ProxDerivative.times(this, alpha, v, w, out, 0, v.length);
        return out;
    }

    private static void checkStep(double alpha) {
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("alpha is " + alpha + ", expected a positive number");
        }
    }

    /// The function `f` that `phi` is the proximal map of, summed over all blocks of `x`: `+Inf` outside of its
    /// domain, up to a constant otherwise.
    ///
    /// @param x a state, `n` values, not modified
    /// @throws IllegalStateException when `phi` is no proximal map
    /// @throws ShapeException when `n` is no multiple of the block size
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

    /// Checks that this is a proximal map.
    ///
    /// @throws IllegalStateException when it is not
    default void checkProximal() {
        if (!isProximal()) {
            throw Objective.none(this);
        }
    }

    /// `relu(v) = v < 0 ? 0 : v`.
    static Activation relu() {
        return new Relu();
    }

    /// `v < 0 ? slope * v : v`.
    ///
    /// @throws IllegalArgumentException when the slope is not finite
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
    ///
    /// @throws IllegalArgumentException when `block` is not positive
    static Activation softmax(int block) {
        return new Softmax(block);
    }

    /// Group norm over blocks of `block` values, with `eps` of [GroupNorm#DEFAULT_EPS].
    ///
    /// @throws IllegalArgumentException when `block` is not positive
    static Activation groupNorm(int block) {
        return new GroupNorm(block, GroupNorm.DEFAULT_EPS);
    }

    /// Group norm over blocks of `block` values.
    ///
    /// @throws IllegalArgumentException when one is not positive, or `eps` is not a normal number of FP32
    static Activation groupNorm(int block, double eps) {
        return new GroupNorm(block, eps);
    }

    /// `(max_i v_i, 0, ..., 0)` over blocks of `block` values.
    ///
    /// @throws IllegalArgumentException when `block` is not positive
    static Activation maxPool(int block) {
        return new MaxPool(block);
    }

    /// `(outer(v_1) inner(v_2), 0)` over blocks of two values.
    ///
    /// @throws IllegalArgumentException when one is neither tanh nor sigmoid
    static Activation gate(Activation outer, Activation inner) {
        return new Gate(outer, inner);
    }

    /// Different activations on consecutive parts of the state.
    ///
    /// @throws IllegalArgumentException when there is no part
    static Activation blocks(BlockActivation.Part... parts) {
        return new BlockActivation(List.of(parts));
    }

    /// The activation that `label` names.
    ///
    /// @throws IllegalArgumentException when it names none; the message lists the labels
    static Activation parse(String label) {
        return ActivationLabels.parse(label);
    }
}
