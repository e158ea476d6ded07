package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RankOneTest {

    private static double[][] outer(double[] p, double[] q) {
        double[][] a = new double[p.length][q.length];
        for (int i = 0; i < p.length; i++) {
            for (int j = 0; j < q.length; j++) {
                a[i][j] = p[i] * q[j];
            }
        }
        return a;
    }

    @Test
    void boundsTheEigenvalueOfStoredProducts() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int n = 2 + random.nextInt(8);
            double[] p = random.doubles(n, -1, 1).toArray();
            double[] q = random.doubles(n, -1, 1).toArray();
            p[random.nextInt(n)] = 0;
            double[][] a = outer(p, q);
            double sum = 0;
            double[][] absolute = new double[n][n];
            for (int i = 0; i < n; i++) {
                sum += Math.abs(p[i] * q[i]);
                for (int j = 0; j < n; j++) {
                    absolute[i][j] = Math.abs(a[i][j]);
                }
            }
            double bound = RankOne.bound(Matrices.sparse(a)).orElseThrow();
            // Entries of a product are within u; ratios, sum and bound cost a few more.
            assertEquals(sum, bound, (2 * n + 24) * 0x1p-53 * sum, "seed " + seed);
            boolean above = Exact.exceedsPerronFrobenius(absolute, Math.nextUp(bound));
            assertTrue(above, "seed " + seed);
        }
    }

    @Test
    void storedInSinglePrecision() {
        Random random = new Random(5);
        float[] values = new float[36];
        double[] p = random.doubles(6, -1, 1).toArray();
        double[] q = random.doubles(6, -1, 1).toArray();
        for (int i = 0; i < 36; i++) {
            values[i] = (float) (p[i / 6] * q[i % 6]);
        }
        assertTrue(RankOne.bound(SparseMatrix.of(LinearOperator.dense(Matrix.of(values, 6, 6))))
                .isPresent());
    }

    @Test
    void otherMatricesAreRefused() {
        assertTrue(RankOne.bound(Matrices.sparse(new double[2][2])).isEmpty());
        double[][] a = outer(new double[] {1, 2, 3}, new double[] {4, 5, 6});
        assertEquals(32, RankOne.bound(Matrices.sparse(a)).orElseThrow(), 32 * 24 * 0x1p-53);
        a[1][1] *= 1 + 1e-12;
        assertTrue(RankOne.bound(Matrices.sparse(a)).isEmpty());
        a[1][1] = 0;
        assertTrue(RankOne.bound(Matrices.sparse(a)).isEmpty());
        a[1][1] = -10;
        assertTrue(RankOne.bound(Matrices.sparse(a)).isEmpty());
        assertTrue(RankOne.bound(Matrices.sparse(Matrices.rows(new double[] {1, 0}, new double[] {0, 1})))
                .isEmpty());
    }

    @Test
    void aSingleOffDiagonalEntryHasTheEigenvalueZero() {
        double[][] a = Matrices.rows(new double[] {0, -10}, new double[] {0, 0});
        assertEquals(0, RankOne.bound(Matrices.sparse(a)).orElseThrow());
    }
}
