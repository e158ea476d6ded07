package dev.stillpoint.bench.report;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import java.util.List;

/// What a run measures: a benchmark for every combination of the lists.
///
/// @param suites what is timed
/// @param sizes `n`, states of a problem or values of a layer; empty for those that each suite has
/// @param inputs `p` of `certify`, values of an input, or 0 for as many as states
/// @param batches `m`, samples of a batch; empty for those that each suite has
/// @param activations of solves, the others measured against the first
/// @param precisions working precisions
/// @param threads threads of a plan
/// @param iterations iterations of every sample
/// @param checkInterval iterations from one residual to the next
/// @param device a device of the CPU backend, or the empty text for the one it prefers
/// @param forks JVMs started for every solve
/// @param jvmArguments arguments of those JVMs
/// @param verbose whether JMH's own output is shown
public record RunSettings(
        List<Suite> suites,
        List<Integer> sizes,
        int inputs,
        List<Integer> batches,
        List<Activation> activations,
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
    /// @throws IllegalArgumentException when a list that has to name something is empty, a number is below 1, an
    ///     activation does not fit a size, a device is given for a projection, or the suites have [Suite#SOLVERS]
    ///     among others
    public RunSettings {
        suites = named("benchmark", suites);
        sizes = checked("n", sizes);
        if (inputs < 0) {
            throw new IllegalArgumentException("p is " + inputs + ", expected at least 1, or 0 for as many as states");
        }
        batches = checked("m", batches);
        activations = named("activation", activations);
        precisions = named("precision", precisions);
        threads = checked("threads", named("threads", threads));
        check("iterations", iterations);
        check("check-interval", checkInterval);
        check("forks", forks);
        jvmArguments = List.copyOf(jvmArguments);
        if (suites.contains(Suite.SOLVERS)) {
            throw new IllegalArgumentException("benchmark solvers stands alone, expected no other beside it");
        }
        if (suites.contains(Suite.PROJECTION) && !device.isEmpty()) {
            throw new IllegalArgumentException(
                    "device does not go with benchmark projection, which has no choice of it");
        }
        if (suites.contains(Suite.SOLVE)) {
            checkActivations(Suite.SOLVE.sizes(sizes), activations);
        }
    }

    private static <T> List<T> named(String name, List<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + " is an empty list, expected at least one");
        }
        return List.copyOf(values);
    }

    private static void checkActivations(List<Integer> sizes, List<Activation> activations) {
        for (Activation activation : activations) {
            for (int n : sizes) {
                try {
                    activation.checkSize(n);
                } catch (ShapeException refused) {
                    throw new IllegalArgumentException("activation: " + refused.getMessage(), refused);
                }
            }
        }
    }

    private static List<Integer> checked(String name, List<Integer> values) {
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
