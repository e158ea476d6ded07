package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.DenseKernels;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import java.util.Arrays;

/// Verified bounds of the 2-norm, the largest singular value, of a dense matrix `M`.
///
/// Upper bound: `|M|_2^2 = lambda_max(M'M)`, with the product formed in floating point, its rounding bounded by
/// `gamma_m min(|M|_F^2, |M|_1 |M|_inf)`, and `lambda_max` bounded by [SymmetricBound] of the negated product.
/// Lower bound: `|Mx|_2 / |x|_2` at the vector of the estimate. `M` is scaled by a power of two beforehand, so
/// squares neither overflow nor vanish.
///
/// Accuracy: relative width about `m n u` for `m` rows, `n` columns, usually far less; with zero or one column or
/// row and for orthogonal columns a few units of rounding. Cost: `m n^2 + n^3/3` for `n <= m` and the Lanczos
/// method. Source: IDL-19 (2); S. M. Rump, Verified bounds for singular values, BIT 51 (2011).
public final class SpectralNorm {
    private SpectralNorm() {}

    /// Bounds of the 2-norm of `m`, which is not modified.
    ///
    /// @param m any number of rows and columns
    /// @throws IllegalArgumentException when a value is not finite
    public static Bracket of(Matrix m) {
        if (!m.isFinite()) {
            throw new IllegalArgumentException("the matrix holds a value that is not finite");
        }
        double[][] rows = new double[m.rows()][m.columns()];
        for (int i = 0; i < rows.length; i++) {
            m.getRow(i, rows[i], 0);
        }
        return of(rows);
    }

    /// Bounds of the 2-norm of `m`, one array a row, which is not modified.
    static Bracket of(double[][] m) {
        return of(m, 0);
    }

    /// Bounds of the 2-norm of any matrix within `perturbation` of `m` in the 2-norm.
    static Bracket of(double[][] m, double perturbation) {
        double max = 0;
        for (double[] row : m) {
            for (double value : row) {
                max = Math.max(max, Math.abs(value));
            }
        }
        if (max == 0) {
            return new Bracket(0, perturbation);
        }
        int exponent = Math.getExponent(max);
        Bracket scaled = ofScaled(scaled(m, -exponent));
        double lower = Rounding.subtractDown(unscaleDown(scaled.lower(), exponent), perturbation);
        double upper = Rounding.addUp(unscaleUp(scaled.upper(), exponent), perturbation);
        return perturbation == 0
                ? Bracket.ofBounds(0, unscaleDown(scaled.lower(), exponent), unscaleUp(scaled.upper(), exponent))
                : Bracket.ofBounds(0, lower, upper);
    }

    /// Whether every square matrix within `perturbation` of `m` is proved non-singular: its smallest singular value
    /// is `sqrt(lambda_min(M'M))`. Says no where that value is below about `sqrt(n u)` times the largest.
    static boolean isNonSingular(double[][] m, double perturbation) {
        double max = 0;
        for (double[] row : m) {
            for (double value : row) {
                max = Math.max(max, Math.abs(value));
            }
        }
        if (max == 0) {
            return false;
        }
        int exponent = Math.getExponent(max);
        int n = m.length;
        double[][] s = scaled(m, -exponent);
        double[][] gram = DenseKernels.gram(s, n);
        double error = Rounding.multiplyUp(Rounding.gamma(n), squareBound(s)) + 4.0 * n * n * Double.MIN_NORMAL;
        double estimate = Lanczos.smallest(n, new Gram(s)).value();
        double smallest = Rounding.sqrtDown(SymmetricBound.smallest(gram, Math.nextUp(error), estimate));
        return unscaleDown(smallest, exponent) > perturbation;
    }

    private static double unscaleUp(double value, int exponent) {
        double result = Math.scalb(value, exponent);
        return Math.scalb(result, -exponent) == value ? result : Math.nextUp(result);
    }

    private static double unscaleDown(double value, int exponent) {
        double result = Math.scalb(value, exponent);
        return Math.scalb(result, -exponent) == value ? result : Math.max(0, Math.nextDown(result));
    }

