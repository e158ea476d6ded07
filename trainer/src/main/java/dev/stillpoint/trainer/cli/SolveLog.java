package dev.stillpoint.trainer.cli;

import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import java.util.Arrays;

/// What happened to each sample of a batch that was solved in chunks: 28 bytes a sample.
final class SolveLog {
    private final Status[] statuses;
    private final int[] iterations;
    private final double[] residuals;
    private final int[] legs;
    private final double[] bounds;
    private long nanos;

    SolveLog(int samples) {
        statuses = new Status[samples];
        iterations = new int[samples];
        residuals = new double[samples];
        legs = new int[samples];
        bounds = new double[samples];
    }

    /// Notes the result of the chunk whose first sample is `first`.
    void add(int first, SolveResult chunk, long took) {
        for (int i = 0; i < chunk.samples(); i++) {
            statuses[first + i] = chunk.status(i);
            iterations[first + i] = chunk.iterations(i);
            residuals[first + i] = chunk.residual(i);
            legs[first + i] = chunk.leg(i);
            bounds[first + i] = chunk.errorBound(i).orElse(Double.NaN);
        }
        nanos += took;
    }

    int samples() {
        return statuses.length;
    }

    Status status(int i) {
        return statuses[i];
    }

    int iterations(int i) {
        return iterations[i];
    }

    double residual(int i) {
        return residuals[i];
    }

    /// The bound of the error of sample `i` in the max norm; not-a-number where there is none.
    double errorBound(int i) {
        return bounds[i];
    }

    /// Samples with a bound of their error.
    int countBounds() {
        return (int) Arrays.stream(bounds).filter(each -> !Double.isNaN(each)).count();
    }

    /// The largest bound of an error there is; 0 without any.
    double largestBound() {
        return Arrays.stream(bounds).filter(each -> !Double.isNaN(each)).max().orElse(0);
    }

    /// The leg of the course that the state of sample `i` comes from.
    int leg(int i) {
        return legs[i];
    }

    /// Samples whose state comes from a leg.
    int countLeg(int leg) {
        return (int) Arrays.stream(legs).filter(each -> each == leg).count();
    }

    /// Seconds that the solves took, without start-up and files.
    double seconds() {
        return nanos * 1e-9;
    }

    int count(Status status) {
        int count = 0;
        for (Status each : statuses) {
            if (each == status) {
                count++;
            }
        }
        return count;
    }

    /// The quantile of the iteration counts, 0 the least and 1 the greatest.
    int iterationsAt(double quantile) {
        int[] sorted = iterations.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(quantile * (sorted.length - 1))];
    }
}
