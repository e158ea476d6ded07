package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.Rounding;

/// Verified bounds of the norms that row and column sums give: `|A|_1`, the largest column sum of absolute values,
/// and `|A|_inf`, the largest row sum; and what follows from them for the spectral quantities, coarser than
/// [SpectralNorm] and [MonotoneMargin] but in time linear in the entries.
///
/// A sum of `k` terms is `k - 1` roundings away from the exact one; the bounds are that far apart, and equal where
/// every row or column has one entry at most. Source: IDL-19 (2).
final class InducedNorms {
    private final int size;
    private final Bracket one;
    private final Bracket infinity;

    private InducedNorms(int size, Bracket one, Bracket infinity) {
        this.size = size;
        this.one = one;
        this.infinity = infinity;
    }

    /// The norms of `a`.
    static InducedNorms of(SparseMatrix a) {
        return of(a, false);
    }

    /// The norms of `I - A`.
    static InducedNorms ofComplement(SparseMatrix a) {
        return of(a, true);
    }

    private static InducedNorms of(SparseMatrix a, boolean complement) {
        int n = a.size();
        double[] rows = new double[n];
        double[] columns = new double[n];
        int[] rowTerms = new int[n];
        int[] columnTerms = new int[n];
        for (int i = 0; i < n; i++) {
            boolean diagonalSeen = false;
            for (int p = a.start()[i]; p < a.start()[i + 1]; p++) {
                int j = a.column()[p];
                boolean diagonal = complement && i == j;
                diagonalSeen |= diagonal;
                double size = Math.abs(diagonal ? 1 - a.value()[p] : a.value()[p]);
                rows[i] += size;
                columns[j] += size;
                // The rounding of 1 - a_ii is that of one more term.
                rowTerms[i] += diagonal ? 2 : 1;
                columnTerms[j] += diagonal ? 2 : 1;
            }
            if (complement && !diagonalSeen) {
                rows[i] += 1;
                columns[i] += 1;
                rowTerms[i]++;
                columnTerms[i]++;
            }
        }
        return new InducedNorms(n, largest(columns, columnTerms), largest(rows, rowTerms));
    }

    private static Bracket largest(double[] sums, int[] terms) {
        double lower = 0;
        double upper = 0;
        for (int i = 0; i < sums.length; i++) {
            if (terms[i] <= 1) {
                lower = Math.max(lower, sums[i]);
                upper = Math.max(upper, sums[i]);
            } else {
                lower = Math.max(lower, Rounding.sumDown(sums[i], terms[i]));
                upper = Math.max(upper, Rounding.sumUp(sums[i], terms[i]));
            }
        }
        return Bracket.ofBounds(0, lower, upper);
    }

    Bracket one() {
        return one;
    }

    Bracket infinity() {
        return infinity;
    }

    /// Bounds of the 2-norm: `max(|A|_1, |A|_inf) / sqrt(n) <= |A|_2 <= sqrt(|A|_1 |A|_inf)`.
    Bracket two() {
        double upper = Rounding.multiplyUp(Rounding.sqrtUp(one.upper()), Rounding.sqrtUp(infinity.upper()));
        double lower = Rounding.divideDown(Math.max(one.lower(), infinity.lower()), Rounding.sqrtUp(size));
        return one.upper() == 0 ? Bracket.exactly(0) : Bracket.ofBounds(0, lower, upper);
    }

    /// Bounds of `lambda_min(I - (A + A')/2)` from Gershgorin's circles and the diagonal.
    static Bracket margin(SparseMatrix a) {
        int n = a.size();
        double[] radius = new double[n];
        int[] terms = new int[n];
        double[] diagonal = new double[n];
        for (int i = 0; i < n; i++) {
            for (int p = a.start()[i]; p < a.start()[i + 1]; p++) {
                int j = a.column()[p];
                if (i == j) {
                    diagonal[i] = a.value()[p];
                } else {
                    double half = Math.abs(a.value()[p]) / 2;
                    radius[i] += half;
                    radius[j] += half;
                    terms[i]++;
                    terms[j]++;
                }
            }
        }
        double lower = Double.POSITIVE_INFINITY;
        double upper = Double.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            double centre = 1 - diagonal[i];
            lower = Math.min(lower, Rounding.subtractDown(Math.nextDown(centre), Rounding.sumUp(radius[i], terms[i])));
            upper = Math.min(upper, Math.nextUp(centre));
        }
        return Bracket.ofBounds(Double.NEGATIVE_INFINITY, lower, upper);
    }
}
