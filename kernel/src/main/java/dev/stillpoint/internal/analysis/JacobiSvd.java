package dev.stillpoint.internal.analysis;

import java.util.Arrays;
import java.util.Comparator;

/// The singular value decomposition `G = Y W'` of a real matrix by one-sided Jacobi rotations: `W` orthogonal, the
/// columns of `Y = GW` orthogonal to each other with the singular values for lengths, largest first.
///
/// Sweeps of plane rotations make each pair of columns orthogonal in turn, until a whole sweep finds every pair with
/// `|y_i'y_j| <= tolerance |y_i| |y_j|`. A rotation by the smaller angle is used, with which the sweeps converge,
/// in the end quadratically. A column shorter than one unit of rounding of the longest is noise, which no rotation
/// makes orthogonal; it stays as it is. Columns are scaled by one power of two so that their squares neither
/// overflow nor vanish.
///
/// Accuracy: `|Y - GW|`, the singular values and `|W'W - I|` to a few units of rounding of `|G|`, and of 1, a sweep.
/// Cost: about `6 n k^2` operations a sweep for `k` columns of `n` values; six to ten sweeps. Source:
/// M. R. Hestenes, Inversion of matrices by biorthogonalization and related results, J. SIAM 6 (1958).
public final class JacobiSvd {
    private static final int MOST_SWEEPS = 60;

    private final double[][] scaledLeft;
    private final double[][] right;
    private final double[] values;

    private JacobiSvd(double[][] scaledLeft, double[][] right, double[] values) {
        this.scaledLeft = scaledLeft;
        this.right = right;
        this.values = values;
    }

    /// The decomposition of the matrix whose columns are given.
    ///
    /// @param columns the columns of `G`, all of one length and no more than that, finite values, not modified
    /// @throws IllegalArgumentException when there are more columns than rows
    /// @throws IllegalStateException when the sweeps do not converge
    public static JacobiSvd ofColumns(double[][] columns) {
        int k = columns.length;
        if (k > 0 && columns[0].length < k) {
            throw new IllegalArgumentException(
                    "%d columns of %d values, expected no more columns than values".formatted(k, columns[0].length));
        }
        double largest = 0;
        for (double[] column : columns) {
            for (double value : column) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        int exponent = largest == 0 ? 0 : Math.getExponent(largest);
        double[][] y = new double[k][];
        double[][] w = new double[k][k];
        for (int i = 0; i < k; i++) {
            y[i] = columns[i].clone();
            scale(y[i], -exponent);
            w[i][i] = 1;
        }
        double tolerance = Math.max(8, k == 0 ? 0 : columns[0].length) * 0x1p-53;
        double longest = 0;
        for (double[] column : y) {
            longest = Math.max(longest, DenseKernels.dot(column, column, column.length));
        }
        double noise = longest * 0x1p-106;
        int sweep = 0;
        while (sweep(y, w, tolerance, noise)) {
            if (++sweep == MOST_SWEEPS) {
                throw new IllegalStateException("Jacobi rotations have not converged in " + MOST_SWEEPS + " sweeps");
            }
        }
        return sorted(y, w, exponent);
    }

    private static JacobiSvd sorted(double[][] y, double[][] w, int exponent) {
        int k = y.length;
        double[] lengths = new double[k];
        Integer[] order = new Integer[k];
        for (int i = 0; i < k; i++) {
            lengths[i] = Math.sqrt(DenseKernels.dot(y[i], y[i], y[i].length));
            scale(y[i], exponent);
            order[i] = i;
        }
        Arrays.sort(order, Comparator.comparingDouble(i -> -lengths[i]));
        double[][] left = new double[k][];
        double[][] right = new double[k][];
        double[] values = new double[k];
        for (int i = 0; i < k; i++) {
            left[i] = y[order[i]];
            right[i] = w[order[i]];
            values[i] = Math.scalb(lengths[order[i]], exponent);
        }
        return new JacobiSvd(left, right, values);
    }

    private static void scale(double[] column, int exponent) {
        for (int i = 0; i < column.length; i++) {
            column[i] = Math.scalb(column[i], exponent);
        }
    }

    /// Whether a rotation was needed.
    private static boolean sweep(double[][] y, double[][] w, double tolerance, double noise) {
        boolean rotated = false;
        for (int i = 0; i < y.length; i++) {
            for (int j = i + 1; j < y.length; j++) {
                double alpha = DenseKernels.dot(y[i], y[i], y[i].length);
                double beta = DenseKernels.dot(y[j], y[j], y[j].length);
                double product = DenseKernels.dot(y[i], y[j], y[i].length);
                boolean orthogonal = Math.abs(product) <= tolerance * Math.sqrt(alpha) * Math.sqrt(beta);
                if (orthogonal || Math.min(alpha, beta) <= noise) {
                    continue;
                }
                rotated = true;
                double zeta = (beta - alpha) / (2 * product);
                double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
                double cosine = 1 / Math.sqrt(Math.fma(t, t, 1));
                rotate(y[i], y[j], cosine, cosine * t);
                rotate(w[i], w[j], cosine, cosine * t);
            }
        }
        return rotated;
    }

    private static void rotate(double[] a, double[] b, double cosine, double sine) {
        for (int i = 0; i < a.length; i++) {
            double left = a[i];
            double right = b[i];
            a[i] = cosine * left - sine * right;
            b[i] = sine * left + cosine * right;
        }
    }

    /// How many columns there are.
    public int size() {
        return values.length;
    }

    /// The `i`-th singular value, largest first.
    public double value(int i) {
        return values[i];
    }

    /// Column `i` of `Y`: the left singular vector times its value; not to be written to.
    public double[] scaledLeft(int i) {
        return scaledLeft[i];
    }

    /// Column `i` of `W`: the right singular vector; not to be written to.
    public double[] right(int i) {
        return right[i];
    }
}
