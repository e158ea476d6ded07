package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.internal.analysis.DenseKernels;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SymmetricBoundTest {

    private static double[][] symmetric(Random random, int n) {
        double[][] h = Matrices.random(random, n, 1, 1);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                h[i][j] = h[j][i];
            }
        }
        return h;
    }

    @Test
    void isALowerBoundWhateverTheEstimate() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            double[][] h = symmetric(random, 1 + random.nextInt(7));
            BigDecimal[][] exact = Exact.of(h);
            for (double estimate : new double[] {-1e9, -3, 0, 3, 1e9, Double.NaN, Double.POSITIVE_INFINITY}) {
                double bound = SymmetricBound.smallest(h, 0, estimate);
                boolean holds = bound == Double.NEGATIVE_INFINITY || Exact.isBelowSpectrum(exact, Math.nextDown(bound));
                assertTrue(holds, "seed %d, estimate %s: %s".formatted(seed, estimate, bound));
            }
        }
    }

    @Test
    void hilbertMatricesAreNearlySingular() {
        for (int n = 2; n <= 14; n++) {
            double[][] h = new double[n][n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    h[i][j] = 1.0 / (i + j + 1);
                }
            }
            double bound = SymmetricBound.smallest(h, 0, 0);
            assertTrue(Exact.isBelowSpectrum(Exact.of(h), bound), "n " + n + ": " + bound);
            assertTrue(bound > -0x1p-38, "n " + n + ": " + bound);
        }
    }

    @Test
    void aDiagonalMatrixIsExactAndAPerturbationCounts() {
        double[][] h = Matrices.rows(new double[] {3, 0}, new double[] {0, 0.7});
        assertEquals(0.7, SymmetricBound.smallest(h, 0, 0.7), Math.ulp(0.7));
        assertTrue(SymmetricBound.smallest(h, 0.5, 0.7) <= 0.2);
        assertEquals(0.2, SymmetricBound.smallest(h, 0.5, 0.7), 4 * 0x1p-53);
    }

    @Test
    void theFactorisationReproducesTheMatrix() {
        int n = 37;
        double[][] r = Matrices.random(new Random(3), n, 1, 1);
        double[][] h = DenseKernels.gram(r, n);
        double[][] expected = new double[n][];
        for (int i = 0; i < n; i++) {
            h[i][i] += 1;
            expected[i] = h[i].clone();
        }
        assertTrue(DenseKernels.cholesky(h));
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                double sum = 0;
                for (int k = 0; k <= i; k++) {
                    sum += h[k][i] * h[k][j];
                }
                double bound = 2 * (n + 1) * 0x1p-53 * Math.sqrt(expected[i][i] * expected[j][j]);
                assertEquals(expected[i][j], sum, bound, i + ", " + j);
            }
        }
    }

    @Test
    void productsOfIntegersAreExact() {
        Random random = new Random(6);
        double[][] m = new double[11][7];
        for (double[] row : m) {
            for (int j = 0; j < 7; j++) {
                row[j] = random.nextInt(201) - 100;
            }
        }
        double[][] gram = DenseKernels.gram(m, 7);
        for (int i = 0; i < 7; i++) {
            for (int j = i; j < 7; j++) {
                double sum = 0;
                for (double[] row : m) {
                    sum += row[i] * row[j];
                }
                assertEquals(sum, gram[i][j], i + ", " + j);
            }
        }
        double[] a = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        double[] b = {3, -1, 4, -1, 5, -9, 2, -6, 5, -3, 5};
        assertEquals(3 - 2 + 12 - 4 + 25 - 54 + 14 - 48 + 45 - 30 + 55, DenseKernels.dot(a, b, 11));
        assertEquals(3 - 2 + 12, DenseKernels.dot(a, b, 3));
    }

    /// Gram matrices of whole numbers that are singular, so that the smallest eigenvalue is zero, and estimates a
    /// few roundings above it: a factorisation that runs to completion by rounding proves nothing above zero.
    @Test
    void aFactorisationThatRoundingLetsRunProvesNothing() {
        int n = 12;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int[][] factor = new int[n][n - 1];
            for (int[] row : factor) {
                for (int k = 0; k < row.length; k++) {
                    row[k] = random.nextInt(-3, 4);
                }
            }
            double[][] h = new double[n][n];
            double scale = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    for (int k = 0; k < n - 1; k++) {
                        h[i][j] += factor[i][k] * factor[j][k];
                    }
                }
                scale = Math.max(scale, h[i][i]);
            }
            for (int k = 0; k < 20; k++) {
                // The first shift tried lies k/16 roundings of the largest entry above zero.
                double bound = SymmetricBound.smallest(h, 0, scale * (0x1p-44 + k * 0x1p-57));
                assertTrue(bound <= 0, "seed " + seed + ", " + k + ": " + bound);
            }
        }
    }
}
