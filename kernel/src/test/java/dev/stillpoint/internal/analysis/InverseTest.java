package dev.stillpoint.internal.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InverseTest {
    private static double[][] copy(double[][] a) {
        return Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
    }

    private static double[][] product(double[][] a, double[][] b) {
        int n = a.length;
        double[][] product = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    private static double largest(double[][] a) {
        return Arrays.stream(a)
                .mapToDouble(row -> Arrays.stream(row).map(Math::abs).sum())
                .max()
                .orElse(0);
    }

    /// Elimination with row pivoting, without its growth, errs by about `n u |A| |A^-1|`; 16 leaves room for it.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 60})
    void theProductIsTheIdentity(int n) {
        SplittableRandom random = new SplittableRandom(n);
        double[][] a = new double[n][n];
        for (double[] row : a) {
            Arrays.setAll(row, _ -> random.nextDouble(-1, 1));
        }
        double[][] inverse = copy(a);
        Inverse.invert(inverse);
        double bound = 16 * n * 0x1p-53 * largest(a) * largest(inverse);
        assertTrue(bound < 0.1, "a sharp bound: " + bound);
        double[][] identity = product(a, inverse);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                assertEquals(i == j ? 1 : 0, identity[i][j], bound, i + ", " + j);
            }
        }
    }

    /// Zeros on the diagonal ask for the swaps; all numbers are powers of two.
    @Test
    void rowsAndColumnsAreSwapped() {
        double[][] a = {{0, 2, 0}, {0, 0, 4}, {0.5, 0, 0}};
        Inverse.invert(a);
        assertArrayEquals(new double[] {0, 0, 2}, a[0]);
        assertArrayEquals(new double[] {0.5, 0, 0}, a[1]);
        assertArrayEquals(new double[] {0, 0.25, 0}, a[2]);
    }

    @Test
    void aSingularMatrixIsRefused() {
        double[][] a = {{1, 2}, {2, 4}};
        ArithmeticException refused = assertThrows(ArithmeticException.class, () -> Inverse.invert(a));
        assertEquals("the matrix is singular: pivot 1 is 0.0", refused.getMessage());
    }
}
