package dev.stillpoint.solver;

import dev.stillpoint.matrix.ShapeException;

/// Upper bounds of how far the states of a batch are from the true fixed points.
///
/// The fixed points are those of the model and the inputs as they were given, before anything was rounded to the
/// working precision, and the states are those that were returned. Immutable.
public final class ErrorBounds {
    private final double[] max;
    private final double[] two;

    /// Bounds of a batch. The arrays are handed over, not copied.
    ///
    /// @param max for every sample a bound in the max norm, not-a-number where none can be given
    /// @param two likewise in the 2-norm
    /// @throws ShapeException when the lengths differ
    public ErrorBounds(double[] max, double[] two) {
        if (max.length != two.length) {
            throw new ShapeException("%d bounds in the max norm, %d in the 2-norm".formatted(max.length, two.length));
        }
        this.max = max;
        this.two = two;
    }

    /// Number of samples.
    public int samples() {
        return max.length;
    }

    /// A bound of `max_j |x_j - x*_j|` of sample `i`; not-a-number where there is none.
    public double max(int i) {
        return max[i];
    }

    /// A bound of `|x - x*|_2` of sample `i`; not-a-number where there is none.
    public double two(int i) {
        return two[i];
    }
}
