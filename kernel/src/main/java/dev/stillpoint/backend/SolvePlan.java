package dev.stillpoint.backend;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.SolveResult;
import java.util.concurrent.CancellationException;

/// A problem, a solver and a stopping rule made ready for one backend: packed operators, memory and threads.
///
/// A plan serves one solve at a time and says so when it is misused. A sample's result depends on its own input
/// and start alone: not on the rest of the batch, its order, the number of threads or the vector width.
public interface SolvePlan extends AutoCloseable {
    /// Solves for every row of `inputs`, `(samples, p)`, starting from zero.
    ///
    /// @throws ShapeException when the inputs do not have `p` columns
    /// @throws IllegalStateException when the plan is closed or a solve is under way
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set,
    ///     nothing of the result is valid, and the plan may be used again
    default SolveResult solve(Matrix inputs) {
        return solve(SolveRequest.of(inputs));
    }

    /// Solves what is asked.
    ///
    /// @throws ShapeException when shapes do not fit
    /// @throws IllegalStateException when the plan is closed or a solve is under way
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set,
    ///     nothing of the result is valid, and the plan may be used again
    SolveResult solve(SolveRequest request);

    /// The working precision.
    Precision precision();

    /// Bytes of memory that the plan holds at most, on the heap or on the device: packed operators, and the
    /// panels of all threads, whether or not a solve has needed them yet. What a result holds is not in it, nor
    /// are the few bytes that objects have beside their arrays. It does not depend on the number of samples.
    ///
    /// On the CPU, with `e` bytes a value, `L` lanes of a vector, `W = 2 L` lanes of a strip, `S` strips of a
    /// panel (1 unless `A` has more than 8 MB) and `t` threads, a dense problem takes
    ///
    ///     e ((r + s) (n + p) + n)      A and B in two forms, and the bias; r is n padded to whole
    ///                                  tiles of rows, s to whole vectors of rows
    ///     e t (W (S (4 (n + 16) + 2 (n/8 + 16) + 1) + 3 (n + 16) + p + 16) + max(n, p))    panels
    ///     e t (7 (n + 16) + 2 (n/8 + 16) + 1 + p + 16 + max(n, p))           those of one sample
    ///
    /// with `5` for `4` and `8` for `7` where the solver is not Picard's, and `n/8` rounded up.
    long footprint();

    /// Gives memory and threads back. Closing twice does nothing; closing during a solve throws
    /// [IllegalStateException].
    @Override
    void close();
}
