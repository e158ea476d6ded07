package dev.stillpoint.wellposed;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import java.util.Random;

/// Matrices that several tests use.
final class Matrices {
    private Matrices() {}

    static double[][] rows(double[]... rows) {
        return rows;
    }

    static SparseMatrix sparse(double[][] a) {
        return SparseMatrix.of(LinearOperator.dense(Matrix.ofRows(a)));
    }

    static LinearOperator operator(double[][] a) {
        return LinearOperator.dense(Matrix.ofRows(a));
    }

    static NonNegativeMatrix absolute(double[][] a) {
        return NonNegativeMatrix.absolute(sparse(a));
    }

    /// Standard normal entries, each zero with probability `1 - density`, times `scale`.
    static double[][] random(Random random, int n, double density, double scale) {
        double[][] a = new double[n][n];
        for (double[] row : a) {
            for (int j = 0; j < n; j++) {
                row[j] = random.nextDouble() < density ? scale * random.nextGaussian() : 0;
            }
        }
        return a;
    }

    /// `(((31 i^2 + 17 j^2 + 7 ij + 3 i + 11 j) mod 101) - 50) / 64`, in the sparse variant zero where
    /// `(7 i + 13 j + ij) mod 9` is not zero. The constants of the tests come from numpy 2.4.6:
    /// `numpy.linalg.eigvals(abs(a)).real.max()`, `norm(a, 2)`, `eigvalsh(eye(n) - (a + a.T)/2)[0]` and
    /// `norm(eye(n) - a, 2)` of this matrix.
    static double[][] formula(int n, boolean sparse) {
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double value = ((i * i * 31 + j * j * 17 + i * j * 7 + i * 3 + j * 11) % 101 - 50) / 64.0;
                a[i][j] = sparse && (i * 7 + j * 13 + i * j) % 9 != 0 ? 0 : value;
            }
        }
        return a;
    }

    /// The cycle `i -> i + 1 mod n` with the given weights.
    static double[][] cycle(double... weights) {
        int n = weights.length;
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            a[i][(i + 1) % n] = weights[i];
        }
        return a;
    }
}
