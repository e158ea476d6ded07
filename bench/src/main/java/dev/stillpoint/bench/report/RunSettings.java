package dev.stillpoint.bench.report;

import dev.stillpoint.matrix.Precision;
import java.util.List;

/// What a run measures: a solve for every combination of the lists.
///
/// @param sizes `n`, states of a problem
/// @param batches `m`, samples of a batch
/// @param precisions working precisions
/// @param threads threads of a plan
/// @param iterations iterations of every sample
/// @param checkInterval iterations from one residual to the next
/// @param device a device of the CPU backend, or the empty text for the one it prefers
/// @param forks JVMs started for every solve
/// @param jvmArguments arguments of those JVMs
/// @param verbose whether JMH's own output is shown
public record RunSettings(
        List<Integer> sizes,
        List<Integer> batches,
        List<Precision> precisions,
        List<Integer> threads,
        int iterations,
        int checkInterval,
        String device,
        int forks,
        List<String> jvmArguments,
        boolean verbose) {
    /// Checks the settings.
    ///
    /// @throws IllegalArgumentException when a list is empty or a number is below 1
    public RunSettings {
        sizes = checked("n", sizes);
        batches = checked("m", batches);
        threads = checked("threads", threads);
        precisions = List.copyOf(precisions);
        if (precisions.isEmpty()) {
            throw new IllegalArgumentException("precision is an empty list, expected f32 or f64 or both");
        }
        check("iterations", iterations);
        check("check-interval", checkInterval);
        check("forks", forks);
        jvmArguments = List.copyOf(jvmArguments);
    }

    private static List<Integer> checked(String name, List<Integer> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + " is an empty list, expected at least one number");
        }
        for (int value : values) {
            check(name, value);
        }
        return List.copyOf(values);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
        }
    }
}
