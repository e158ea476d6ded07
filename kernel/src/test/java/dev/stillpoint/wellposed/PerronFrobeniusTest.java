package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Brackets against exact arithmetic: `t > lambda_PF(M)` if and only if all leading principal minors of `tI - M`
/// are positive.
final class PerronFrobeniusTest {

    private static Bracket bounds(double[][] m) {
        return PerronFrobenius.of(Matrices.absolute(m)).bounds();
    }

    /// Checks that the exact eigenvalue lies in the bracket. An upper bound that is the eigenvalue itself is not
    /// above it, but its successor is.
    private static void assertContainsExact(double[][] m, Bracket bracket, String where) {
        double[][] absolute = new double[m.length][];
        for (int i = 0; i < m.length; i++) {
            absolute[i] = Arrays.stream(m[i]).map(Math::abs).toArray();
        }
        assertFalse(Exact.exceedsPerronFrobenius(absolute, bracket.lower()), where + ": lower " + bracket.lower());
        boolean above = Exact.exceedsPerronFrobenius(absolute, bracket.upper())
                || Exact.exceedsPerronFrobenius(absolute, Math.nextUp(bracket.upper()));
        assertTrue(above, where + ": upper " + bracket.upper());
    }

    /// The iteration stops at a relative width of `4 (k + 8) u` for rows of `k` entries.
    private static void assertNarrow(int rowLength, Bracket bracket, String where) {
        double width = 4 * (rowLength + 8) * 0x1p-53 * bracket.upper();
        assertTrue(bracket.width() <= width, where + ": " + bracket.lower() + " .. " + bracket.upper());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void containsTheExactEigenvalueOfDenseMatrices(int n) {
        for (int seed = 0; seed < 25; seed++) {
            double[][] m = Matrices.random(new Random(seed), n, 1, 1);
            Bracket bracket = bounds(m);
            assertContainsExact(m, bracket, "seed " + seed);
            assertNarrow(n, bracket, "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 7, 10})
    void containsTheExactEigenvalueOfSparseReducibleMatrices(int n) {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            double[][] m = Matrices.random(random, n, 0.3 + 0.2 * random.nextDouble(), 1);
            Bracket bracket = bounds(m);
            assertContainsExact(m, bracket, "seed " + seed);
            assertNarrow(n, bracket, "seed " + seed);
        }
    }

    @Test
    void containsTheExactEigenvalueOfIntegerMatrices() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int n = 2 + random.nextInt(5);
            double[][] m = new double[n][n];
            for (double[] row : m) {
                for (int j = 0; j < n; j++) {
                    row[j] = random.nextInt(3);
                }
            }
            assertContainsExact(m, bounds(m), "seed " + seed);
        }
    }

    @Test
    void theExampleWhoseNormIsFour() {
        Bracket bracket = bounds(Matrices.rows(new double[] {0, 4}, new double[] {0.125, 0}));
        assertTrue(bracket.contains(Math.sqrt(0.5)), bracket.lower() + " .. " + bracket.upper());
        assertNarrow(1, bracket, "[[0, 4], [1/8, 0]]");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 101})
    void cyclicMatricesConverge(int n) {
        double[] weights = new double[n];
        Arrays.fill(weights, 1);
        assertTrue(bounds(Matrices.cycle(weights)).contains(1));
        // The product of the weights is 1, so the eigenvalue is 1.
        for (int i = 0; i < n - 1; i += 2) {
            weights[i] = 8;
            weights[i + 1] = 0.125;
        }
        Bracket bracket = bounds(Matrices.cycle(weights));
        assertTrue(bracket.contains(1), bracket.lower() + " .. " + bracket.upper());
        assertNarrow(1, bracket, "cycle of " + n);
    }

