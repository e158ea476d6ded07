package dev.stillpoint.wellposed;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Exact arithmetic on matrices of doubles, as the truth that bounds are compared with.
final class Exact {
    private Exact() {}

    static BigDecimal[][] of(double[][] a) {
        BigDecimal[][] exact = new BigDecimal[a.length][];
        for (int i = 0; i < a.length; i++) {
            exact[i] = new BigDecimal[a[i].length];
            for (int j = 0; j < a[i].length; j++) {
                exact[i][j] = new BigDecimal(a[i][j]);
            }
        }
        return exact;
    }

    /// Whether `t > lambda_PF(m)` for a non-negative `m`: `tI - m` is then a non-singular M-matrix, all of whose
    /// leading principal minors are positive, and not otherwise.
    static boolean exceedsPerronFrobenius(double[][] m, double t) {
        return hasPositiveMinors(shifted(of(m), new BigDecimal(t)));
    }

    /// Whether `t <= lambda_min(h)`, up to equality of the two: whether `h - tI` is positive definite.
    static boolean isBelowSpectrum(BigDecimal[][] h, double t) {
        BigDecimal[][] negated = new BigDecimal[h.length][h.length];
        BigDecimal[][] shifted = shifted(h, new BigDecimal(t));
        for (int i = 0; i < h.length; i++) {
            for (int j = 0; j < h.length; j++) {
                negated[i][j] = shifted[i][j].negate();
            }
        }
        return hasPositiveMinors(negated);
    }

    /// Whether `t > |m|_2`: whether `t^2 I - m'm` is positive definite.
    static boolean exceedsNorm(BigDecimal[][] m, double t) {
        int n = m[0].length;
        BigDecimal[][] gram = new BigDecimal[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                BigDecimal sum = BigDecimal.ZERO;
                for (BigDecimal[] row : m) {
                    sum = sum.add(row[i].multiply(row[j]));
                }
                gram[i][j] = sum;
            }
        }
        BigDecimal square = new BigDecimal(t).multiply(new BigDecimal(t));
        return hasPositiveMinors(shifted(gram, square));
    }

    /// `I - (a + a')/2`.
    static BigDecimal[][] symmetricPart(double[][] a) {
        BigDecimal[][] exact = of(a);
        BigDecimal half = new BigDecimal("0.5");
        BigDecimal[][] h = new BigDecimal[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                BigDecimal unit = i == j ? BigDecimal.ONE : BigDecimal.ZERO;
                h[i][j] = unit.subtract(exact[i][j].add(exact[j][i]).multiply(half));
            }
        }
        return h;
    }

    /// `I - a`.
    static BigDecimal[][] complement(double[][] a) {
        return shifted(of(a), BigDecimal.ONE);
    }

    /// `tI - m`.
    private static BigDecimal[][] shifted(BigDecimal[][] m, BigDecimal t) {
        BigDecimal[][] s = new BigDecimal[m.length][m.length];
        for (int i = 0; i < m.length; i++) {
            for (int j = 0; j < m.length; j++) {
                s[i][j] = (i == j ? t : BigDecimal.ZERO).subtract(m[i][j]);
            }
        }
        return s;
    }

    /// Whether all leading principal minors are positive: the pivots of fraction-free elimination in integers.
    private static boolean hasPositiveMinors(BigDecimal[][] m) {
        int n = m.length;
        int scale = 0;
        for (BigDecimal[] row : m) {
            for (BigDecimal value : row) {
                scale = Math.max(scale, value.scale());
            }
        }
        BigInteger[][] a = new BigInteger[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = m[i][j].setScale(scale).unscaledValue();
            }
        }
        BigInteger previous = BigInteger.ONE;
        for (int k = 0; k < n; k++) {
            if (a[k][k].signum() <= 0) {
                return false;
            }
            for (int i = k + 1; i < n; i++) {
                for (int j = k + 1; j < n; j++) {
                    a[i][j] = a[i][j].multiply(a[k][k])
                            .subtract(a[i][k].multiply(a[k][j]))
                            .divide(previous);
                }
            }
            previous = a[k][k];
        }
        return true;
    }
}
