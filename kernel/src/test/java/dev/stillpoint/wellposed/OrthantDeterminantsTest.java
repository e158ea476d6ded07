package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against the count of solutions: `z -> z - A phi(z)` is linear on orthants, so those of `b` are found by
/// solving one system an orthant.
final class OrthantDeterminantsTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.7, 1.5, -0.5})
    void agreesWithTheCountOfSolutions(double slope) {
        int illPosed = 0;
        for (int seed = 0; seed < 120; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(4);
            double[][] a = Matrices.random(random, n, 1, 0.2 + 1.5 * random.nextDouble());
            boolean wellPosed = OrthantDeterminants.isWellPosed(a, slope);
            illPosed += wellPosed ? 0 : 1;
            boolean unique = true;
            for (int k = 0; k < 120; k++) {
                // b is made from a point, so that orthants whose determinant has the wrong sign are met.
                double[] b =
                        PiecewiseLinear.image(a, slope, random.doubles(n, -1, 1).toArray());
                unique &= PiecewiseLinear.solutions(a, slope, b) == 1;
            }
            assertEquals(unique, wellPosed, "slope %s, seed %d".formatted(slope, seed));
        }
        assertTrue(illPosed > 10 && illPosed < 110, "both kinds were met: " + illPosed);
    }

    @Test
    void theIdentityNeedsOneDeterminant() {
        assertTrue(OrthantDeterminants.isWellPosed(Matrices.rows(new double[] {3, 1}, new double[] {2, 3}), 1));
        assertFalse(OrthantDeterminants.isWellPosed(Matrices.rows(new double[] {2, 1}, new double[] {1, 2}), 1));
        // A rank-one change of the identity, of determinant 1 - p'q = 0 exactly.
        int n = 30;
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = j == 0 ? 1 : 0;
            }
        }
        assertFalse(OrthantDeterminants.isWellPosed(a, 1));
        a[0][0] = Math.nextDown(1.0);
        assertTrue(OrthantDeterminants.isWellPosed(a, 1));
    }

    @Test
    void isExactAtTheBoundary() {
        // For ReLU the minor over both states is 1 - a c: zero for a c = 1.
        assertFalse(OrthantDeterminants.isWellPosed(Matrices.rows(new double[] {0, 4}, new double[] {0.25, 0}), 0));
        double less = Math.nextDown(0.25);
        assertTrue(OrthantDeterminants.isWellPosed(Matrices.rows(new double[] {0, 4}, new double[] {less, 0}), 0));
        double[][] tiny = Matrices.rows(new double[] {0, 0x1p1000}, new double[] {0x1p-1000, 0});
        assertFalse(OrthantDeterminants.isWellPosed(tiny, 0));
    }

    @Test
    void eightStatesOfNegativeFeedback() {
        int n = OrthantDeterminants.LARGEST;
        double[][] a = Matrices.random(new Random(1), n, 1, 5);
        for (int i = 0; i < n; i++) {
            a[i][i] = 0;
            for (int j = 0; j < i; j++) {
                a[i][j] = -a[j][i];
            }
        }
        // Skew-symmetric: I - A is positive definite, hence a P-matrix.
        assertTrue(OrthantDeterminants.isWellPosed(a, 0));
        assertTrue(OrthantDeterminants.isWellPosed(a, 0.1));
    }

    /// `I - A = [[0, -1], [1, 1]]` needs an exchange of rows, `I - A/2 = [[1/2, -1/2], [1/2, 1]]` does not; the
    /// four determinants are 1, 1, 1/2 and 3/4.
    @Test
    void anExchangeOfRowsTurnsTheSign() {
        assertTrue(OrthantDeterminants.isWellPosed(Matrices.rows(new double[] {1, 1}, new double[] {-1, 0}), 0.5));
    }
}
