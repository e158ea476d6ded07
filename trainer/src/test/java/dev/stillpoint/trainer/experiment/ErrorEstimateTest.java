package dev.stillpoint.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The estimate bounds the error, and not by more than its derivation gives away.
final class ErrorEstimateTest {
    private static final int N = 24;
    private static final int P = 5;
    private static final double KAPPA = 0.9;
    private static final Matrix INPUTS = SmallModels.inputs(12, P, 3);
    private static final RandomModel MODEL = RandomModel.draw(INPUTS, N, KAPPA, new SplitMix64(4));

    private final ErrorEstimate estimate = new ErrorEstimate(MODEL);

    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-3, 1e-6, 1e-9})
    void theResidualBoundsTheError(double size) {
        double least = 1;
        for (int i = 0; i < N; i++) {
            least = Math.min(least, MODEL.weight(i));
        }
        SplitMix64 random = new SplitMix64(5);
        for (int sample = 0; sample < INPUTS.rows(); sample++) {
            double[] input = SmallModels.row(INPUTS, sample);
            double[] solution = SmallModels.solve(MODEL, input);
            double[] state = solution.clone();
            for (int i = 0; i < N; i++) {
                state[i] += random.nextDouble(-size, size);
            }
            double[] value = SmallModels.evaluate(MODEL, state, input);
            double error = 0;
            double squares = 0;
            for (int i = 0; i < N; i++) {
                error = Math.max(error, Math.abs(state[i] - solution[i]));
                squares += (value[i] - state[i]) * (value[i] - state[i]);
            }
            double rounding = estimate.ofRounding(state, input, Precision.F64);
            double bound = estimate.ofResidual(Math.sqrt(squares), Precision.F64);
            String message = "size %g, sample %d: error %g, bound %g".formatted(size, sample, error, bound);
            assertTrue(error <= bound + rounding, message);
            // |f(x) - x|_2 <= sqrt(n) max|f(x) - x|_i, and f(x) - x = (f(x) - f(x*)) - (x - x*), where f contracts by
            // kappa in the weighted norm: the bound is at most sqrt(n) (1 + kappa)/(1 - kappa) (max w / min w)^2 times
            // the error.
            double factor = Math.sqrt(N) * (1 + KAPPA) / (1 - KAPPA) / (least * least);
            assertTrue(bound <= factor * error + factor * rounding, message);
        }
    }

    /// `f` in FP32 differs from `f` in FP64 by at most the rounding part, which is `1/(1 - kappa)` times as large.
    @Test
    void theRoundingPartCoversAnEvaluation() {
        Matrix a = MODEL.problem().a().toMatrix();
        Matrix b = MODEL.problem().b().toMatrix();
        for (int sample = 0; sample < INPUTS.rows(); sample++) {
            double[] input = SmallModels.row(INPUTS, sample);
            double[] state = SmallModels.solve(MODEL, input);
            for (int i = 0; i < N; i++) {
                state[i] = (float) state[i];
            }
            double[] value = SmallModels.evaluate(MODEL, state, input);
            double allowed = (1 - MODEL.lambdaUpper()) * estimate.ofRounding(state, input, Precision.F32);
            double largest = 0;
            for (int i = 0; i < N; i++) {
                float sum = (float) MODEL.problem().bias().get(0, i);
                for (int j = 0; j < P; j++) {
                    sum = Math.fma((float) b.get(i, j), (float) input[j], sum);
                }
                for (int j = 0; j < N; j++) {
                    sum = Math.fma((float) a.get(i, j), (float) state[j], sum);
                }
                largest = Math.max(largest, Math.abs(Math.max(0, sum) - value[i]));
            }
            assertTrue(largest > 0 && largest <= allowed, "sample %d: %g, %g".formatted(sample, largest, allowed));
        }
    }

    @Test
    void theRoundingPartGrowsWithTheUnitRoundoff() {
        double[] input = SmallModels.row(INPUTS, 0);
        double[] state = SmallModels.solve(MODEL, input);
        double single = estimate.ofRounding(state, input, Precision.F32);
        double twofold = estimate.ofRounding(state, input, Precision.F64);
        // k u / (1 - k u) with k = n + p: the ratio is 2^29 but for 1 / (1 - 29 * 2^-24).
        assertEquals(0x1p29, single / twofold, 0x1p29 * 30 * 0x1p-24);
    }
}
