package dev.stillpoint.backend;

import dev.stillpoint.matrix.Matrix;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The inputs of one solve, and what else is asked of it.
///
/// @param inputs `u`, `(samples, p)`, in any precision; not modified
/// @param initial where each sample starts, `(samples, n)`, or null for zero; not modified
/// @param destination where the states go, `(samples, n)`, or null for a new matrix in the working precision; may be
///     `initial`, may not overlap `inputs`
/// @param progress told the number of samples done since it was last told, from the threads that work on the solve;
///     it must be quick, safe to call from several threads, and must not throw
public record SolveRequest(
        Matrix inputs, @Nullable Matrix initial, @Nullable Matrix destination, IntConsumer progress) {
    /// A solve from zero into a new matrix.
    public static SolveRequest of(Matrix inputs) {
        return new SolveRequest(inputs, null, null, _ -> {});
    }

    /// This request, started from `initial`.
    public SolveRequest from(Matrix initial) {
        return new SolveRequest(inputs, initial, destination, progress);
    }

    /// This request, with the states written to `destination`.
    public SolveRequest into(Matrix destination) {
        return new SolveRequest(inputs, initial, destination, progress);
    }

    /// This request, with its progress told to `progress`.
    public SolveRequest reporting(IntConsumer progress) {
        return new SolveRequest(inputs, initial, destination, progress);
    }
}
