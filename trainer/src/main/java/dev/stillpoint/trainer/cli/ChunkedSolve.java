package dev.stillpoint.trainer.cli;

import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.solver.SolveResult;
import org.jspecify.annotations.Nullable;

/// Solves a batch of any size in chunks, so that the memory needed does not grow with it. A sample's result does
/// not depend on how the batch is cut.
///
/// @param plan solves a chunk; belongs to the caller
/// @param precision that of states which are not wanted
/// @param chunkValues state values of a chunk
record ChunkedSolve(ImplicitModel model, SolvePlan plan, Precision precision, int chunkValues) {
    /// Solves for every row of `inputs`.
    ///
    /// @param states `(samples, n)`, or null when they are not wanted
    /// @param outputs `(samples, q)`, or null when they are not wanted
    SolveLog run(
            Matrix inputs,
            @Nullable Matrix initial,
            @Nullable Matrix states,
            @Nullable Matrix outputs,
            Progress progress) {
        int samples = inputs.rows();
        int chunk = Math.max(1, Math.min(samples, chunkValues / model.stateSize()));
        SolveLog log = new SolveLog(samples);
        Matrix scratch = states == null ? Matrix.zeros(precision, chunk, model.stateSize()) : states;
        for (int first = 0; first < samples; first += chunk) {
            int count = Math.min(chunk, samples - first);
            Matrix u = inputs.slice(first, first + count);
            Matrix x = states == null ? scratch.slice(0, count) : states.slice(first, first + count);
            SolveRequest request = SolveRequest.of(u).into(x).reporting(progress::step);
            if (initial != null) {
                request = request.from(initial.slice(first, first + count));
            }
            long start = System.nanoTime();
            SolveResult result = plan.solve(request);
            log.add(first, result, System.nanoTime() - start);
            if (outputs != null) {
                model.predict(u, x, outputs.slice(first, first + count));
            }
        }
        return log;
    }
}
