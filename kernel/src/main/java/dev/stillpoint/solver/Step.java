package dev.stillpoint.solver;

/// The step of a splitting.
final class Step {
    private Step() {}

    /// @throws IllegalArgumentException when it is not positive and finite
    static void check(double alpha) {
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("alpha is " + alpha + ", expected a positive number");
        }
    }
}
