package dev.stillpoint.solver;

/// The length of a history.
final class History {
    private static final int MOST = 50;

    private History() {}

    /// @throws IllegalArgumentException when it is out of range
    static void check(int history) {
        if (history < 1 || history > MOST) {
            throw new IllegalArgumentException("history is " + history + ", expected a whole number from 1 to " + MOST);
        }
    }
}
