package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.wellposed.BlockNorms.Norm;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlockNormsTest {

    private static double norm(double[][] block, Norm norm) {
        int n = block.length;
        double largest = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += Math.abs(norm == Norm.ONE ? block[j][i] : block[i][j]);
            }
            largest = Math.max(largest, sum);
        }
        return largest;
    }

    @Test
    void entriesAreTheNormsOfBlocks() {
        for (Norm norm : Norm.values()) {
            for (int seed = 0; seed < 10; seed++) {
                double[][] a = Matrices.random(new Random(seed), 12, 0.3, 1);
                NonNegativeMatrix n =
                        BlockNorms.of(Matrices.sparse(a), ActivationBlocks.of(Activation.softmax(3), 12), norm);
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < 4; j++) {
                        double[][] block = new double[3][3];
                        for (int k = 0; k < 9; k++) {
                            block[k / 3][k % 3] = a[3 * i + k / 3][3 * j + k % 3];
                        }
                        Bracket entry = entry(n, i, j);
                        Bracket exact = norm == Norm.TWO
                                ? SpectralNorm.of(block)
                                : new Bracket(norm(block, norm), norm(block, norm));
                        String where = "%s, seed %d, block %d, %d: %s".formatted(norm, seed, i, j, entry);
                        // The reference sums are three roundings off at most.
                        double slack = 4 * 0x1p-53 * exact.upper();
                        assertTrue(entry.lower() <= 0.5 * exact.upper() + slack, where);
                        assertTrue(entry.upper() >= 0.5 * exact.lower() - slack, where);
                        assertTrue(entry.width() <= 0x1p-38 * exact.upper(), where);
                    }
                }
            }
        }
    }

    private static Bracket entry(NonNegativeMatrix m, int i, int j) {
        for (int p = m.start()[i]; p < m.start()[i + 1]; p++) {
            if (m.column()[p] == j) {
                return new Bracket(m.lower()[p], m.upper()[p]);
            }
        }
        return new Bracket(0, 0);
    }

    @Test
    void componentwiseIsGammaTimesTheAbsoluteValue() {
        double[][] a = Matrices.rows(new double[] {-0.3, 0}, new double[] {0.7, 0x1p-1074});
        SparseMatrix sparse = Matrices.sparse(a);
        NonNegativeMatrix one = BlockNorms.of(sparse, ActivationBlocks.of(Activation.relu(), 2), Norm.TWO);
        assertSame(one.lower(), one.upper());
        assertEquals(new Bracket(0.3, 0.3), entry(one, 0, 0));
        NonNegativeMatrix quarter = BlockNorms.of(sparse, ActivationBlocks.of(Activation.sigmoid(), 2), Norm.TWO);
        assertEquals(new Bracket(0.075, 0.075), entry(quarter, 0, 0));
        assertEquals(new Bracket(0, 0x1p-1074), entry(quarter, 1, 1));
        NonNegativeMatrix third = BlockNorms.of(sparse, ActivationBlocks.of(Activation.leakyRelu(1.1), 2), Norm.TWO);
        assertTrue(entry(third, 0, 0).lower() < 1.1 * 0.3 && entry(third, 0, 0).upper() > 1.1 * 0.3);
    }

    @Test
    void normsInWhichAnActivationHasItsConstant() {
        assertTrue(BlockNorms.holdsIn(Activation.relu(), Norm.ONE));
        assertTrue(BlockNorms.holdsIn(Activation.softmax(3), Norm.INFINITY));
        assertTrue(BlockNorms.holdsIn(Activation.maxPool(3), Norm.ONE));
        assertTrue(BlockNorms.holdsIn(Activation.parse("gate:tanh:tanh"), Norm.ONE));
        assertFalse(BlockNorms.holdsIn(Activation.parse("gate:tanh:tanh"), Norm.INFINITY));
        assertFalse(BlockNorms.holdsIn(Activation.groupNorm(3), Norm.INFINITY));
        assertFalse(BlockNorms.holdsIn(Activation.parse("blocks:relu@1/group-norm:2@2"), Norm.ONE));
        assertTrue(BlockNorms.holdsIn(Activation.parse("blocks:relu@1/group-norm:2@2"), Norm.TWO));
        assertFalse(Norm.ONE == BlockNorms.normOf(Activation.softmax(3)));
    }
}
