package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import org.junit.jupiter.api.Test;

/// Partitions of a state, and what the analysis makes of blocks that differ.
final class ActivationBlocksTest {

    private static WellPosednessReport analyse(String phi, double[]... a) {
        return WellPosedness.analyse(Matrices.operator(a), Activation.parse(phi));
    }

    @Test
    void partition() {
        ActivationBlocks blocks = ActivationBlocks.of(Activation.parse("blocks:sigmoid@2/softmax:3@6/relu@1"), 9);
        assertEquals(5, blocks.count());
        assertEquals(9, blocks.states());
        assertEquals(3, blocks.largest());
        int[] begins = {0, 1, 2, 5, 8, 9};
        for (int l = 0; l < begins.length; l++) {
            assertEquals(begins[l], blocks.begin(l));
        }
        assertEquals(3, blocks.blockOf(7));
        assertEquals(0.25, blocks.gamma(1));
        assertEquals(0.5, blocks.gamma(2));
        assertEquals(1, blocks.gamma());
        assertFalse(blocks.isComponentwise());
        assertArrayEquals(new int[] {2, 3, 4, 8}, blocks.statesOf(new int[] {2, 4}));
        ActivationBlocks part = blocks.select(new int[] {2, 4});
        assertEquals(Activation.parse("blocks:softmax:3@3/relu@1"), part.activation());
        assertEquals(Activation.softmax(3), blocks.select(new int[] {2, 3}).activation());
        assertTrue(
                ActivationBlocks.of(Activation.parse("blocks:relu@2/tanh@2"), 4).isPlain());
        assertFalse(ActivationBlocks.of(Activation.parse("blocks:relu@2/sigmoid@2"), 4)
                .isPlain());
    }

    /// A network: strictly triangular over blocks of different sizes, whatever the weights.
    @Test
    void networksAreWellPosed() {
        WellPosednessReport report = analyse(
                "blocks:softmax:2@2/relu@2/max-pool:2@2",
                new double[] {0, 0, 90, -70, 0, 3},
                new double[] {0, 0, 10, 20, 0, 0},
                new double[] {0, 0, 0, 0, 50, 0},
                new double[] {0, 0, 0, 0, -60, 8},
                new double[] {0, 0, 0, 0, 0, 0},
                new double[] {0, 0, 0, 0, 0, 0});
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertEquals(0, report.lambdaPf().upper());
        assertTrue(report.structure().upperTriangular() && report.structure().zeroDiagonal());
        assertEquals(4, report.structure().blocks());
        assertTrue(
                report.structure().toString().contains("4 blocks of up to 2"),
                report.structure().toString());
        assertEquals(6, report.weights().orElseThrow().stateSize());
    }

    /// Each row has the constant of its own block: `sqrt(0.25 * 3 * 1.2)` is below 1, `sqrt(3 * 0.25 * 1.2)` with
    /// the activations the other way round is the same, but on the diagonal they differ.
    @Test
    void everyBlockHasItsOwnConstant() {
        WellPosednessReport report = analyse("blocks:sigmoid@1/relu@1", new double[] {0, 3}, new double[] {1.2, 0});
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertEquals(Math.sqrt(0.9), report.lambdaPf().upper(), 0x1p-40);
        double[] first = {3.9, 0};
        double[] second = {0, 0.9};
        assertEquals(
                Verdict.WELL_POSED,
                analyse("blocks:sigmoid@1/relu@1", first, second).verdict());
        assertEquals(
                Verdict.ILL_POSED,
                analyse("blocks:sigmoid@1/relu@1", new double[] {0.9, 0}, new double[] {0, 3.9})
                        .verdict());
        assertEquals(
                Verdict.ILL_POSED,
                analyse("blocks:relu@1/sigmoid@1", first, second).verdict());
    }

    /// Softmax with `A = [[0, -10], [0, 0]]` and `b = (5, 0)` has two fixed points although `A` is strictly
    /// triangular.
    @Test
    void triangularWithinABlockProvesNothing() {
        double[][] a = {{0.5, 0, 0}, {0, 0, -10}, {0, 0, 0}};
        assertEquals(Verdict.WELL_POSED, analyse("blocks:relu@3", a).verdict());
        assertEquals(Verdict.UNKNOWN, analyse("blocks:relu@1/softmax:2@2", a).verdict());
        assertEquals(Verdict.UNKNOWN, analyse("blocks:relu@1/group-norm:2@2", a).verdict());
    }

    /// `x_1 = max(1, 10 x_1 - 18)` has the solutions 1 and 2 although `A = [[0, 0], [10, 0]]` is strictly
    /// triangular.
    @Test
    void maxPoolingWithTwoFixedPointsIsNotWellPosed() {
        Activation phi = Activation.maxPool(2);
        for (double x : new double[] {1, 2}) {
            assertArrayEquals(new double[] {x, 0}, phi.value(new double[] {1, 10 * x - 18}));
        }
        WellPosednessReport report = analyse("max-pool:2", new double[] {0, 0}, new double[] {10, 0});
        assertEquals(Verdict.UNKNOWN, report.verdict());
        assertTrue(report.lambdaPf().upper() >= 10);
    }

    @Test
    void blocksOfOneActivationContract() {
        double[] row0 = {1.9, 0};
        double[] row1 = {0, 1.9};
        assertEquals(Verdict.WELL_POSED, analyse("group-norm:2:4", row0, row1).verdict());
        assertEquals(Verdict.UNKNOWN, analyse("group-norm:2:3", row0, row1).verdict());
        // |A|_2 = sqrt(2) 0.9 is above 1, |A|_inf = 0.9 is not.
        WellPosednessReport pooled = analyse("max-pool:2", new double[] {0.9, 0}, new double[] {0.9, 0});
        assertEquals(Verdict.WELL_POSED, pooled.verdict());
        assertTrue(pooled.finding(Finding.Test.NORM_INFINITY).holds());
    }

    /// Sparse and diagonal operators and convolutions give what their dense forms do.
    @Test
    void structuredOperatorsAreAnalysedAsTheirDenseForms() {
        Matrix weights = Matrix.of(new double[] {0.2, -0.3, 0.1, 0, 0.2, 0.05, 0, 0, -0.1}, 1, 9);
        for (LinearOperator a : new LinearOperator[] {
            LinearOperator.sparse(Matrix.ofRows(new double[] {0.5, 2}, new double[] {0, -0.25})),
            LinearOperator.diagonal(Matrix.of(new double[] {0.5, 0, -3}, 1, 3)),
            LinearOperator.convolution(new ImageShape(1, 3, 4), weights, 3, 3, 1, 1, 1)
        }) {
            WellPosednessReport own = WellPosedness.analyse(a, Activation.relu());
            WellPosednessReport dense = WellPosedness.analyse(LinearOperator.dense(a.toMatrix()), Activation.relu());
            assertEquals(dense.condition(), own.condition());
            assertEquals(dense.structure(), own.structure());
        }
    }
}
