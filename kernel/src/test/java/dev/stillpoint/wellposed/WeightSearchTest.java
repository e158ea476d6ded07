package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights against exact arithmetic: `|A| w <= kappa w` for the very doubles that are returned.
final class WeightSearchTest {

    private static Optional<ContractionWeights> weights(double[][] a) {
        NonNegativeMatrix m = Matrices.absolute(a);
        return WeightSearch.find(m, PerronFrobenius.of(m), ActivationBlocks.of(Activation.relu(), m.size()));
    }

    private static void assertVerified(double[][] a, ContractionWeights weights, String where) {
        assertTrue(weights.kappa() < 1 && weights.kappa() >= 0, where);
        double[] w = weights.toArray();
        for (int i = 0; i < a.length; i++) {
            assertTrue(w[i] > 0, where);
            BigDecimal sum = BigDecimal.ZERO;
            for (int j = 0; j < a.length; j++) {
                sum = sum.add(new BigDecimal(a[i][j]).abs().multiply(new BigDecimal(w[j])));
            }
            BigDecimal bound = new BigDecimal(weights.kappa()).multiply(new BigDecimal(w[i]));
            assertTrue(sum.compareTo(bound) <= 0, where + ", row " + i);
        }
    }

    private static double[][] scaledTo(double[][] a, double lambda) {
        double factor =
                lambda / PerronFrobenius.of(Matrices.absolute(a)).bounds().upper();
        double[][] scaled = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                scaled[i][j] = factor * a[i][j];
            }
        }
        return scaled;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.9, 0.999, 0.999999999})
    void holdExactlyForDenseMatrices(double lambda) {
        for (int seed = 0; seed < 10; seed++) {
            double[][] a = scaledTo(Matrices.random(new Random(seed), 9, 1, 1), lambda);
            assertVerified(a, weights(a).orElseThrow(), "lambda " + lambda + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.9, 0.999})
    void holdExactlyForReducibleMatrices(double lambda) {
        for (int seed = 0; seed < 40; seed++) {
            double[][] raw = Matrices.random(new Random(seed), 12, 0.15, 1);
            boolean nilpotent =
                    PerronFrobenius.of(Matrices.absolute(raw)).bounds().upper() == 0;
            double[][] a = nilpotent ? raw : scaledTo(raw, lambda);
            assertVerified(a, weights(a).orElseThrow(), "lambda " + lambda + ", seed " + seed);
        }
    }

    @Test
    void holdExactlyForStrictlyTriangularMatrices() {
        double[][] a = Matrices.random(new Random(1), 40, 1, 1);
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j <= i; j++) {
                a[i][j] = 0;
            }
        }
        assertVerified(a, weights(a).orElseThrow(), "strictly triangular");
    }

    @Test
    void irreducibleMatricesKeepTheirEigenvalueAsTheFactor() {
        ContractionWeights weights = weights(Matrices.rows(new double[] {0, 4}, new double[] {0.125, 0}))
                .orElseThrow();
        assertEquals(Math.sqrt(0.5), weights.kappa(), 64 * 0x1p-53);
        assertEquals(Math.sqrt(32), weights.weight(0) / weights.weight(1), 512 * 0x1p-53);
    }

    @Test
    void rowSumsBelowOneGiveUnitWeightsWhereNothingIsBetter() {
        ContractionWeights weights = weights(new double[3][3]).orElseThrow();
        assertEquals(0, weights.kappa());
        assertEquals(1, weights.amplification());
    }

    @Test
    void thereAreNoneWithoutAContraction() {
        assertTrue(weights(Matrices.rows(new double[] {1})).isEmpty());
        assertTrue(
                weights(Matrices.rows(new double[] {0, 2}, new double[] {2, 0})).isEmpty());
    }

    @Test
    void weightsBeyondTheRangeOfDoublesAreNotInvented() {
        // lambda_PF = 0, but every vector of weights spans a factor of about 2^1100.
        int n = 1100;
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                a[i][j] = 1;
            }
        }
        assertTrue(weights(a).isEmpty());
    }

    @Test
    void theErrorBoundHoldsAtAKnownFixedPoint() {
        // x* = (10, 2.25) for b = (1, 1); any other x with its residual must respect the bound.
        double[][] a = Matrices.rows(new double[] {0, 4}, new double[] {0.125, 0});
        ContractionWeights w = weights(a).orElseThrow();
        Random random = new Random(2);
        for (int k = 0; k < 100; k++) {
            double x0 = 20 * random.nextDouble();
            double x1 = 20 * random.nextDouble();
            double r0 = Math.abs(Math.max(0, 4 * x1 + 1) - x0);
            double r1 = Math.abs(Math.max(0, x0 / 8 + 1) - x1);
            double bound = Math.max(r0 / w.weight(0), r1 / w.weight(1)) / (1 - w.kappa());
            double rounding = 1 + 64 * 0x1p-53;
            assertTrue(Math.abs(x0 - 10) <= rounding * w.weight(0) * bound, "k " + k);
            assertTrue(Math.abs(x1 - 2.25) <= rounding * w.weight(1) * bound, "k " + k);
        }
    }
}
