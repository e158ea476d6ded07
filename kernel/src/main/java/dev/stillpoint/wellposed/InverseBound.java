package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.DenseKernels;
import dev.stillpoint.internal.analysis.Inverse;
import dev.stillpoint.internal.analysis.Rounding;
import org.jspecify.annotations.Nullable;

/// An entrywise upper bound of `(I - N)^-1` for a non-negative matrix `N` with `N w <= kappa w`, `w > 0`,
/// `kappa < 1`.
///
/// With any `G` and `E = I - (I - N) G` is `(I - N)^-1 = G + (I - N)^-1 E`, and for `v >= 0`
///
///     (I - N)^-1 v <= w max_i(v_i/w_i)/(1 - kappa),
///
/// so that the error of an approximate inverse is bounded column by column. `E` is computed from the upper bounds
/// of the entries, and its rounding is added: `gamma_(n+2)` times `I + |G| + N |G|`.
///
/// Accuracy: relative width about `n u` times the condition of `I - N`. Cost: `4 n^3` operations and three dense
/// matrices.
final class InverseBound {
    private InverseBound() {}

    /// The bound, or null where it is not finite.
    ///
    /// @param w a weight for each row
    /// @param kappa verified for the upper bounds of `n`
    static double @Nullable [][] of(NonNegativeMatrix n, double[] w, double kappa) {
        int size = n.size();
        double[][] g = new double[size][size];
        for (int i = 0; i < size; i++) {
            g[i][i] = 1;
            for (int p = n.start()[i]; p < n.start()[i + 1]; p++) {
                g[i][n.column()[p]] -= n.upper()[p];
            }
        }
        try {
            Inverse.invert(g);
        } catch (ArithmeticException singular) {
            return null;
        }
        double[] excess = excess(n, g, w);
        double rest = Rounding.subtractDown(1, kappa);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double more = Rounding.divideUp(Rounding.multiplyUp(w[i], excess[j]), rest);
                g[i][j] = Math.max(0, Rounding.addUp(g[i][j], more));
                if (!(g[i][j] < Double.POSITIVE_INFINITY)) {
                    return null;
                }
            }
        }
        return g;
    }

    /// Upper bounds of `max_i |E_ij|/w_i` for every column `j`.
    private static double[] excess(NonNegativeMatrix n, double[][] g, double[] w) {
        int size = n.size();
        double[] excess = new double[size];
        double[] sum = new double[size];
        double[] magnitude = new double[size];
        double[] row = new double[size];
        for (int i = 0; i < size; i++) {
            int entries = n.start()[i + 1] - n.start()[i];
            double gamma = Rounding.gamma(entries + 4L);
            for (int j = 0; j < size; j++) {
                sum[j] = (i == j ? 1 : 0) - g[i][j];
                magnitude[j] = (i == j ? 1 : 0) + Math.abs(g[i][j]);
            }
            for (int p = n.start()[i]; p < n.start()[i + 1]; p++) {
                double value = n.upper()[p];
                double[] other = g[n.column()[p]];
                DenseKernels.addMultiple(sum, value, other, 0);
                for (int j = 0; j < size; j++) {
                    row[j] = Math.abs(other[j]);
                }
                DenseKernels.addMultiple(magnitude, value, row, 0);
            }
            double tiny = (entries + 2) * Double.MIN_NORMAL;
            for (int j = 0; j < size; j++) {
                double error =
                        Rounding.addUp(Rounding.multiplyUp(gamma, Math.nextUp(magnitude[j] * (1 + gamma))), tiny);
                double bound = Rounding.divideUp(Rounding.addUp(Math.abs(sum[j]), error), w[i]);
                // A not-a-number must not be lost in a comparison.
                excess[j] = bound <= excess[j] ? excess[j] : bound;
            }
        }
        return excess;
    }
}
