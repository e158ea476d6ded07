package dev.stillpoint.validation.problem;

/// The sizes of a problem.
///
/// @param n state values, at least 1
/// @param p input values
/// @param q output values
/// @param samples rows of the inputs (`m` in the text)
public record Sizes(int n, int p, int q, int samples) {
    /// Checks the sizes.
    ///
    /// @throws IllegalArgumentException when one is out of range
    public Sizes {
        Numbers.atLeast("n", n, 1);
        Numbers.atLeast("p", p, 0);
        Numbers.atLeast("q", q, 0);
        Numbers.atLeast("m", samples, 0);
    }
}
