package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.Rounding;
import java.util.OptionalDouble;

/// The test for matrices of rank one, `A = p q'`: `|p|'|q| < 1`, which is `lambda_PF(|A|) < 1` in closed form.
///
/// A stored product is of rank one to rounding only. With `p` and `q` taken from the row and the column of the
/// largest entry, `|A| <= (1 + e) |p||q|'` holds entry by entry for an `e` that is computed, rounding included, so
/// that `(1 + e) |p|'|q|` bounds `lambda_PF(|A|)` rigorously. Source: IDL-19 §3.2.
final class RankOne {
    /// Entries may differ from those of a product by this many units of the stored precision.
    private static final int UNITS = 8;

    private RankOne() {}

    /// An upper bound of `|p|'|q|`; empty where `a` is not of rank one.
    static OptionalDouble bound(SparseMatrix a) {
        int n = a.size();
        int pivotRow = -1;
        int pivotColumn = -1;
        double pivot = 0;
        for (int i = 0; i < n; i++) {
            for (int k = a.start()[i]; k < a.start()[i + 1]; k++) {
                if (Math.abs(a.value()[k]) > Math.abs(pivot)) {
                    pivot = a.value()[k];
                    pivotRow = i;
                    pivotColumn = a.column()[k];
                }
            }
        }
        if (pivotRow < 0) {
            return OptionalDouble.empty();
        }
        double[] p = new double[n];
        double[] q = new double[n];
        int rows = 0;
        for (int i = 0; i < n; i++) {
            for (int k = a.start()[i]; k < a.start()[i + 1]; k++) {
                if (a.column()[k] == pivotColumn) {
                    p[i] = a.value()[k];
                    rows++;
                }
                if (i == pivotRow) {
                    q[a.column()[k]] = a.value()[k] / pivot;
                }
            }
        }
        int columns = a.start()[pivotRow + 1] - a.start()[pivotRow];
        if ((long) rows * columns != a.nonZeros()) {
            return OptionalDouble.empty();
        }
        double excess = 0;
        for (int i = 0; i < n; i++) {
            for (int k = a.start()[i]; k < a.start()[i + 1]; k++) {
                double ratio = a.value()[k] / (p[i] * q[a.column()[k]]);
                if (!(Math.abs(ratio - 1) <= UNITS * a.unit())) {
                    return OptionalDouble.empty();
                }
                excess = Math.max(excess, ratio - 1);
            }
        }
        double sum = 0;
        int terms = 0;
        for (int i = 0; i < n; i++) {
            sum = Math.fma(Math.abs(p[i]), Math.abs(q[i]), sum);
            terms += p[i] != 0 && q[i] != 0 ? 1 : 0;
        }
        // The computed ratio is two roundings away from the exact one.
        double factor = Rounding.addUp(1, excess + 4 * Rounding.UNIT);
        return OptionalDouble.of(terms == 0 ? 0 : Rounding.multiplyUp(Rounding.sumUp(sum, terms), factor));
    }
}
