package dev.stillpoint.solver;

import java.io.Serial;

/// Thrown by [SolveResult#orThrow()] when a sample did not converge. The message counts the samples by status.
public final class ConvergenceException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// An exception with a message of its own.
    public ConvergenceException(String message) {
        super(message);
    }
}
