package dev.stillpoint.adjoint;

import dev.stillpoint.solver.ConvergenceException;
import dev.stillpoint.solver.Status;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntFunction;

/// Which samples have finite values, where running out of iterations is what was asked for.
final class FiniteSamples {
    private FiniteSamples() {}

    /// Whether a sample of that status has finite values.
    static boolean has(Status status) {
        return switch (status) {
            case CONVERGED, MAX_ITERATIONS -> true;
            case DIVERGED, NON_FINITE -> false;
        };
    }

    /// Checks that every sample has.
    ///
    /// @param what what a sample has that is finite
    /// @throws ConvergenceException when one has not; the message names the first and counts all by status
    static void check(String what, int samples, IntFunction<Status> status) {
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        int first = -1;
        for (int s = samples - 1; s >= 0; s--) {
            if (!has(status.apply(s))) {
                counts.merge(status.apply(s), 1, Integer::sum);
                first = s;
            }
        }
        if (first >= 0) {
            int all = counts.values().stream().mapToInt(Integer::intValue).sum();
            throw new ConvergenceException("%d of %d samples have no finite %s %s; the first is sample %d: %s"
                    .formatted(all, samples, what, counts, first, status.apply(first)));
        }
    }
}
