package dev.stillpoint.internal.analysis;

/// Loops over dense matrices, one array a row, written so that the compiler vectorises them.
///
/// Every result is a sum of products in some order with fused multiply-adds, so the bounds of [Rounding] and the
/// classical error bound of the Cholesky factorisation hold.
public final class DenseKernels {
    private DenseKernels() {}

    /// `sum_i a_i b_i` over the first `n` elements, in eight interleaved chains.
    public static double dot(double[] a, double[] b, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = 0;
        for (; i + 8 <= n; i += 8) {
            s0 = Math.fma(a[i], b[i], s0);
            s1 = Math.fma(a[i + 1], b[i + 1], s1);
            s2 = Math.fma(a[i + 2], b[i + 2], s2);
            s3 = Math.fma(a[i + 3], b[i + 3], s3);
            s4 = Math.fma(a[i + 4], b[i + 4], s4);
            s5 = Math.fma(a[i + 5], b[i + 5], s5);
            s6 = Math.fma(a[i + 6], b[i + 6], s6);
            s7 = Math.fma(a[i + 7], b[i + 7], s7);
        }
        for (; i < n; i++) {
            s0 = Math.fma(a[i], b[i], s0);
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /// `y += f x` from element `from` on.
    public static void addMultiple(double[] y, double f, double[] x, int from) {
        for (int j = from; j < y.length; j++) {
            y[j] = Math.fma(f, x[j], y[j]);
        }
    }

    /// `y += f0 x0 + f1 x1 + f2 x2 + f3 x3` from element `from` on, in this order.
    public static void addMultiples(
            double[] y,
            double f0,
            double[] x0,
            double f1,
            double[] x1,
            double f2,
            double[] x2,
            double f3,
            double[] x3,
            int from) {
        for (int j = from; j < y.length; j++) {
            y[j] = Math.fma(f3, x3[j], Math.fma(f2, x2[j], Math.fma(f1, x1[j], Math.fma(f0, x0[j], y[j]))));
        }
    }

    /// The upper triangle of `M'M`, a new matrix: `columns` by `columns`, for `M` with rows of `columns` elements.
    public static double[][] gram(double[][] m, int columns) {
        double[][] gram = new double[columns][columns];
        int k = 0;
        for (; k + 4 <= m.length; k += 4) {
            double[] m0 = m[k];
            double[] m1 = m[k + 1];
            double[] m2 = m[k + 2];
            double[] m3 = m[k + 3];
            for (int i = 0; i < columns; i++) {
                if (m0[i] != 0 || m1[i] != 0 || m2[i] != 0 || m3[i] != 0) {
                    addMultiples(gram[i], m0[i], m0, m1[i], m1, m2[i], m2, m3[i], m3, i);
                }
            }
        }
        for (; k < m.length; k++) {
            for (int i = 0; i < columns; i++) {
                if (m[k][i] != 0) {
                    addMultiple(gram[i], m[k][i], m[k], i);
                }
            }
        }
        return gram;
    }

    /// Replaces the upper triangle of a symmetric matrix `H` by `R` with `R'R = H`, if it is positive definite to
    /// working precision; else returns false, `h` half overwritten. What lies below the diagonal is neither read
    /// nor written.
    public static boolean cholesky(double[][] h) {
        int n = h.length;
        for (int k = 0; k < n; k++) {
            double[] row = h[k];
            int j = 0;
            for (; j + 4 <= k; j += 4) {
                double f0 = -h[j][k];
                double f1 = -h[j + 1][k];
                double f2 = -h[j + 2][k];
                double f3 = -h[j + 3][k];
                if (f0 != 0 || f1 != 0 || f2 != 0 || f3 != 0) {
                    addMultiples(row, f0, h[j], f1, h[j + 1], f2, h[j + 2], f3, h[j + 3], k);
                }
            }
            for (; j < k; j++) {
                addMultiple(row, -h[j][k], h[j], k);
            }
            if (!(row[k] > 0)) {
                return false;
            }
            double root = Math.sqrt(row[k]);
            row[k] = root;
            for (int c = k + 1; c < n; c++) {
                row[c] /= root;
            }
        }
        return true;
    }
}
