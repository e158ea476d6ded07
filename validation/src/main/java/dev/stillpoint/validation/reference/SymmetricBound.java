package dev.stillpoint.validation.reference;

/// Lower bounds on the smallest eigenvalue of a symmetric matrix that hold in spite of rounding.
///
/// Where the Cholesky factorisation of `S - cI` runs to its end in floating-point arithmetic, every eigenvalue of
/// `S` is
/// at least `c - (n + 2) u trace(S - cI) / (1 - (n + 2) u)`. The largest such `c` is found by bisection. Source:
/// Rump, "Verification of positive definiteness", BIT 46, 2006, Theorem 2.3.
public final class SymmetricBound {
    private static final double UNIT = 0x1p-53;
    private static final double SPREAD = 0x1p-20;
    private static final int MAX_STEPS = 60;

    private SymmetricBound() {}

    /// A lower bound on the smallest eigenvalue of `matrix`, short of it by about `2^-20` of the largest magnitude
    /// of an
    /// eigenvalue at most; minus infinity where there is none. Costs some 25 factorisations of `n^3/3` operations.
    ///
    /// @param matrix square and symmetric, not modified; the upper triangle is not read
    public static double smallestEigenvalue(double[][] matrix) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        for (int i = 0; i < matrix.length; i++) {
            double radius = 0;
            for (int j = 0; j < matrix.length; j++) {
                radius += i == j ? 0 : Math.abs(i > j ? matrix[i][j] : matrix[j][i]);
            }
            low = Math.min(low, matrix[i][i] - radius);
            high = Math.min(high, matrix[i][i]);
        }
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (size == 0) {
            return 0;
        }
        low -= SPREAD * size;
        double best = Double.NEGATIVE_INFINITY;
        double shift = low;
        for (int step = 0; step < MAX_STEPS; step++) {
            if (isPositiveDefinite(matrix, shift)) {
                best = Math.max(best, shift - rounding(matrix, shift));
                low = shift;
            } else {
                high = shift;
            }
            if (high - low <= SPREAD * size) {
                break;
            }
            shift = low + (high - low) / 2;
        }
        return best;
    }

    /// An upper bound on `|M|_2`: `M'M` has no eigenvalue above `c` where `-M'M` has none below `-c`.
    public static double norm2(double[][] matrix) {
        int n = matrix.length;
        double[][] negated = new double[n][n];
        double frobenius = 0;
        for (double[] row : matrix) {
            for (int i = 0; i < n; i++) {
                double value = row[i];
                frobenius += value * value;
                if (value != 0) {
                    for (int j = 0; j <= i; j++) {
                        negated[i][j] -= value * row[j];
                    }
                }
            }
        }
        double square = (n + 1) * UNIT * frobenius - smallestEigenvalue(negated);
        return Math.sqrt(Math.max(0, square)) * (1 + 4 * UNIT);
    }

    /// `(M + M')/2`.
    public static double[][] symmetricPart(double[][] matrix) {
        int n = matrix.length;
        double[][] part = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                part[i][j] = (matrix[i][j] + matrix[j][i]) / 2;
            }
        }
        return part;
    }

    private static double rounding(double[][] matrix, double shift) {
        double trace = 0;
        double diagonal = 0;
        for (int i = 0; i < matrix.length; i++) {
            trace += Math.abs(matrix[i][i] - shift);
            diagonal = Math.max(diagonal, Math.abs(matrix[i][i]) + Math.abs(shift));
        }
        double units = (matrix.length + 2) * UNIT;
        return units * trace / (1 - units) * (1 + 2 * units) + 2 * UNIT * diagonal;
    }

    private static boolean isPositiveDefinite(double[][] matrix, double shift) {
        int n = matrix.length;
        double[][] factor = new double[n][];
        for (int i = 0; i < n; i++) {
            factor[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double sum = i == j ? matrix[i][i] - shift : matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= factor[i][k] * factor[j][k];
                }
                if (i != j) {
                    factor[i][j] = sum / factor[j][j];
                } else if (sum > 0) {
                    factor[i][i] = Math.sqrt(sum);
                } else {
                    return false;
                }
            }
        }
        return true;
    }
}
