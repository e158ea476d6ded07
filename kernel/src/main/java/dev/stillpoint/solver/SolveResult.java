package dev.stillpoint.solver;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// What a solve found: a state for every sample, and what happened to it.
///
/// The result owns its arrays and outlives the plan; where the caller gave a destination, the states lie there.
/// Immutable, and safe to share, as far as nobody writes to the destination.
public final class SolveResult {
    private final Matrix states;
    private final Status[] statuses;
    private final int[] iterations;
    private final double[] residuals;
    private final int[] legs;
    private final @Nullable ErrorBounds bounds;

    /// A result. The arrays are handed over, not copied: a backend keeps no reference to them.
    ///
    /// @param states the states, `(samples, n)`
    /// @param statuses a status for every sample
    /// @param iterations evaluations of `f` for every sample
    /// @param residuals `|f(x) - x|_2` of every returned state; not-a-number where none was measured
    /// @throws ShapeException when lengths differ
    public SolveResult(Matrix states, Status[] statuses, int[] iterations, double[] residuals) {
        this(states, statuses, iterations, residuals, new int[statuses.length]);
    }

    /// A result of a course. The arrays are handed over, not copied: a backend keeps no reference to them.
    ///
    /// @param states the states, `(samples, n)`
    /// @param statuses a status for every sample
    /// @param iterations evaluations of `f` for every sample
    /// @param residuals `|f(x) - x|_2` of every returned state; not-a-number where none was measured
    /// @param legs the leg of the course that every state comes from
    /// @throws ShapeException when lengths differ
    public SolveResult(Matrix states, Status[] statuses, int[] iterations, double[] residuals, int[] legs) {
        this(states, statuses, iterations, residuals, legs, null);
    }

    private SolveResult(
            Matrix states,
            Status[] statuses,
            int[] iterations,
            double[] residuals,
            int[] legs,
            @Nullable ErrorBounds bounds) {
        int samples = states.rows();
        if (statuses.length != samples
                || iterations.length != samples
                || residuals.length != samples
                || legs.length != samples) {
            throw new ShapeException("%d states with %d statuses, %d iteration counts, %d residuals and %d legs"
                    .formatted(samples, statuses.length, iterations.length, residuals.length, legs.length));
        }
        if (bounds != null && bounds.samples() != samples) {
            throw new ShapeException("%d states with %d error bounds".formatted(samples, bounds.samples()));
        }
        this.bounds = bounds;
        this.legs = legs;
        this.states = states;
        this.statuses = statuses;
        this.iterations = iterations;
        this.residuals = residuals;
    }

    /// Number of samples.
    public int samples() {
        return statuses.length;
    }

    /// The states, `(samples, n)`, in the working precision or the destination's.
    public Matrix states() {
        return states;
    }

    /// What happened to sample `i`.
    public Status status(int i) {
        return statuses[i];
    }

    /// Evaluations of `f` that sample `i` took, the one that measured the returned residual included.
    public int iterations(int i) {
        return iterations[i];
    }

    /// `|f(x) - x|_2` of the state of sample `i`, computed in the working precision; not-a-number where none was
    /// measured.
    public double residual(int i) {
        return residuals[i];
    }

    /// The leg of the [Course] that the state of sample `i` comes from, counted from 0; 0 for other solvers.
    /// Where blocks are solved one after the other it is the largest of the blocks.
    public int leg(int i) {
        return legs[i];
    }

    /// This result with bounds of its errors.
    ///
    /// @throws ShapeException when there are more or fewer of them than samples
    public SolveResult withErrorBounds(ErrorBounds found) {
        return new SolveResult(states, statuses, iterations, residuals, legs, found);
    }

    /// An upper bound of `max_j |x_j - x*_j|`, how far the state of sample `i` is from the true fixed point,
    /// where one was asked for and can be given.
    public OptionalDouble errorBound(int i) {
        Objects.checkIndex(i, statuses.length);
        return bounds == null || Double.isNaN(bounds.max(i))
                ? OptionalDouble.empty()
                : OptionalDouble.of(bounds.max(i));
    }

    /// The bounds of all samples in both norms, where they were asked for.
    public Optional<ErrorBounds> errorBounds() {
        return Optional.ofNullable(bounds);
    }

    /// How many samples have `status`.
    public int count(Status status) {
        int count = 0;
        for (Status each : statuses) {
            if (each == status) {
                count++;
            }
        }
        return count;
    }

    /// Whether every sample converged (true for an empty batch).
    public boolean allConverged() {
        return count(Status.CONVERGED) == statuses.length;
    }

    /// The sum of all samples' iterations: the work of the solve.
    public long totalIterations() {
        long total = 0;
        for (int each : iterations) {
            total += each;
        }
        return total;
    }

    /// This result, when every sample converged.
    ///
    /// @throws ConvergenceException when one did not; the message names the first and counts all by status
    public SolveResult orThrow() {
        if (allConverged()) {
            return this;
        }
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        int first = -1;
        for (int i = 0; i < statuses.length; i++) {
            if (statuses[i] != Status.CONVERGED) {
                counts.merge(statuses[i], 1, Integer::sum);
                first = first < 0 ? i : first;
            }
        }
        throw new ConvergenceException(
                "%d of %d samples did not converge %s; the first is sample %d: %s after %d iterations, residual %s"
                        .formatted(
                                statuses.length - count(Status.CONVERGED),
                                statuses.length,
                                counts,
                                first,
                                statuses[first],
                                iterations[first],
                                residuals[first]));
    }
}
