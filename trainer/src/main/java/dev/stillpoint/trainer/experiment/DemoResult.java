package dev.stillpoint.trainer.experiment;

import dev.stillpoint.matrix.Precision;
import dev.stillpoint.trainer.data.Dataset;
import java.util.List;
import java.util.Locale;

/// What the demo found. For equal options everything is equal but the seconds.
///
/// @param options the options
/// @param dataset the data set's name
/// @param classes the names of the classes
/// @param trainSamples samples to fit on
/// @param testSamples samples to judge by
/// @param inputSize `p`
/// @param lambdaLower a lower bound of `lambda_PF(|A|)`
/// @param lambdaUpper an upper bound of it, below 1: the model is well-posed
/// @param device what solved
/// @param single the solve in FP32
/// @param twofold the solve in FP64
/// @param readout the fitted outputs
/// @param agreement how the two solves agree
/// @param traces residuals of the test sample that took most iterations, in FP32 and in FP64
/// @param examples some test samples, misread ones first
/// @param examplePredictions the class that each example was read as
/// @param seconds the whole run
public record DemoResult(
        DemoOptions options,
        String dataset,
        List<String> classes,
        int trainSamples,
        int testSamples,
        int inputSize,
        double lambdaLower,
        double lambdaUpper,
        String device,
        Solve single,
        Solve twofold,
        Readout readout,
        Agreement agreement,
        List<Trace> traces,
        Dataset examples,
        List<Integer> examplePredictions,
        double seconds) {

    /// Copies the lists.
    public DemoResult {
        classes = List.copyOf(classes);
        traces = List.copyOf(traces);
        examplePredictions = List.copyOf(examplePredictions);
    }

    /// A solve of all samples.
    ///
    /// @param precision the working precision
    /// @param samples how many
    /// @param converged how many of them converged
    /// @param iterations entry `k` is the number of samples that took `k` iterations
    /// @param seconds the solves alone, after one of a few samples that warmed the program up
    public record Solve(Precision precision, int samples, int converged, List<Integer> iterations, double seconds) {
        /// Copies the list.
        public Solve {
            iterations = List.copyOf(iterations);
        }

        /// The iterations of all samples together.
        public long totalIterations() {
            long total = 0;
            for (int k = 0; k < iterations.size(); k++) {
                total += (long) k * iterations.get(k);
            }
            return total;
        }

        /// The mean number of iterations.
        public double meanIterations() {
            return (double) totalIterations() / samples;
        }

        /// The least number of iterations of a sample.
        public int leastIterations() {
            int k = 0;
            while (iterations.get(k) == 0) {
                k++;
            }
            return k;
        }

        /// The largest number of iterations of a sample.
        public int mostIterations() {
            return iterations.size() - 1;
        }

        /// Samples a second.
        public double samplesPerSecond() {
            return samples / seconds;
        }
    }

    /// The fitted outputs.
    ///
    /// @param penalty `mu` of the ridge regression
    /// @param heldOutError its mean squared error on held-out training samples
    /// @param trainAccuracy the share of training samples read rightly
    /// @param testAccuracy the share of test samples read rightly
    /// @param confusion entry `(i, j)` is the number of test samples of class `i` that were read as `j`
    public record Readout(
            double penalty,
            double heldOutError,
            double trainAccuracy,
            double testAccuracy,
            List<List<Integer>> confusion) {
        /// Copies the lists.
        public Readout {
            confusion = confusion.stream().map(List::copyOf).toList();
        }
    }

    /// How the states in FP32 and in FP64 agree. The difference of a sample is that of its largest unit,
    /// `max_i |x_i - x'_i|`.
    ///
    /// @param largestDifference over all samples
    /// @param largestExpected the largest, over all samples, of what their residuals, hence the tolerance, allow
    /// @param largestBound the largest, over all samples, of what their residuals and the worst case of rounding in
    ///     FP32 and FP64 allow; every sample's difference is at most its own bound
    /// @param samplesBeyondBound samples whose difference is above their bound: anything but 0 is a fault
    /// @param equalSamples samples whose difference is 0
    /// @param histogram the other samples by their difference, in increasing order
    /// @param readingsThatDiffer test samples that are read differently from their FP64 state
    public record Agreement(
            double largestDifference,
            double largestExpected,
            double largestBound,
            int samplesBeyondBound,
            int equalSamples,
            List<Bin> histogram,
            int readingsThatDiffer) {
        /// Copies the list.
        public Agreement {
            histogram = List.copyOf(histogram);
        }
    }

    /// Samples whose difference lies between two numbers.
    ///
    /// @param from the lower end, inclusive
    /// @param to the upper end, exclusive
    /// @param samples how many
    public record Bin(double from, double to, int samples) {}

    /// How the residual of a sample fell.
    ///
    /// @param precision the working precision
    /// @param residuals entry `k` is the least residual that `k + 1` iterations have seen
    public record Trace(Precision precision, List<Double> residuals) {
        /// Copies the list.
        public Trace {
            residuals = List.copyOf(residuals);
        }
    }

    /// Whether every sample converged in both precisions.
    public boolean allConverged() {
        return single.converged == single.samples && twofold.converged == twofold.samples;
    }

    /// The result in a few lines of text, each ended by a line break.
    public String summary() {
        return String.format(
                Locale.ROOT,
                """
                %s: %d samples to fit on, %d to test on, %d inputs, %d classes
                model: %d units, lambda_PF(|A|) at most %.6f: well-posed
                accuracy: %.2f %% of the test samples, %.2f %% of the training samples
                FP32: %d of %d converged, %d to %d iterations, %.1f on average; %.3g samples a second (%.2f s)
                FP64: %d of %d converged, %d to %d iterations, %.1f on average; %.3g samples a second (%.2f s)
                FP32 against FP64: largest difference %.1e, tolerance allows %.1e, with rounding %.1e; %d of %d test samples read differently
                on %s, %.1f s in all
                """,
                dataset,
                trainSamples,
                testSamples,
                inputSize,
                classes.size(),
                options.stateSize(),
                lambdaUpper,
                100 * readout.testAccuracy,
                100 * readout.trainAccuracy,
                single.converged,
                single.samples,
                single.leastIterations(),
                single.mostIterations(),
                single.meanIterations(),
                single.samplesPerSecond(),
                single.seconds,
                twofold.converged,
                twofold.samples,
                twofold.leastIterations(),
                twofold.mostIterations(),
                twofold.meanIterations(),
                twofold.samplesPerSecond(),
                twofold.seconds,
                agreement.largestDifference,
                agreement.largestExpected,
                agreement.largestBound,
                agreement.readingsThatDiffer,
                testSamples,
                device,
                seconds);
    }
}
