package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class InducedNormsTest {

    private static BigDecimal[] largestSums(BigDecimal[][] m) {
        BigDecimal rows = BigDecimal.ZERO;
        BigDecimal columns = BigDecimal.ZERO;
        for (int i = 0; i < m.length; i++) {
            BigDecimal row = BigDecimal.ZERO;
            BigDecimal column = BigDecimal.ZERO;
            for (int j = 0; j < m.length; j++) {
                row = row.add(m[i][j].abs());
                column = column.add(m[j][i].abs());
            }
            rows = rows.max(row);
            columns = columns.max(column);
        }
        return new BigDecimal[] {columns, rows};
    }

    private static void assertContains(BigDecimal exact, Bracket bracket, int terms, String where) {
        assertTrue(new BigDecimal(bracket.lower()).compareTo(exact) <= 0, where + ": lower");
        assertTrue(new BigDecimal(bracket.upper()).compareTo(exact) >= 0, where + ": upper");
        // A sum of k terms is widened by k u on either side, and its own operations by at most 8 u on either side.
        assertTrue(bracket.width() <= (2 * terms + 16) * 0x1p-53 * bracket.upper(), where + ": width");
    }

    @Test
    void containTheExactSums() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(20);
            double[][] a = Matrices.random(random, n, 0.1 + random.nextDouble(), 3);
            SparseMatrix sparse = Matrices.sparse(a);
            BigDecimal[] plain = largestSums(Exact.of(a));
            assertContains(plain[0], InducedNorms.of(sparse).one(), n, "1-norm, seed " + seed);
            assertContains(plain[1], InducedNorms.of(sparse).infinity(), n, "inf-norm, seed " + seed);
            BigDecimal[] shifted = largestSums(Exact.complement(a));
            InducedNorms complement = InducedNorms.ofComplement(sparse);
            assertContains(shifted[0], complement.one(), n + 1, "1-norm of I - A, seed " + seed);
            assertContains(shifted[1], complement.infinity(), n + 1, "inf-norm of I - A, seed " + seed);
        }
    }

    @Test
    void singleEntriesAreExact() {
        InducedNorms norms =
                InducedNorms.of(Matrices.sparse(Matrices.rows(new double[] {0, 4.1}, new double[] {0.125, 0})));
        assertEquals(new Bracket(4.1, 4.1), norms.infinity());
        assertEquals(new Bracket(4.1, 4.1), norms.one());
    }

    @Test
    void whatFollowsForTheSpectralQuantitiesHolds() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(6);
            double[][] a = Matrices.random(random, n, 0.8, 1);
            SparseMatrix sparse = Matrices.sparse(a);
            Bracket two = InducedNorms.of(sparse).two();
            Bracket exactTwo = SpectralNorm.of(a);
            assertTrue(two.lower() <= exactTwo.upper() && exactTwo.lower() <= two.upper(), "2-norm, seed " + seed);
            Bracket margin = InducedNorms.margin(sparse);
            Bracket exactMargin = MonotoneMargin.margin(a);
            assertTrue(
                    margin.lower() <= exactMargin.upper() && exactMargin.lower() <= margin.upper(),
                    "margin, seed " + seed);
        }
        // Diagonal: both are exact to rounding.
        SparseMatrix diagonal = Matrices.sparse(Matrices.rows(new double[] {-3, 0}, new double[] {0, 0.5}));
        assertEquals(0.5, InducedNorms.margin(diagonal).lower(), 2 * 0x1p-53);
        assertEquals(4, InducedNorms.ofComplement(diagonal).two().upper(), 4 * 20 * 0x1p-53);
    }
}
