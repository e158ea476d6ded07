package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import org.junit.jupiter.api.Test;

final class StructureTest {

    private static Structure of(Activation phi, double[]... a) {
        return WellPosedness.analyse(Matrices.operator(a), phi).structure();
    }

    @Test
    void triangularMatrices() {
        Structure upper = of(Activation.relu(), new double[] {0, 1}, new double[] {0, 0});
        assertTrue(upper.upperTriangular() && upper.zeroDiagonal() && !upper.lowerTriangular());
        assertEquals(
                "2 states, density 0.250, strictly upper triangular, rank one, 2 components, 1 zero row, 1 zero column",
                upper.toString());
        Structure lower = of(Activation.relu(), new double[] {-3, 0}, new double[] {5, 0.5});
        assertTrue(lower.lowerTriangular() && !lower.zeroDiagonal() && lower.isTriangularUnderPermutation());
        assertEquals("2 states, density 0.750, lower triangular, 2 components", lower.toString());
        Structure permuted =
                of(Activation.relu(), new double[] {0, 0, 1}, new double[] {1, 0, 1}, new double[] {0, 0, 0});
        assertFalse(permuted.isTriangular());
        assertTrue(permuted.isStrictlyTriangularUnderPermutation());
        assertTrue(permuted.toString().contains("strictly triangular under a permutation"), permuted.toString());
    }

    @Test
    void otherMatrices() {
        assertEquals(
                "2 states, density 0.500, diagonal, 2 components",
                of(Activation.relu(), new double[] {1, 0}, new double[] {0, 2}).toString());
        assertEquals(
                "2 states, density 0.00, zero, 2 components, 2 zero rows, 2 zero columns",
                of(Activation.relu(), new double[2], new double[2]).toString());
        Structure dense = of(Activation.relu(), new double[] {1, 2}, new double[] {3, 4});
        assertEquals("2 states, density 1.00, not triangular, 1 component", dense.toString());
        assertEquals(1, dense.density());
    }

    @Test
    void triangularityIsThatOfBlocks() {
        double[] zero = new double[4];
        Structure inner = of(Activation.softmax(2), new double[] {0, -10, 0, 0}, zero, zero, zero);
        assertTrue(inner.isDiagonal());
        assertFalse(inner.zeroDiagonal());
        Structure outer = of(Activation.softmax(2), new double[] {0, 0, 1, 0}, new double[] {0, 0, 0, 1}, zero, zero);
        assertTrue(outer.upperTriangular() && outer.zeroDiagonal());
        assertEquals(
                "4 states in 2 blocks of 2, density 0.125, strictly upper block triangular, 2 components, "
                        + "2 zero rows, 2 zero columns",
                outer.toString());
    }
}