    @Test
    void aLongCycleConvergesByNodasIteration() {
        // The product of the weights is 2^0; power iteration alone would need some 10^6 steps.
        int n = 600;
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            weights[i] = i < n / 2 ? 2 : 0.5;
        }
        Bracket bracket = bounds(Matrices.cycle(weights));
        assertTrue(bracket.contains(1), bracket.lower() + " .. " + bracket.upper());
        assertNarrow(1, bracket, "cycle of " + n);
    }

    @Test
    void bipartiteMatricesConverge() {
        // The eigenvalue of [[0, B], [C, 0]] is the root of that of BC = [[3, 1], [6, 2]], whose eigenvalues are 5 and
        // 0.
        double[][] m = Matrices.rows(
                new double[] {0, 0, 1, 1}, new double[] {0, 0, 2, 2}, new double[] {1, 1, 0, 0}, new double[] {
                    2, 0, 0, 0
                });
        Bracket bracket = bounds(m);
        assertTrue(bracket.contains(Math.sqrt(5)), bracket.lower() + " .. " + bracket.upper());
        assertContainsExact(m, bracket, "bipartite");
        assertNarrow(2, bracket, "bipartite");
    }

    @Test
    void nilpotentZeroAndScalarMatricesAreExact() {
        assertEquals(new Bracket(0, 0), bounds(Matrices.rows(new double[] {0, 7}, new double[] {0, 0})));
        assertEquals(new Bracket(0, 0), bounds(new double[3][3]));
        assertEquals(new Bracket(0.3, 0.3), bounds(Matrices.rows(new double[] {-0.3})));
        assertEquals(new Bracket(2, 2), bounds(Matrices.rows(new double[] {-2, 0}, new double[] {0, -2})));
        assertEquals(new Bracket(0.5, 0.5), bounds(Matrices.rows(new double[] {.5, 0}, new double[] {2, -.5})));
    }

    @Test
    void nearlyDegenerateEigenvaluesStayInside() {
        double[] gaps = {0, 1e-12, 1e-14, 1e-15, 1e-300};
        for (double coupling : gaps) {
            for (double gap : gaps) {
                double[][] m = Matrices.rows(new double[] {1, coupling}, new double[] {coupling, 1 - gap});
                Bracket bracket = bounds(m);
                assertContainsExact(m, bracket, "gap " + gap + ", coupling " + coupling);
                assertTrue(bracket.width() <= 1e-11, "gap %s, coupling %s".formatted(gap, coupling));
            }
        }
    }

    @Test
    void weaklyCoupledPartsStayInside() {
        double[][] m = Matrices.rows(
                new double[] {0.5, 0.5, 1e-9, 0},
                new double[] {0.25, 0.75, 0, 0},
                new double[] {0, 0, 0.5, 0.5 - 1e-12},
                new double[] {1e-9, 0, 0.25, 0.75});
        Bracket bracket = bounds(m);
        assertContainsExact(m, bracket, "weakly coupled");
        assertTrue(bracket.width() <= 1e-8, bracket.lower() + " .. " + bracket.upper());
    }

    @Test
    void wideRangesOfEntriesStayInside() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int n = 2 + random.nextInt(4);
            double[][] m = new double[n][n];
            for (double[] row : m) {
                for (int j = 0; j < n; j++) {
                    row[j] = random.nextBoolean() ? Math.scalb(1 + random.nextDouble(), random.nextInt(400) - 200) : 0;
                }
            }
            assertContainsExact(m, bounds(m), "seed " + seed);
        }
    }

    @Test
    void extremeEntriesGiveBoundsThatAreNumbers() {
        double huge = Double.MAX_VALUE;
        double tiny = Double.MIN_VALUE;
        Bracket large = bounds(Matrices.rows(new double[] {huge, huge}, new double[] {huge, huge}));
        assertTrue(large.lower() > 0 && large.lower() <= huge && large.upper() == Double.POSITIVE_INFINITY);
        double[][] small = Matrices.rows(new double[] {tiny, tiny}, new double[] {tiny, tiny});
        assertContainsExact(small, bounds(small), "smallest numbers");
    }

    @ParameterizedTest
    @CsvSource({"60, false, 23.059960454442994", "150, false, 58.72086488053965", "150, true, 6.73650696921708"})
    void agreesWithNumpy(int n, boolean sparse, double expected) {
        Bracket bracket = bounds(Matrices.formula(n, sparse));
        // The reference is backward stable: a few n u off.
        double slack = 8 * n * 0x1p-53 * expected;
        assertTrue(bracket.lower() - slack <= expected && expected <= bracket.upper() + slack, bracket.toString());
        assertNarrow(n, bracket, "n " + n);
    }

    @Test
    void boundsOfEntriesAreRespected() {
        // Entries known to a relative 1e-3 only: the bracket must contain the eigenvalues of both ends.
        double[][] m = Matrices.random(new Random(3), 6, 1, 1);
        NonNegativeMatrix low = Matrices.absolute(m);
        double[] high = Arrays.stream(low.upper()).map(v -> 1.001 * v).toArray();
        NonNegativeMatrix loose = new NonNegativeMatrix(6, low.start(), low.column(), low.lower(), high);
        Bracket exact = PerronFrobenius.of(low).bounds();
        Bracket bracket = PerronFrobenius.of(loose).bounds();
        assertTrue(bracket.lower() <= exact.upper() && bracket.upper() >= 1.00099 * exact.lower());
        assertTrue(bracket.width() <= 0.0011 * bracket.upper());
    }
}
