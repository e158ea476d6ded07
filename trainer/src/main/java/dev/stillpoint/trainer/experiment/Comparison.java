package dev.stillpoint.trainer.experiment;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import java.util.ArrayList;
import java.util.List;

/// Compares the states of two solves, one in FP32 and one in FP64, sample by sample.
final class Comparison {
    private static final int BINS_PER_DECADE = 10;

    private final ErrorEstimate estimate;
    private final List<Double> differences = new ArrayList<>();
    private double largestDifference;
    private double largestExpected;
    private double largestBound;
    private int beyondBound;

    Comparison(ErrorEstimate estimate) {
        this.estimate = estimate;
    }

    /// Adds the samples of `twofold`, which are those of `single` from `first` on.
    ///
    /// @param inputs the inputs of `twofold`
    /// @param single the result in FP32
    /// @param twofold the result in FP64
    void add(Matrix inputs, SolveResult single, int first, SolveResult twofold) {
        int n = twofold.states().columns();
        double[] x = new double[n];
        double[] y = new double[n];
        double[] input = new double[inputs.columns()];
        for (int i = 0; i < twofold.samples(); i++) {
            single.states().getRow(first + i, x, 0);
            twofold.states().getRow(i, y, 0);
            inputs.getRow(i, input, 0);
            double difference = 0;
            for (int j = 0; j < n; j++) {
                difference = Math.max(difference, Math.abs(x[j] - y[j]));
            }
            double expected = estimate.ofResidual(single.residual(first + i), Precision.F32)
                    + estimate.ofResidual(twofold.residual(i), Precision.F64);
            double bound = expected
                    + estimate.ofRounding(x, input, Precision.F32)
                    + estimate.ofRounding(y, input, Precision.F64);
            differences.add(difference);
            largestDifference = Math.max(largestDifference, difference);
            largestExpected = Math.max(largestExpected, expected);
            largestBound = Math.max(largestBound, bound);
            beyondBound += difference <= bound ? 0 : 1;
        }
    }

    DemoResult.Agreement summary(int readingsThatDiffer) {
        int equal = (int) differences.stream().filter(each -> each == 0).count();
        return new DemoResult.Agreement(
                largestDifference, largestExpected, largestBound, beyondBound, equal, histogram(), readingsThatDiffer);
    }

    /// Bins of equal ratio, from the least difference that is not 0 to the largest.
    private List<DemoResult.Bin> histogram() {
        List<Integer> bins = differences.stream()
                .filter(each -> each > 0 && Double.isFinite(each))
                .map(each -> (int) Math.floor(StrictMath.log10(each) * BINS_PER_DECADE))
                .sorted()
                .toList();
        List<DemoResult.Bin> histogram = new ArrayList<>();
        if (bins.isEmpty()) {
            return histogram;
        }
        for (int bin = bins.getFirst(); bin <= bins.getLast(); bin++) {
            int at = bin;
            int samples = (int) bins.stream().filter(each -> each == at).count();
            histogram.add(new DemoResult.Bin(edge(bin), edge(bin + 1), samples));
        }
        return histogram;
    }

    private static double edge(int bin) {
        return StrictMath.pow(10, (double) bin / BINS_PER_DECADE);
    }
}
