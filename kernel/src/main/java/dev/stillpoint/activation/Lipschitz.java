package dev.stillpoint.activation;

/// A Lipschitz constant and the norm in which it holds on every block.
///
/// @param constant the constant, positive
/// @param norm the norm
public record Lipschitz(double constant, Norm norm) {
    /// Norms of a block.
    public enum Norm {
        /// The block is one component and the norm its absolute value.
        ABSOLUTE,
        /// The Euclidean norm.
        TWO
    }
}
