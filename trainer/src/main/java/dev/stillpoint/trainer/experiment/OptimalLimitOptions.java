package dev.stillpoint.trainer.experiment;

import dev.stillpoint.activation.Activation;

/// What the experiment about the limit of deep optimization-induced models does.
///
/// @param depth `L`, the number of units, at least 2: a single one has the same state for every `alpha`
/// @param order `n`, values of the state and of what is within each unit, at least 1
/// @param slope `c`, the Lipschitz constant of every unit, in (0, 1)
/// @param activation `sigma` of every unit, a proximal map
/// @param halvings the least `alpha` is `2^-halvings`, from 2 to 20
/// @param seed the seed of the model and of the input
public record OptimalLimitOptions(int depth, int order, double slope, Activation activation, int halvings, long seed) {
    private static final int MOST_STATES = 512;

    /// Halvings beyond which the distances come near to rounding errors.
    private static final int MOST_HALVINGS = 20;

    /// Checks the options.
    ///
    /// @throws IllegalArgumentException when one is out of range, or the activation is no proximal map
    /// @throws dev.stillpoint.matrix.ShapeException when the order is no multiple of the activation's blocks
    public OptimalLimitOptions {
        check(depth >= 2, "depth", depth, "at least 2");
        check(order >= 1 && order <= MOST_STATES, "order", order, "a number from 1 to " + MOST_STATES);
        check(slope > 0 && slope < 1, "slope", slope, "a number between 0 and 1");
        check(halvings >= 2 && halvings <= MOST_HALVINGS, "halvings", halvings, "a number from 2 to " + MOST_HALVINGS);
        check(activation.isProximal(), "activation", activation.label(), "a proximal map");
        activation.checkSize(order);
    }

    /// Three units of 16 values with tanh and the slope 1/2, `alpha` down to `2^-10`, seed 1.
    public static OptimalLimitOptions defaults() {
        return new OptimalLimitOptions(3, 16, 0.5, Activation.tanh(), 10, 1);
    }

    private static void check(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
        }
    }
}
