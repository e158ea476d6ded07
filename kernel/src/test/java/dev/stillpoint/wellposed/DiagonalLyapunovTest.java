package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.DenseKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DiagonalLyapunovTest {

    private static ActivationBlocks blocks(Activation phi, double[][] a) {
        return ActivationBlocks.of(phi, a.length);
    }

    /// `factor D Q D^-1` with a product of reflections `Q`, orthogonal to rounding, and `D` over six decades,
    /// constant on blocks of `block`.
    private static double[][] scaledOrthogonal(int n, int block, double factor, Random random) {
        double[][] q = new double[n][n];
        for (int i = 0; i < n; i++) {
            q[i][i] = factor;
        }
        for (int k = 0; k < n; k++) {
            double[] v = random.doubles(n, -1, 1).toArray();
            double square = DenseKernels.dot(v, v, n);
            for (double[] row : q) {
                double projection = 2 * DenseKernels.dot(row, v, n) / square;
                DenseKernels.addMultiple(row, -projection, v, 0);
            }
        }
        double[] d = new double[n];
        for (int i = 0; i < n; i++) {
            d[i] = i % block == 0 ? Math.pow(10, 6 * random.nextDouble() - 3) : d[i - 1];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                q[i][j] *= d[i] / d[j];
            }
        }
        return q;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6, 12, 40})
    void findsTheScalingOfAScaledOrthogonalMatrix(int n) {
        for (int seed = 0; seed < 5; seed++) {
            double[][] a = scaledOrthogonal(n, 1, 0.95, new Random(seed));
            String where = "n %d, seed %d".formatted(n, seed);
            assertTrue(SpectralNorm.of(a).lower() > 1, where);
            double bound = DiagonalLyapunov.bound(a, blocks(Activation.relu(), a));
            // No diagonal scaling brings the norm below the spectral radius, 0.95 up to n reflections of n operations.
            assertTrue(bound < 1 && bound > 0.95 - n * n * 0x1p-50, where + ": " + bound);
        }
    }

    @Test
    void scalesWholeBlocks() {
        double[][] a = scaledOrthogonal(12, 3, 0.95, new Random(1));
        assertTrue(DiagonalLyapunov.bound(a, blocks(Activation.maxPool(3), a)) < 1);
        // A scaling within blocks alone cannot help a map that mixes the states of a block.
        double[][] inner = scaledOrthogonal(3, 1, 0.95, new Random(1));
        assertEquals(
                SpectralNorm.of(inner).upper(),
                DiagonalLyapunov.bound(inner, blocks(Activation.maxPool(3), inner)),
                0x1p-36);
    }

    @Test
    void gammaCounts() {
        double[][] a = scaledOrthogonal(6, 1, 3.9, new Random(2));
        assertTrue(DiagonalLyapunov.bound(a, blocks(Activation.sigmoid(), a)) < 1);
        assertTrue(DiagonalLyapunov.bound(a, blocks(Activation.groupNorm(1, 1 / (0.26 * 0.26)), a)) > 1);
    }

    @Test
    void isNotBelowOneWhereTheSpectralRadiusIsNot() {
        for (int seed = 0; seed < 20; seed++) {
            double[][] a = scaledOrthogonal(4, 1, 1.0001, new Random(seed));
            assertTrue(DiagonalLyapunov.bound(a, blocks(Activation.relu(), a)) >= 1, "seed " + seed);
        }
        // Beyond the norm: a Jordan block of the eigenvalue 1 can be scaled towards 1, not below.
        double[][] jordan = Matrices.rows(new double[] {1, 5}, new double[] {0, 1});
        assertTrue(DiagonalLyapunov.bound(jordan, blocks(Activation.relu(), jordan)) >= 1);
    }

    @Test
    void extremeEntriesAreNoProof() {
        double huge = Double.MAX_VALUE;
        double[][] a = Matrices.rows(new double[] {0, huge}, new double[] {huge, 0});
        assertTrue(DiagonalLyapunov.bound(a, blocks(Activation.relu(), a)) > 1);
        // The product of the two is 1/4, the scaling out of range of what is verified, or found.
        double[][] far = Matrices.rows(new double[] {0, 0x1p1000}, new double[] {0x1p-1002, 0});
        double bound = DiagonalLyapunov.bound(far, blocks(Activation.relu(), far));
        assertTrue(bound >= 0.5 * (1 - 16 * 0x1p-53), "" + bound);
    }
}
