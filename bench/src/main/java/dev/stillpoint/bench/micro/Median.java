package dev.stillpoint.bench.micro;

import java.util.Arrays;

/// The median of figures: what a machine that is disturbed for less than half of the time does not move.
public final class Median {
    private Median() {}

    /// The value in the middle, or the mean of the two there.
    ///
    /// @param values at least one, not modified
    public static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
