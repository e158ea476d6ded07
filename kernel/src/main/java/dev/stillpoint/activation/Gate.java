package dev.stillpoint.activation;

/// Products of two bounded functions, over blocks of two values, as a map of the block into itself:
///
///     phi(v_1, v_2) = (outer(v_1) inner(v_2), 0)
///
/// It is what multiplies two parts of a state, as gates and attention units do. As with [MaxPool], the result
/// stands in the first component of its block and the other is zero, whatever reads them.
///
/// Both functions are tanh or sigmoid: a product is Lipschitz only where its factors are bounded, here by 1. Its
/// gradient is `(outer' inner, outer inner')`. With `outer' <= g (1 - t^2)`, where `t = |outer|`, and likewise
/// for `inner` with `h` and `s`, its square is at most
///
///     (g (1 - t^2) s)^2 + (h (1 - s^2) t)^2  <=  max(g, h)^2
///
/// since `(1 - t^2)^2 s^2 + (1 - s^2)^2 t^2 <= (1 - t^2) s^2 + (1 - s^2) t^2 <= 1`, with `t`, `s` in [0, 1]. For
/// tanh `g` is 1 and so it is for sigmoid, where `p (1 - p) <= 1 - p^2`. Two sigmoids have `p^2 q^2 ((1-p)^2 +
/// (1-q)^2)`, at most `1/8`, since `p (1 - p) <= 1/4` bounds each term by `1/16`. So the constant in the 2-norm
/// is 1, or for two sigmoids `sqrt(1/8)`, stated as 3/8. It is no proximal map.
///
/// Source: IDL-21 §2.4 (multiplicative connections, attention units).
///
/// @param outer what acts on the first value, tanh or sigmoid
/// @param inner what acts on the second value, tanh or sigmoid
public record Gate(Activation outer, Activation inner) implements Activation {
    /// Checks the functions.
    ///
    /// @throws IllegalArgumentException when one is neither tanh nor sigmoid
    public Gate {
        check(outer);
        check(inner);
    }

    private static void check(Activation factor) {
        if (!(factor instanceof Tanh || factor instanceof Sigmoid)) {
            throw new IllegalArgumentException(
                    "a gate has the factor %s, expected tanh or sigmoid, which are bounded".formatted(factor.label()));
        }
    }

    @Override
    public String label() {
        return "gate:" + outer.label() + ":" + inner.label();
    }

    @Override
    public int blockSize() {
        return 2;
    }

    @Override
    public Lipschitz lipschitz() {
        boolean small = outer instanceof Sigmoid && inner instanceof Sigmoid;
        return new Lipschitz(small ? 0.375 : 1, Lipschitz.Norm.TWO);
    }

    @Override
    public boolean isProximal() {
        return false;
    }

    @Override
    public boolean isPositivelyHomogeneous() {
        return false;
    }

    @Override
    public double objective(double[] x) {
        throw Objective.none(this);
    }
}
