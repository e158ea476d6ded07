package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Brackets against exact arithmetic: `t > |M|_2` if and only if `t^2 I - M'M` is positive definite.
final class SpectralNormTest {
    /// The first shift that is tried lies `2^-44` away, the next 32 times that; squares halve the relative
    /// distance.
    private static final double TOLERANCE = 0x1p-38;

    private static void assertContainsExact(double[][] m, Bracket bracket, String where) {
        assertFalse(Exact.exceedsNorm(Exact.of(m), bracket.lower()), where + ": lower " + bracket.lower());
        assertTrue(Exact.exceedsNorm(Exact.of(m), bracket.upper()), where + ": upper " + bracket.upper());
        assertTrue(bracket.width() <= TOLERANCE * bracket.upper(), where + ": " + bracket.width());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 9})
    void containsTheExactNorm(int n) {
        for (int seed = 0; seed < 30; seed++) {
            double[][] m = Matrices.random(new Random(seed), n, 0.8, 1);
            m[0][0] = 1;
            assertContainsExact(m, SpectralNorm.of(m), "n %d, seed %d".formatted(n, seed));
        }
    }

    @Test
    void containsTheExactNormOfRectangularMatrices() {
        for (int seed = 0; seed < 30; seed++) {
            double[][] square = Matrices.random(new Random(seed), 5, 1, 1);
            double[][] wide = {square[0], square[1]};
            assertContainsExact(wide, SpectralNorm.of(wide), "wide, seed " + seed);
            double[][] tall = new double[5][2];
            for (int i = 0; i < 5; i++) {
                tall[i][0] = square[i][0];
                tall[i][1] = square[i][1];
            }
            assertContainsExact(tall, SpectralNorm.of(tall), "tall, seed " + seed);
        }
    }

    @Test
    void vectorsAndScalars() {
        assertEquals(new Bracket(3, 3), SpectralNorm.of(Matrices.rows(new double[] {-3})));
        Bracket column = SpectralNorm.of(Matrices.rows(new double[] {3}, new double[] {4}));
        assertTrue(column.contains(5) && column.width() <= 32 * 0x1p-53 * 5, column.toString());
        Bracket row = SpectralNorm.of(Matrices.rows(new double[] {3, 4}));
        assertTrue(row.contains(5) && row.width() <= 32 * 0x1p-53 * 5, row.toString());
        assertEquals(new Bracket(0, 0), SpectralNorm.of(new double[2][3]));
    }

    @Test
    void clusteredAndMultipleSingularValues() {
        // Hadamard matrices are multiples of orthogonal ones: every singular value is the same.
        double[][] h = {{1}};
        for (int k = 0; k < 6; k++) {
            int n = h.length;
            double[][] next = new double[2 * n][2 * n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    next[i][j] = h[i][j];
                    next[i + n][j] = h[i][j];
                    next[i][j + n] = h[i][j];
                    next[i + n][j + n] = -h[i][j];
                }
            }
            h = next;
        }
        Bracket bracket = SpectralNorm.of(h);
        assertTrue(bracket.contains(8) && bracket.width() <= TOLERANCE * 8, bracket.lower() + " .. " + bracket.upper());
        double[][] close = Matrices.rows(
                new double[] {1, 0x1p-45, 0}, new double[] {0, 1, 0}, new double[] {0x1p-50, 0, 1 - 0x1p-40});
        assertContainsExact(close, SpectralNorm.of(close), "close");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1000, -600, 600, 1000})
    void scalesNeitherOverflowNorVanish(int exponent) {
        double[][] m = Matrices.random(new Random(4), 4, 1, 1);
        Bracket plain = SpectralNorm.of(m);
        for (double[] row : m) {
            for (int j = 0; j < 4; j++) {
                row[j] = Math.scalb(row[j], exponent);
            }
        }
        Bracket scaled = SpectralNorm.of(m);
        assertEquals(Math.scalb(plain.lower(), exponent), scaled.lower());
        assertEquals(Math.scalb(plain.upper(), exponent), scaled.upper());
    }

    @Test
    void aPerturbationWidens() {
        double[][] m = Matrices.rows(new double[] {1, 2}, new double[] {3, 4});
        Bracket plain = SpectralNorm.of(m);
        Bracket wide = SpectralNorm.of(m, 0.25);
        assertTrue(wide.upper() >= plain.upper() + 0.25 && wide.lower() <= plain.lower() - 0.25);
        assertTrue(wide.width() <= plain.width() + 0.5 + 16 * 0x1p-53);
    }

    @ParameterizedTest
    @CsvSource({
        "60, false, 6.667412609334084, 6.772204587498657",
        "150, false, 13.919915434665565, 13.946537054468847",
        "150, true, 3.250346692509844, 3.802044728679006"
    })
    void agreesWithNumpy(int n, boolean sparse, double norm, double lipschitz) {
        double[][] a = Matrices.formula(n, sparse);
        // Backward stable on either side, plus the distance of the shift.
        double slack = 16 * n * 0x1p-53 + TOLERANCE;
        Bracket two = SpectralNorm.of(a);
        assertEquals(norm, two.upper(), slack * norm);
        assertEquals(norm, two.lower(), slack * norm);
        Bracket complement = MonotoneMargin.lipschitz(a);
        assertEquals(lipschitz, complement.upper(), slack * lipschitz);
        assertEquals(lipschitz, complement.lower(), slack * lipschitz);
    }

    @Test
    void nonSingularityIsNeverInvented() {
        double[][] singular = Matrices.rows(new double[] {1, 2, 3}, new double[] {4, 5, 6}, new double[] {7, 8, 9});
        assertFalse(SpectralNorm.isNonSingular(singular, 0));
        assertFalse(SpectralNorm.isNonSingular(new double[2][2], 0));
        singular[2][2] = 10;
        assertTrue(SpectralNorm.isNonSingular(singular, 0));
        assertFalse(SpectralNorm.isNonSingular(singular, 1));
    }
}