    /// `2^e m`, transposed where that has fewer columns. What underflows is far below the rounding of the rest.
    private static double[][] scaled(double[][] m, int e) {
        int rows = m.length;
        int columns = m[0].length;
        boolean transpose = columns > rows;
        double[][] s = new double[transpose ? columns : rows][transpose ? rows : columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double value = Math.scalb(m[i][j], e);
                if (transpose) {
                    s[j][i] = value;
                } else {
                    s[i][j] = value;
                }
            }
        }
        return s;
    }

    /// For a matrix of at most as many columns as rows with entries of size about 1.
    private static Bracket ofScaled(double[][] m) {
        int rows = m.length;
        int columns = m[0].length;
        // Entries far below 1 may have lost bits in scaling, and products may underflow.
        double vanished = 4.0 * rows * columns * Double.MIN_NORMAL;
        if (columns == 1) {
            double sum = 0;
            for (double[] row : m) {
                sum = Math.fma(row[0], row[0], sum);
            }
            boolean exact = rows == 1;
            return new Bracket(
                    exact ? Math.abs(m[0][0]) : Rounding.sqrtDown(Rounding.sumDown(sum, rows) - vanished),
                    exact ? Math.abs(m[0][0]) : Rounding.sqrtUp(Rounding.sumUp(sum, rows) + vanished));
        }
        double[][] gram = DenseKernels.gram(m, columns);
        double error = Rounding.addUp(Rounding.multiplyUp(Rounding.gamma(rows), squareBound(m)), vanished);
        negate(gram);
        Lanczos.Pair pair = Lanczos.largest(columns, new Gram(m));
        double largest = -SymmetricBound.smallest(gram, error, -pair.value());
        return Bracket.ofBounds(0, lower(m, pair.vector()), Rounding.sqrtUp(Math.max(0, largest)));
    }

    /// An upper bound of `| |M'| |M| |_2`, where `|.|` takes absolute values.
    private static double squareBound(double[][] m) {
        double frobenius = 0;
        int rows = m.length;
        int columns = m[0].length;
        double rowMax = 0;
        double[] columnSums = new double[columns];
        for (double[] row : m) {
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                double size = Math.abs(row[j]);
                frobenius = Math.fma(size, size, frobenius);
                sum += size;
                columnSums[j] += size;
            }
            rowMax = Math.max(rowMax, sum);
        }
        double columnMax = 0;
        for (double sum : columnSums) {
            columnMax = Math.max(columnMax, sum);
        }
        double product = Rounding.multiplyUp(Rounding.sumUp(rowMax, columns), Rounding.sumUp(columnMax, rows));
        return Math.min(product, Rounding.sumUp(frobenius, rows * columns));
    }

    private static void negate(double[][] gram) {
        for (int i = 0; i < gram.length; i++) {
            for (int j = i; j < gram.length; j++) {
                gram[i][j] = -gram[i][j];
            }
        }
    }

    /// A lower bound of `|Mx| / |x|`: `|y| - gamma_n |M|_F |x|` over `|x|` for the computed product `y`.
    private static double lower(double[][] m, double[] x) {
        int n = x.length;
        double frobenius = 0;
        double y = 0;
        for (double[] row : m) {
            double product = DenseKernels.dot(row, x, n);
            y = Math.fma(product, product, y);
            frobenius += DenseKernels.dot(row, row, n);
        }
        int terms = m.length * n;
        double xUp = Rounding.sqrtUp(Rounding.sumUp(DenseKernels.dot(x, x, n), n));
        double yDown = Rounding.sqrtDown(Rounding.sumDown(y, m.length));
        double rounding = Rounding.multiplyUp(
                Rounding.multiplyUp(Rounding.gamma(n + 1), Rounding.sqrtUp(Rounding.sumUp(frobenius, terms))), xUp);
        double vanished = 4.0 * terms * Double.MIN_NORMAL;
        return Math.max(0, Rounding.divideDown(Rounding.subtractDown(yDown, rounding), xUp) - vanished);
    }

    /// The product with `M'M`.
    private static final class Gram implements Lanczos.Product {
        private final double[][] m;

        Gram(double[][] m) {
            this.m = m;
        }

        @Override
        public void apply(double[] x, double[] y) {
            Arrays.fill(y, 0);
            for (double[] row : m) {
                DenseKernels.addMultiple(y, DenseKernels.dot(row, x, x.length), row, 0);
            }
        }
    }
}
