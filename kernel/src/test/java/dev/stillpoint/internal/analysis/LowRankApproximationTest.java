package dev.stillpoint.internal.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LowRankApproximationTest {

    private static double[][] ofRank(int rows, int columns, int rank, Random random) {
        double[][] m = new double[rows][columns];
        for (int k = 0; k < rank; k++) {
            double[] left = random.doubles(rows, -1, 1).toArray();
            double[] right = random.doubles(columns, -1, 1).toArray();
            for (int i = 0; i < rows; i++) {
                DenseKernels.addMultiple(m[i], left[i], right, 0);
            }
        }
        return m;
    }

    /// In exact arithmetic.
    private static void assertBounded(double[][] m, LowRankApproximation found, double tolerance) {
        for (int i = 0; i < m.length; i++) {
            for (int j = 0; j < m[i].length; j++) {
                BigDecimal product = BigDecimal.ZERO;
                for (int k = 0; k < found.rank(); k++) {
                    product = product.add(
                            new BigDecimal(found.left()[i][k]).multiply(new BigDecimal(found.right()[j][k])));
                }
                BigDecimal error = new BigDecimal(m[i][j]).subtract(product).abs();
                assertTrue(error.compareTo(new BigDecimal(found.error()[i][j])) <= 0, i + ", " + j);
                assertTrue(product.abs().compareTo(new BigDecimal(found.magnitude()[i][j])) <= 0, i + ", " + j);
                assertTrue(found.error()[i][j] <= tolerance, i + ", " + j);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 8, 2", "30, 12, 3", "12, 30, 5", "1, 9, 1", "9, 1, 1"})
    void exactRankIsFoundWithATrueBound(int rows, int columns, int rank) {
        for (int seed = 0; seed < 10; seed++) {
            double[][] m = ofRank(rows, columns, rank, new Random(seed));
            LowRankApproximation found = LowRankApproximation.of(m, 1e-12, 8).orElseThrow();
            assertEquals(rank, found.rank(), "seed " + seed);
            assertBounded(m, found, 1e-12);
        }
    }

    @Test
    void theToleranceDecidesTheRank() {
        double[][] m = ofRank(20, 20, 2, new Random(1));
        double[][] small = ofRank(20, 20, 3, new Random(2));
        for (int i = 0; i < 20; i++) {
            DenseKernels.addMultiple(m[i], 1e-5, small[i], 0);
        }
        LowRankApproximation coarse = LowRankApproximation.of(m, 1e-4, 20).orElseThrow();
        assertEquals(2, coarse.rank());
        assertBounded(m, coarse, 1e-4);
        LowRankApproximation fine = LowRankApproximation.of(m, 1e-9, 20).orElseThrow();
        assertEquals(5, fine.rank());
        assertBounded(m, fine, 1e-9);
    }

    @Test
    void noiseHidesNoRank() {
        // The best approximation of the rank leaves about the noise, the columns themselves several times as much.
        Random random = new Random(5);
        double[][] m = ofRank(300, 300, 20, random);
        for (double[] row : m) {
            DenseKernels.addMultiple(row, 1e-7, random.doubles(300, -1, 1).toArray(), 0);
        }
        LowRankApproximation found = LowRankApproximation.of(m, 2e-7, 40).orElseThrow();
        assertEquals(20, found.rank());
        assertBounded(m, found, 2e-7);
    }

    @Test
    void aRankAboveTheLimitIsNoApproximation() {
        double[][] m = ofRank(40, 40, 12, new Random(3));
        assertTrue(LowRankApproximation.of(m, 1e-9, 11).isEmpty());
        assertTrue(LowRankApproximation.of(m, 1e-9, 4).isEmpty());
        assertEquals(12, LowRankApproximation.of(m, 1e-9, 12).orElseThrow().rank());
    }

    @Test
    void noBetterThanRoundingAllows() {
        double[][] m = ofRank(20, 20, 3, new Random(4));
        assertTrue(LowRankApproximation.of(m, Double.MIN_VALUE, 19).isEmpty());
    }
}
