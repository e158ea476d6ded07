package dev.stillpoint.bench.solve;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one solver made of one problem.
///
/// @param contender the solver's label in the table
/// @param chosen the solver with its parameters, or why it refuses the problem
/// @param statuses how many samples ended how; empty where the problem was refused
/// @param meanIterations the mean of the samples' iterations
/// @param mostIterations the largest of them
/// @param residual the largest `|f(x) - x|_2 / (1 + |x|_2)` of a returned state: what the tolerance bounds
/// @param nanos median time of a solve, a sample, or null where it was not taken, for not every sample converged
public record SolverRun(
        String contender,
        String chosen,
        Map<Status, Integer> statuses,
        double meanIterations,
        int mostIterations,
        double residual,
        @Nullable Double nanos) {
    /// Copies the counts.
    public SolverRun {
        Map<Status, Integer> copy = new EnumMap<>(Status.class);
        copy.putAll(statuses);
        statuses = Collections.unmodifiableMap(copy);
    }

    static SolverRun refused(String contender, String reason) {
        return new SolverRun(contender, reason, Map.of(), 0, 0, Double.NaN, null);
    }

    static SolverRun of(String contender, String chosen, SolveResult result) {
        Map<Status, Integer> statuses = new EnumMap<>(Status.class);
        int most = 0;
        double residual = 0;
        for (int i = 0; i < result.samples(); i++) {
            statuses.merge(result.status(i), 1, Integer::sum);
            most = Math.max(most, result.iterations(i));
            residual = Math.max(residual, result.residual(i) / (1 + norm(result.states(), i)));
        }
        return new SolverRun(
                contender,
                chosen,
                statuses,
                (double) result.totalIterations() / result.samples(),
                most,
                residual,
                null);
    }

    private static double norm(Matrix states, int sample) {
        double sum = 0;
        for (int j = 0; j < states.columns(); j++) {
            sum += states.get(sample, j) * states.get(sample, j);
        }
        return Math.sqrt(sum);
    }

    SolverRun withNanos(double median) {
        return new SolverRun(contender, chosen, statuses, meanIterations, mostIterations, residual, median);
    }

    /// Whether the solver refuses the problem.
    public boolean isRefused() {
        return statuses.isEmpty();
    }

    /// Whether every sample converged.
    public boolean isConverged() {
        return statuses.keySet().equals(Collections.singleton(Status.CONVERGED));
    }
}
