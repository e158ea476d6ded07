package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bounds against exact arithmetic: `t` is below the spectrum of `H` if and only if `H - tI` is positive definite.
final class MonotoneMarginTest {
    /// The second shift that is tried lies `2^-39` times the largest diagonal entry away.
    private static final double TOLERANCE = 0x1p-38;

    private static double scale(double[][] a) {
        double scale = 1;
        for (double[] row : a) {
            for (double value : row) {
                scale = Math.max(scale, Math.abs(value));
            }
        }
        return scale * a.length;
    }

    private static void assertContainsExact(double[][] a, String where) {
        Bracket margin = MonotoneMargin.margin(a);
        BigDecimal[][] h = Exact.symmetricPart(a);
        assertTrue(Exact.isBelowSpectrum(h, Math.nextDown(margin.lower())), where + ": lower " + margin.lower());
        assertFalse(Exact.isBelowSpectrum(h, margin.upper()), where + ": upper " + margin.upper());
        assertTrue(margin.width() <= TOLERANCE * scale(a), where + ": " + margin.width());
        Bracket lipschitz = MonotoneMargin.lipschitz(a);
        assertFalse(Exact.exceedsNorm(Exact.complement(a), lipschitz.lower()), where + ": L lower");
        assertTrue(Exact.exceedsNorm(Exact.complement(a), Math.nextUp(lipschitz.upper())), where + ": L upper");
        assertTrue(lipschitz.width() <= TOLERANCE * scale(a), where + ": L " + lipschitz.width());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 9})
    void containTheExactValues(int n) {
        for (int seed = 0; seed < 30; seed++) {
            assertContainsExact(Matrices.random(new Random(seed), n, 0.8, 1), "n %d, seed %d".formatted(n, seed));
        }
    }

    @Test
    void containTheExactValuesWhereTheMarginVanishes() {
        for (int seed = 0; seed < 30; seed++) {
            // I - (A + A')/2 = v v' up to rounding, of rank one: margin 0 up to rounding.
            Random random = new Random(seed);
            double[] v = random.doubles(4, -1, 1).toArray();
            double[][] a = new double[4][4];
            for (int i = 0; i < 4; i++) {
                for (int j = 0; j < 4; j++) {
                    a[i][j] = (i == j ? 1 : 0) - v[i] * v[j];
                }
            }
            assertContainsExact(a, "seed " + seed);
        }
    }

    @Test
    void theExamplesOfThePapers() {
        Bracket minusTwo = MonotoneMargin.margin(Matrices.rows(new double[] {-2, 0}, new double[] {0, -2}));
        assertEquals(3, minusTwo.lower(), 8 * 0x1p-53);
        assertTrue(minusTwo.contains(3));
        double[][] w = Matrices.rows(new double[] {0, -2}, new double[] {2, 0});
        assertTrue(MonotoneMargin.margin(w).contains(1));
        assertEquals(1, MonotoneMargin.margin(w).lower(), 8 * 0x1p-53);
        assertTrue(MonotoneMargin.lipschitz(w).contains(Math.sqrt(5)));
        assertEquals(Math.sqrt(5), MonotoneMargin.lipschitz(w).upper(), 32 * 0x1p-53);
        double[][] third = Matrices.rows(new double[] {.5, 0}, new double[] {2, -.5});
        assertTrue(MonotoneMargin.margin(third).contains(1 - Math.sqrt(5) / 2));
    }

    @ParameterizedTest
    @CsvSource({"60, false, -3.6972463684259966", "150, false, -8.963561465118733", "150, true, -1.475101453906638"})
    void agreesWithNumpy(int n, boolean sparse, double expected) {
        Bracket margin = MonotoneMargin.margin(Matrices.formula(n, sparse));
        double slack = (16 * n * 0x1p-53 + TOLERANCE) * n;
        assertEquals(expected, margin.lower(), slack);
        assertEquals(expected, margin.upper(), slack);
    }

    @Test
    void monotoneParametrisationHasItsMargin() {
        // W = (1 - m) I - A'A + B - B' has a margin of m at least, and exactly m where A is singular.
        int n = 30;
        Random random = new Random(8);
        double[][] a = Matrices.random(random, n, 1, 0.2);
        double[][] b = Matrices.random(random, n, 1, 1);
        for (double[] row : a) {
            row[0] = 0;
        }
        double[][] w = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double gram = 0;
                for (int k = 0; k < n; k++) {
                    gram += a[k][i] * a[k][j];
                }
                w[i][j] = (i == j ? 0.75 : 0) - gram + b[i][j] - b[j][i];
            }
        }
        Bracket margin = MonotoneMargin.margin(w);
        assertEquals(0.25, margin.lower(), TOLERANCE * n);
        assertEquals(0.25, margin.upper(), TOLERANCE * n);
    }

    @Test
    void extremeEntriesGiveBoundsThatAreNumbers() {
        double huge = Double.MAX_VALUE;
        Bracket margin = MonotoneMargin.margin(Matrices.rows(new double[] {huge, huge}, new double[] {huge, huge}));
        assertTrue(margin.lower() <= -huge);
        Bracket lipschitz =
                MonotoneMargin.lipschitz(Matrices.rows(new double[] {huge, huge}, new double[] {huge, huge}));
        assertTrue(lipschitz.upper() >= huge && lipschitz.lower() <= lipschitz.upper());
    }
}
