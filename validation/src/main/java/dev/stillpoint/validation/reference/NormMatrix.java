package dev.stillpoint.validation.reference;

/// The matrix of norms `N(A, gamma)`: `N_lh = gamma |A_lh|_2` over the blocks of the activation, which is
/// `gamma |a_ij|` for a componentwise one. Source: IDL-21 (2.4).
///
/// The values are upper bounds, attained to a few units of rounding times the size of a block.
public final class NormMatrix {
    private static final double UNIT = 0x1p-53;
    private static final int MAX_SWEEPS = 30;

    private NormMatrix() {}

    /// `N(A, gamma)` of a square matrix, one row for every block; a new array.
    public static double[][] of(double[][] a, ReferenceActivation activation) {
        return of(a, activation.blockSize(), activation.lipschitz());
    }

    /// `factor |A_lh|_2` over blocks of `block` values.
    static double[][] of(double[][] a, int block, double factor) {
        int blocks = a.length / block;
        double[][] norms = new double[blocks][blocks];
        for (int l = 0; l < blocks; l++) {
            for (int h = 0; h < blocks; h++) {
                double norm = block == 1 ? Math.abs(a[l][h]) : blockNorm(a, l * block, h * block, block);
                norms[l][h] = factor == 1 ? norm : factor * norm * (1 + 4 * UNIT);
            }
        }
        return norms;
    }

    /// The square root of the largest eigenvalue of `M'M`, which plane rotations make nearly diagonal (Jacobi): at
    /// most the largest diagonal value and the Frobenius norm of what is left beside the diagonal (Weyl).
    /// Rounding: a sweep of `size` rotations of each row changes the eigenvalues by less than `8 size` units of
    /// `|M|_F^2`.
    private static double blockNorm(double[][] a, int row, int column, int size) {
        double[][] gram = new double[size][size];
        double trace = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                for (int k = 0; k < size; k++) {
                    gram[i][j] += a[row + k][column + i] * a[row + k][column + j];
                }
            }
            trace += gram[i][i];
        }
        if (trace == 0) {
            return 0;
        }
        int sweeps = 0;
        while (sweeps < MAX_SWEEPS && beside(gram) > UNIT * trace) {
            sweep(gram);
            sweeps++;
        }
        double largest = 0;
        for (int i = 0; i < size; i++) {
            largest = Math.max(largest, gram[i][i]);
        }
        return Math.sqrt(largest + beside(gram) + (8.0 * sweeps + 4) * size * UNIT * trace) * (1 + 4 * UNIT);
    }

    private static double beside(double[][] gram) {
        double sum = 0;
        for (int i = 0; i < gram.length; i++) {
            for (int j = 0; j < gram.length; j++) {
                sum += i == j ? 0 : gram[i][j] * gram[i][j];
            }
        }
        return Math.sqrt(sum);
    }

    private static void sweep(double[][] gram) {
        int size = gram.length;
        for (int i = 0; i < size; i++) {
            for (int j = i + 1; j < size; j++) {
                if (gram[i][j] == 0) {
                    continue;
                }
                double theta = (gram[j][j] - gram[i][i]) / (2 * gram[i][j]);
                double tangent = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
                double cosine = 1 / Math.sqrt(tangent * tangent + 1);
                double sine = tangent * cosine;
                for (int k = 0; k < size; k++) {
                    double left = gram[k][i];
                    double right = gram[k][j];
                    gram[k][i] = cosine * left - sine * right;
                    gram[k][j] = sine * left + cosine * right;
                }
                for (int k = 0; k < size; k++) {
                    double upper = gram[i][k];
                    double lower = gram[j][k];
                    gram[i][k] = cosine * upper - sine * lower;
                    gram[j][k] = sine * upper + cosine * lower;
                }
            }
        }
    }
}
