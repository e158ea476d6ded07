package dev.stillpoint.wellposed;

import dev.stillpoint.solver.ErrorBounds;

/// Upper bounds of how far the adjoint states of a batch are from those of the true fixed points, and where there
/// are none, whether kinks are why. Immutable.
public final class AdjointBounds {
    private final ErrorBounds errors;
    private final int[] kinks;

    AdjointBounds(ErrorBounds errors, int[] kinks) {
        this.errors = errors;
        this.kinks = kinks;
    }

    /// The bounds; not-a-number for samples that have none.
    public ErrorBounds errors() {
        return errors;
    }

    /// In how many activation blocks the derivative at the true fixed point of sample `i` is not certain: the
    /// bound of the state's error leaves both sides of a kink possible. Such a sample has no bound; one whose
    /// state has a smaller error may have.
    public int kinks(int i) {
        return kinks[i];
    }
}
