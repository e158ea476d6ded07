package dev.stillpoint.solver;

/// What happened to a sample.
public enum Status {
    /// The residual of the returned state meets the stopping rule.
    CONVERGED,
    /// The iterations ran out; the state is the best one, by residual, seen at a check.
    MAX_ITERATIONS,
    /// Input and start were finite, and an iterate was not, or its squared norm overflowed the working precision. The
    /// state is the best one, by residual, seen at a check, or the start when there was none.
    DIVERGED,
    /// The sample's input or start holds a value that is not finite in the working precision. The state is
    /// not-a-number throughout.
    NON_FINITE
}
