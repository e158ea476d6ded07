package dev.stillpoint.backend;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.SolveResult;
import java.util.concurrent.CancellationException;

/// A problem, a solver and a stopping rule made ready for one backend: packed operators, memory and threads.
///
/// A plan serves one solve at a time and says so when it is misused. A sample's result depends on its own input and
/// start alone: not on the rest of the batch, its order, the number of threads or the vector width.
public interface SolvePlan extends AutoCloseable {
    /// Solves for every row of `inputs`, `(samples, p)`, starting from zero.
    ///
    /// @throws ShapeException when the inputs do not have `p` columns
    /// @throws IllegalStateException when the plan is closed or a solve is under way
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set, nothing
    ///     of the result is valid, and the plan may be used again
    default SolveResult solve(Matrix inputs) {
        return solve(SolveRequest.of(inputs));
    }

    /// Solves what is asked.
    ///
    /// @throws ShapeException when shapes do not fit
    /// @throws IllegalStateException when the plan is closed or a solve is under way
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set, nothing
    ///     of the result is valid, and the plan may be used again
    SolveResult solve(SolveRequest request);

    /// The working precision.
    Precision precision();

    /// Gives memory and threads back. Closing twice does nothing; closing during a solve throws
    /// [IllegalStateException].
    @Override
    void close();
}
