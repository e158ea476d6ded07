package dev.stillpoint.validation.reference;

import java.util.Arrays;
import java.util.Optional;

/// A proof that `f(x) = phi(Ax + b)` contracts, and the error bound that follows.
///
/// With `N = N(A, gamma)` and `eta(v)` the block norms, `eta(f(x) - f(y)) <= N eta(x - y)`. Where some `w > 0` has
/// `N w <= kappa w` with `kappa < 1`, there is one fixed point, and `x* - x = (f(x*) - f(x)) + (f(x) - x)` gives
///
///     eta(x* - x) <= (I - N)^-1 eta(r),   r = f(x) - x.
///
/// The inverse is computed by elimination and then made an upper bound: with `E = I - (I - N) M` for the computed
/// `M`, `(I - N)^-1 = M + (I - N)^-1 E`, and column by column `(I - N)^-1 |E| <= w max_i(|E_ij|/w_i)/(1 - kappa)`,
/// because `(I - N) w >= (1 - kappa) w`. The rounding of `E` itself is added to it. Source: IDL-21 Theorem 2.2 and
/// Theorem 4.1.
final class Contraction {
    private static final double UNIT = 0x1p-53;

    private final double[][] inverse;
    private final double[] rowNorms;

    private Contraction(double[][] inverse) {
        this.inverse = inverse;
        rowNorms = new double[inverse.length];
        for (int l = 0; l < inverse.length; l++) {
            rowNorms[l] = Norms.two(inverse[l]) * (1 + (inverse.length + 4) * UNIT);
        }
    }

    /// The proof, where there is one. Costs about `4 L^3` operations for `L` blocks.
    static Optional<Contraction> of(ReferenceEquation equation) {
        double[][] norms = NormMatrix.of(equation.stateMatrix(), equation.activation());
        int n = norms.length;
        double[][] gap = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                gap[i][j] = (i == j ? 1 : 0) - norms[i][j];
            }
        }
        DenseLu lu = DenseLu.factorise(gap);
        if (lu == null) {
            return Optional.empty();
        }
        double[][] inverse = new double[n][n];
        double[] unit = new double[n];
        for (int j = 0; j < n; j++) {
            unit[j] = 1;
            double[] column = lu.solve(unit);
            for (int i = 0; i < n; i++) {
                inverse[i][j] = Math.max(column[i], 0);
            }
            unit[j] = 0;
        }
        double[] weights = rowSums(inverse);
        double kappa = contraction(norms, weights);
        if (!(kappa < 1)) {
            return Optional.empty();
        }
        addDefect(norms, inverse, weights, kappa);
        return Optional.of(new Contraction(inverse));
    }

    /// `(I - N)^-1 (c + rho)` for every `c >= 0` with `|c|_2 <= norm`: `|row|_2 norm + row rho`.
    double[] bound(double norm, double[] rho) {
        int n = inverse.length;
        double[] bound = new double[n];
        for (int l = 0; l < n; l++) {
            double sum = rowNorms[l] * norm;
            for (int h = 0; h < n; h++) {
                sum += inverse[l][h] * rho[h];
            }
            bound[l] = sum * (1 + (n + 2) * UNIT);
        }
        return bound;
    }

    private static double[] rowSums(double[][] matrix) {
        double[] sums = new double[matrix.length];
        for (int i = 0; i < sums.length; i++) {
            for (double value : matrix[i]) {
                sums[i] += value;
            }
        }
        return sums;
    }

    /// The smallest `kappa` with `N w <= kappa w`, rounded up; not below 1 where `w` is not positive and finite.
    private static double contraction(double[][] norms, double[] w) {
        double kappa = 0;
        for (int i = 0; i < w.length; i++) {
            if (!(w[i] > 0 && w[i] < Double.POSITIVE_INFINITY)) {
                return Double.POSITIVE_INFINITY;
            }
            double sum = 0;
            for (int j = 0; j < w.length; j++) {
                sum += norms[i][j] * w[j];
            }
            kappa = Math.max(kappa, sum * (1 + (w.length + 2) * UNIT) / w[i]);
        }
        return kappa;
    }

    /// Adds `w delta'` to the computed inverse `M`, with `delta_j = max_i(|E_ij|/w_i)/(1 - kappa)`. The products
    /// in `E = I - M + NM` have a rounding error of at most `(n + 2) u (I + M + NM)`, all being nonnegative.
    private static void addDefect(double[][] norms, double[][] inverse, double[] w, double kappa) {
        int n = w.length;
        double units = (n + 4) * UNIT;
        double[] delta = new double[n];
        double[] product = new double[n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(product, 0);
            for (int k = 0; k < n; k++) {
                double norm = norms[i][k];
                if (norm != 0) {
                    for (int j = 0; j < n; j++) {
                        product[j] += norm * inverse[k][j];
                    }
                }
            }
            for (int j = 0; j < n; j++) {
                double one = i == j ? 1 : 0;
                double defect = Math.abs(one - inverse[i][j] + product[j]);
                double rounding = units * (one + inverse[i][j] + product[j]);
                delta[j] = Math.max(delta[j], (defect + rounding) / w[i]);
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                inverse[i][j] += w[i] * delta[j] / (1 - kappa) * (1 + 8 * UNIT);
            }
        }
    }
}
