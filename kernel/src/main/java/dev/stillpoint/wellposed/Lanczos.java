package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.DenseKernels;
import java.util.Random;

/// Estimates an extreme eigenvalue of a symmetric matrix, with its vector, by the Lanczos method with full
/// reorthogonalisation from a fixed pseudo-random start.
///
/// Nothing here is verified: the value steers a verified test ([SymmetricBound]), the vector makes a Rayleigh
/// quotient. Steps end when the residual of the Ritz pair is about `1e-8` of the largest Ritz value, whose error is
/// then about its square, or at the limit. Cost of step `k`: one product and `4 k n` operations.
final class Lanczos {
    private static final int MOST_STEPS = 300;
    private static final int CHECK_EVERY = 8;
    private static final double RESIDUAL = 0x1p-27;
    private static final double BREAKDOWN = 0x1p-46;

    /// A symmetric matrix as its product.
    @FunctionalInterface
    interface Product {
        /// Sets `y` to the product with `x`.
        void apply(double[] x, double[] y);
    }

    /// A Ritz pair.
    static final class Pair {
        private final double value;
        private final double[] vector;

        Pair(double value, double[] vector) {
            this.value = value;
            this.vector = vector;
        }

        double value() {
            return value;
        }

        /// About a unit vector; not to be written to.
        double[] vector() {
            return vector;
        }
    }

    private final int n;
    private final double[][] basis;
    private final double[] alpha;
    private final double[] beta;
    private int steps;

    private Lanczos(int n) {
        this.n = n;
        int most = Math.min(n, MOST_STEPS);
        basis = new double[most][];
        alpha = new double[most];
        beta = new double[most];
    }

    /// The largest eigenvalue of a matrix of order `n`.
    static Pair largest(int n, Product product) {
        return new Lanczos(n).run(product, 1);
    }

    /// The smallest eigenvalue of a matrix of order `n`.
    static Pair smallest(int n, Product product) {
        return new Lanczos(n).run(product, -1);
    }

    /// Works on `sign` times the matrix, towards its largest eigenvalue.
    private Pair run(Product product, double sign) {
        double[] v = start();
        double[] w = new double[n];
        while (true) {
            basis[steps] = v;
            product.apply(v, w);
            for (int i = 0; i < n; i++) {
                w[i] *= sign;
            }
            alpha[steps] = DenseKernels.dot(v, w, n);
            orthogonalise(w);
            double norm = Math.sqrt(DenseKernels.dot(w, w, n));
            beta[steps++] = norm;
            boolean last = steps == basis.length || !(norm > BREAKDOWN * scale());
            if (last || steps % CHECK_EVERY == 0) {
                double theta = TridiagonalEigenvalue.largest(alpha, beta, steps);
                double[] s = TridiagonalEigenvalue.vector(alpha, beta, steps, theta);
                if (last || norm * Math.abs(s[steps - 1]) <= RESIDUAL * scale()) {
                    return new Pair(sign * theta, combine(s));
                }
            }
            v = new double[n];
            for (int i = 0; i < n; i++) {
                v[i] = w[i] / norm;
            }
        }
    }

    private double[] start() {
        Random random = new Random(n);
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = random.nextGaussian();
        }
        double norm = Math.sqrt(DenseKernels.dot(v, v, n));
        for (int i = 0; i < n; i++) {
            v[i] /= norm;
        }
        return v;
    }

    /// Twice, because once leaves components of the size of the cancellation.
    private void orthogonalise(double[] w) {
        for (int pass = 0; pass < 2; pass++) {
            for (int k = steps; k >= 0; k--) {
                DenseKernels.addMultiple(w, -DenseKernels.dot(w, basis[k], n), basis[k], 0);
            }
        }
    }

    private double scale() {
        double scale = 0;
        for (int k = 0; k < steps; k++) {
            scale = Math.max(scale, Math.abs(alpha[k]) + beta[k]);
        }
        return scale;
    }

    private double[] combine(double[] s) {
        double[] vector = new double[n];
        for (int k = 0; k < steps; k++) {
            DenseKernels.addMultiple(vector, s[k], basis[k], 0);
        }
        return vector;
    }
}
