package dev.stillpoint.activation;

/// Products of two bounded functions, over blocks of two values, as a map of the block into itself:
///
///     phi(v_1, v_2) = (outer(v_1) inner(v_2), 0)
///
/// It is what multiplies two parts of a state, as gates and attention units do. As with [MaxPool], the result
/// stands in the first component of its block and the other is zero, whatever reads them.
///
/// Both functions are tanh or sigmoid: a product is Lipschitz only where its factors are bounded, here by 1. Its
/// constant in the 2-norm is the larger of the two functions' own slopes: 1, or 1/4 for two sigmoids, approached
/// where one factor goes to its limit and the other is steepest. It is no proximal map.
///
/// With `t` and `s` for the sizes of the factors, and slopes of at most `1 - t^2` and `1 - s^2`, as both functions
/// have, the square of the gradient is at most
/// `(1 - t^2)^2 s^2 + (1 - s^2)^2 t^2 <= t^2 + s^2 - 2 t^2 s^2 <= 1`. For two sigmoids it is
/// `(1 - x)^2 (1 - y)^2 (x^2 + y^2)` with `x = 1 - t` and `y = 1 - s`. Where `x + y` is at most 0.6, that falls
/// with `x y`, from `(x - x^2)^2 <= 1/16` at `y = 0`; elsewhere it is below 0.06.
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
        return new Lipschitz(small ? 0.25 : 1, Lipschitz.Norm.TWO);
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
