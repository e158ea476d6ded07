package dev.stillpoint.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Differences are found, counted and judged sample by sample.
final class ComparisonTest {
    private static final int N = 6;
    private static final Matrix INPUTS = SmallModels.inputs(4, 3, 8);
    private static final RandomModel MODEL = RandomModel.draw(INPUTS, N, 0.5, new SplitMix64(2));

    private static SolveResult result(Precision precision, double residual, double... differences) {
        Matrix states = Matrix.zeros(precision, differences.length, N);
        for (int i = 0; i < differences.length; i++) {
            states.set(i, i % N, 0.5 + differences[i]);
        }
        Status[] statuses = new Status[differences.length];
        Arrays.fill(statuses, Status.CONVERGED);
        double[] residuals = new double[differences.length];
        Arrays.fill(residuals, residual);
        return new SolveResult(states, statuses, new int[differences.length], residuals);
    }

    @Test
    void differencesAreCounted() {
        Comparison comparison = new Comparison(new ErrorEstimate(MODEL));
        SolveResult single = result(Precision.F32, 1, 9, 0, 0, 0, 0);
        // The first sample of the single-precision result belongs to another piece.
        SolveResult twofold = result(Precision.F64, 1, 0, 0.5, -0.25, 0.25);
        for (int i = 0; i < 4; i++) {
            double[] row = new double[N];
            row[i + 1] = twofold.states().get(i, i);
            twofold.states().setRow(i, row, 0);
        }
        comparison.add(INPUTS, single, 1, twofold);
        DemoResult.Agreement agreement = comparison.summary(3);
        assertEquals(0.5, agreement.largestDifference());
        assertEquals(1, agreement.equalSamples());
        assertEquals(0, agreement.samplesBeyondBound());
        assertEquals(3, agreement.readingsThatDiffer());
        assertEquals(
                3,
                agreement.histogram().stream().mapToInt(DemoResult.Bin::samples).sum());
        DemoResult.Bin first = agreement.histogram().getFirst();
        assertTrue(first.from() <= 0.25 && 0.25 < first.to(), first.toString());
        assertEquals(2, first.samples());
        DemoResult.Bin last = agreement.histogram().getLast();
        assertTrue(last.from() <= 0.5 && 0.5 < last.to(), last.toString());
        for (int k = 1; k < agreement.histogram().size(); k++) {
            assertEquals(
                    agreement.histogram().get(k - 1).to(),
                    agreement.histogram().get(k).from());
        }
    }

    @Test
    void aSampleBeyondItsBoundIsAFault() {
        Comparison comparison = new Comparison(new ErrorEstimate(MODEL));
        // The last assertion says that so small a residual does not allow a difference of 0.5.
        comparison.add(INPUTS, result(Precision.F32, 1e-6, 0, 0, 0, 0), 0, result(Precision.F64, 1e-6, 0, 0, 0.5, 0));
        DemoResult.Agreement agreement = comparison.summary(0);
        assertEquals(1, agreement.samplesBeyondBound());
        assertTrue(agreement.largestExpected() <= agreement.largestBound());
        assertTrue(agreement.largestBound() < 0.5, "bound " + agreement.largestBound());
    }

    @Test
    void equalStatesHaveAnEmptyHistogram() {
        Comparison comparison = new Comparison(new ErrorEstimate(MODEL));
        comparison.add(INPUTS, result(Precision.F32, 0, 0, 0, 0, 0), 0, result(Precision.F64, 0, 0, 0, 0, 0));
        DemoResult.Agreement agreement = comparison.summary(0);
        assertEquals(4, agreement.equalSamples());
        assertTrue(agreement.histogram().isEmpty());
        assertEquals(0, agreement.largestExpected());
    }
}
