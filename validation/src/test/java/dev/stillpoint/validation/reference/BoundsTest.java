package dev.stillpoint.validation.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Matrices of norms, eigenvalue bounds, elimination, and the error bounds that rest on them.
final class BoundsTest {
    private static ReferenceEquation equation(Activation activation, double[]... a) {
        return ReferenceEquation.of(
                Matrix.ofRows(a), Matrix.ofRows(new double[a.length][1]), null, ReferenceActivation.of(activation));
    }

    private static double[][] any(long seed, int n) {
        Random random = new Random(seed);
        double[][] matrix = new double[n][n];
        for (double[] row : matrix) {
            for (int j = 0; j < n; j++) {
                row[j] = 2 * random.nextDouble() - 1;
            }
        }
        return matrix;
    }

    /// The second difference has the eigenvalues `2 - 2 cos(k pi/(n + 1))`.
    @Test
    void smallestEigenvalueOfTheSecondDifference() {
        int n = 20;
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            matrix[i][i] = 2;
            if (i > 0) {
                matrix[i][i - 1] = -1;
                matrix[i - 1][i] = -1;
            }
        }
        double exact = 2 - 2 * StrictMath.cos(StrictMath.PI / (n + 1));
        double bound = SymmetricBound.smallestEigenvalue(matrix);
        assertTrue(bound <= exact && bound >= exact - 4 * 0x1p-19, () -> "bound " + bound + " of " + exact);
        double norm = SymmetricBound.norm2(matrix);
        double largest = 2 + 2 * StrictMath.cos(StrictMath.PI / (n + 1));
        assertTrue(norm >= largest && norm <= largest + 16 * 0x1p-19, () -> "norm " + norm + " of " + largest);
    }

    @Test
    void eigenvaluesOfSmallMatrices() {
        assertEquals(0, SymmetricBound.smallestEigenvalue(new double[][] {{0}}));
        assertEquals(-3, SymmetricBound.smallestEigenvalue(new double[][] {{-3}}), 3 * 0x1p-19);
        assertEquals(-1, SymmetricBound.smallestEigenvalue(new double[][] {{1, 2}, {2, 1}}), 4 * 0x1p-19);
        assertEquals(0, SymmetricBound.norm2(new double[3][3]));
        assertEquals(2, SymmetricBound.norm2(new double[][] {{0, -2}, {2, 0}}), 2 * 0x1p-19);
    }

    /// A norm is at least every quotient `|Mv|/|v|`, and the one of `uv'` is `|u||v|`.
    @Test
    void blockNormsAreThe2Norms() {
        ReferenceActivation softmax = ReferenceActivation.of(Activation.softmax(3));
        double[][] a = any(1, 6);
        double[] left = {1, 2, 2};
        double[] right = {2, 3, 6};
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                a[3 + i][j] = left[i] * right[j];
                a[3 + i][3 + j] = 0;
            }
        }
        double[][] norms = NormMatrix.of(a, softmax);
        assertEquals(0.5 * 3 * 7, norms[1][0], 100 * 21 * 0x1p-53);
        assertEquals(0, norms[1][1]);
        Random random = new Random(2);
        double best = 0;
        for (int trial = 0; trial < 5000; trial++) {
            double[] v = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            double[] image = new double[3];
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    image[i] += a[i][3 + j] * v[j];
                }
            }
            best = Math.max(best, Norms.two(image) / Norms.two(v));
        }
        double found = 2 * norms[0][1];
        double quotient = best;
        assertTrue(quotient <= found && found <= 1.02 * quotient, () -> found + " against " + quotient);
    }

    @Test
    void componentNormsAreMagnitudes() {
        double[][] a = {{-3, 2}, {0, -0.5}};
        double[][] norms = NormMatrix.of(a, ReferenceActivation.of(Activation.relu()));
        assertEquals(3, norms[0][0]);
        assertEquals(2, norms[0][1]);
        assertEquals(0, norms[1][0]);
        assertEquals(0.5, NormMatrix.of(a, ReferenceActivation.of(Activation.sigmoid()))[0][1], 0x1p-49);
    }

    @Test
    void eliminationSolvesAndKnowsWhenItCannot() {
        double[][] matrix = {{0, 2, 1}, {4, 0, 2}, {1, 1, 3}};
        DenseLu lu = DenseLu.factorise(matrix);
        assertNotNull(lu);
        double[] x = lu.solve(new double[] {7, 10, 12});
        assertEquals(1, x[0], 0x1p-48);
        assertEquals(2, x[1], 0x1p-48);
        assertEquals(3, x[2], 0x1p-48);
        assertNull(DenseLu.factorise(new double[][] {{1, 2}, {2, 4}}));
    }

    /// IDL-21 §8.1: `-2I` is monotone with margin 3 and no contraction; the other way round for the triangle.
    @Test
    void theTwoConditionsAreIndependent() {
        ErrorBounds monotone = ErrorBounds.of(equation(Activation.relu(), new double[] {-2, 0}, new double[] {0, -2}));
        assertFalse(monotone.isContraction());
        assertEquals(3, monotone.margin().orElseThrow(), 3 * 0x1p-19);
        ErrorBounds contraction =
                ErrorBounds.of(equation(Activation.relu(), new double[] {0.5, 0}, new double[] {2, -0.5}));
        assertTrue(contraction.isContraction());
        assertTrue(contraction.margin().isEmpty(), "margin");
    }

    /// `lambda_PF = 1/sqrt(2)` although `|A|_inf = 4`; `(I - A)^-1 = 2 [[1, 4], [1/8, 1]]`.
    @Test
    void aContractionInAWeightedNorm() {
        ErrorBounds bounds = ErrorBounds.of(equation(Activation.relu(), new double[] {0, 4}, new double[] {0.125, 0}));
        assertTrue(bounds.isContraction());
        // w = (10, 2.25) and kappa = 0.9, so that (n + 4) units of 16 in the product I - M + NM weigh 10/2.25/0.1
        // times.
        double slack = 6 * 16 * 10 / 2.25 / 0.1 * 0x1p-53;
        double[] bound = bounds.bound(new double[] {1, 0.5});
        assertEquals(6, bound[0], 2 * slack);
        assertEquals(1.25, bound[1], 2 * slack);
        assertTrue(bound[0] >= 6 && bound[1] >= 1.25, "upper bounds");
        double[] unknown = bounds.bound(3, new double[2]);
        assertEquals(6 * Math.sqrt(17), unknown[0], 6 * slack);
        assertEquals(6 * Math.sqrt(1 + 1.0 / 64), unknown[1], 6 * slack);
    }

    /// The error is large where the residual is small: with the identity, `e = (I - A)^-1 r` exactly.
    @Test
    void residualIsNotError() {
        ErrorBounds bounds = ErrorBounds.of(equation(
                Activation.identity(), new double[] {0.9, 0, 0}, new double[] {0, 0.99, 0}, new double[] {0, 0, 0.999
                }));
        double error = 9.99e-3;
        double residual = 0.001 * error;
        double[] bound = bounds.bound(new double[] {0, 0, residual});
        assertTrue(bound[2] >= error && bound[2] <= error * (1 + 1e-9), () -> "bound " + bound[2]);
        assertTrue(bound[0] <= 1e-12, () -> "bound " + bound[0]);
    }

    /// Triangular by components, not by activation blocks, with two fixed points: no bound may be given.
    @Test
    void softmaxWithTwoFixedPointsHasNoBound() {
        ErrorBounds bounds =
                ErrorBounds.of(equation(Activation.softmax(2), new double[] {0, -10}, new double[] {0, 0}));
        assertFalse(bounds.exist());
        assertEquals(Double.POSITIVE_INFINITY, bounds.bound(new double[] {1e-9})[0]);
    }

    @Test
    void anEigenvalueOfOneIsNoContraction() {
        assertFalse(
                ErrorBounds.of(equation(Activation.relu(), new double[] {1})).isContraction());
        assertFalse(ErrorBounds.of(equation(Activation.relu(), new double[] {0, 2}, new double[] {0.5, 0}))
                .isContraction());
        assertFalse(ErrorBounds.of(equation(Activation.relu(), new double[] {0, 3}, new double[] {0.5, 0}))
                .isContraction());
        assertTrue(ErrorBounds.of(equation(Activation.sigmoid(), new double[] {0, 3}, new double[] {0.5, 0}))
                .isContraction());
    }

    @Test
    void anActivationThatIsNoProximalMapHasNoMargin() {
        assertTrue(
                ErrorBounds.of(equation(Activation.leakyRelu(1.5), new double[] {-2}))
                        .margin()
                        .isEmpty(),
                "margin");
    }

    /// `x* = W x* + b` for the identity, so that `e = -(I - W)^-1 r` for every state: the bound must hold for
    /// all.
    @Test
    void boundsHoldForLinearProblems() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(7);
            double[][] a = any(seed, n);
            for (double[] row : a) {
                for (int j = 0; j < n; j++) {
                    row[j] *= 0.9 / n;
                }
            }
            ErrorBounds bounds = ErrorBounds.of(equation(Activation.identity(), a));
            assertTrue(bounds.isContraction() && bounds.margin().isPresent(), "seed " + seed);
            double[] error = new double[n];
            double[] residual = new double[n];
            for (int i = 0; i < n; i++) {
                error[i] = random.nextGaussian();
            }
            for (int i = 0; i < n; i++) {
                residual[i] = -error[i];
                for (int j = 0; j < n; j++) {
                    residual[i] += a[i][j] * error[j];
                }
            }
            double norm = Norms.two(residual) * (1 + 20 * 0x1p-53);
            for (int i = 0; i < n; i++) {
                residual[i] = Math.abs(residual[i]) + 0x1p-50;
            }
            double[] known = bounds.bound(residual);
            double[] unknown = bounds.bound(norm, new double[n]);
            for (int i = 0; i < n; i++) {
                assertTrue(Math.abs(error[i]) <= known[i], "seed " + seed + " component " + i);
                assertTrue(Math.abs(error[i]) <= unknown[i], "seed " + seed + " component " + i);
            }
        }
    }
}
