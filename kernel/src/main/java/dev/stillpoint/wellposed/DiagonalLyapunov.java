package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.DenseKernels;
import dev.stillpoint.internal.analysis.Rounding;
import java.util.Arrays;

/// The diagonal-Lyapunov test: is there a diagonal `S > 0` with `S - gamma^2 A'SA > 0`?
///
/// With `S = D^2` that is `gamma |D A D^-1|_2 < 1`: the map contracts in the 2-norm of the states scaled by `D`.
/// `D` is constant on activation blocks, and `gamma` their largest constant. The search lowers `|D A D^-1|_2`, a
/// convex function of `log d`, in two phases:
///
/// * balancing: each state's row and column of the scaled matrix are given the same 2-norm, one state after the
///   other, which minimises the Frobenius norm;
/// * Schatten norms of growing order `2p`, whose minimiser satisfies `((BB')^p)_ii = ((B'B)^p)_ii` for the scaled
///   matrix `B`: each step multiplies `d_i` by the quotient of the two to the power `1/(8p)`.
///
/// What is found is verified by [SpectralNorm], with the rounding of the scaling added, so a positive answer is a
/// proof; a negative one says only that the search found nothing. The second phase ends when its multiply-adds
/// reach `2e9`: for a hundred states it converges, for a thousand it does not start.
///
/// Source: IDL-19 §3.2 (invariance under diagonal scaling).
final class DiagonalLyapunov {
    /// Largest order that is tried.
    static final int LARGEST = 1024;

    private static final int BALANCING_SWEEPS = 40;
    private static final int STEPS_PER_ORDER = 40;
    private static final int DOUBLINGS = 5;
    private static final double WORK = 2e9;

    private final double[][] a;
    private final int n;
    private final ActivationBlocks blocks;
    private final double gamma;
    private final double[] scale;
    private double work;

    private DiagonalLyapunov(double[][] a, ActivationBlocks blocks) {
        this.a = a;
        n = a.length;
        this.blocks = blocks;
        gamma = blocks.gamma();
        scale = new double[n];
        Arrays.fill(scale, 1);
    }

    /// The least verified upper bound of `gamma |D A D^-1|_2` that the search found: below 1, the test holds.
    static double bound(double[][] a, ActivationBlocks blocks) {
        return new DiagonalLyapunov(a, blocks).search();
    }

    private double search() {
        balance();
        double best = verified();
        for (int doubling = 1; doubling <= DOUBLINGS && best >= 1; doubling++) {
            for (int step = 0; step < STEPS_PER_ORDER; step++) {
                work += n * (double) n * n * (1 + 2 * doubling);
                if (work > WORK || !schattenStep(doubling)) {
                    break;
                }
            }
            best = Math.min(best, verified());
        }
        return best;
    }

    private double[][] scaled() {
        double[][] b = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                b[i][j] = a[i][j] == 0 ? 0 : a[i][j] * (scale[i] / scale[j]);
            }
        }
        return b;
    }

    /// The bound at the present scaling, whose factors are exact as they are stored.
    private double verified() {
        if (!(Arrays.stream(scale).max().orElse(1) / Arrays.stream(scale).min().orElse(1) < 0x1p900)) {
            return Double.POSITIVE_INFINITY;
        }
        double[][] b = scaled();
        double frobenius = 0;
        for (double[] row : b) {
            frobenius += DenseKernels.dot(row, row, n);
        }
        // Each entry is two roundings, and at most one underflow, away from the exact one.
        double error = Rounding.addUp(
                Rounding.multiplyUp(3 * Rounding.UNIT, Rounding.sqrtUp(Rounding.sumUp(frobenius, n * n))),
                n * 0x1p-1000);
        double bound = Rounding.multiplyUp(SpectralNorm.of(b, error).upper(), gamma);
        return Double.isNaN(bound) ? Double.POSITIVE_INFINITY : bound;
    }

    private void balance() {
        for (int sweep = 0; sweep < BALANCING_SWEEPS; sweep++) {
            double largest = 0;
            for (int l = 0; l < blocks.count(); l++) {
                double r = 0;
                double c = 0;
                for (int i = blocks.begin(l); i < blocks.begin(l + 1); i++) {
                    for (int j = 0; j < n; j++) {
                        if (blocks.blockOf(j) != l) {
                            double out = a[i][j] * (scale[i] / scale[j]);
                            double in = a[j][i] * (scale[j] / scale[i]);
                            r = Math.fma(out, out, r);
                            c = Math.fma(in, in, c);
                        }
                    }
                }
                if (r > 0 && c > 0 && r < Double.POSITIVE_INFINITY && c < Double.POSITIVE_INFINITY) {
                    largest = Math.max(largest, rescale(l, (Math.log(c) - Math.log(r)) / 4));
                }
            }
            if (largest < 0x1p-10) {
                return;
            }
        }
    }

    /// Multiplies the factors of a block by `exp(change)`; returns the size of the change.
    private double rescale(int block, double change) {
        double factor = Math.exp(change);
        for (int i = blocks.begin(block); i < blocks.begin(block + 1); i++) {
            scale[i] *= factor;
        }
        return Math.abs(change);
    }

    /// One step for `p = 2^doublings`; whether it changed anything noticeably.
    private boolean schattenStep(int doublings) {
        double[][] b = scaled();
        double[] left = powerDiagonal(transpose(b), doublings);
        double[] right = powerDiagonal(b, doublings);
        double exponent = 1 / (8.0 * (1 << doublings));
        double largest = 0;
        for (int block = 0; block < blocks.count(); block++) {
            double l = 0;
            double r = 0;
            for (int i = blocks.begin(block); i < blocks.begin(block + 1); i++) {
                l += left[i];
                r += right[i];
            }
            if (l > 0 && r > 0) {
                largest = Math.max(largest, rescale(block, exponent * (Math.log(r) - Math.log(l))));
            }
        }
        return largest > 0x1p-20;
    }

    /// The diagonal of `(M'M)^p`, up to a common factor.
    private static double[] powerDiagonal(double[][] m, int doublings) {
        int n = m.length;
        double[][] power = DenseKernels.gram(m, n);
        for (int k = 0; k < doublings; k++) {
            double trace = 0;
            for (int i = 0; i < n; i++) {
                trace += power[i][i];
                for (int j = 0; j < i; j++) {
                    power[i][j] = power[j][i];
                }
            }
            for (double[] row : power) {
                for (int j = 0; j < n; j++) {
                    row[j] /= trace;
                }
            }
            power = DenseKernels.gram(power, n);
        }
        double[] diagonal = new double[n];
        for (int i = 0; i < n; i++) {
            diagonal[i] = power[i][i];
        }
        return diagonal;
    }

    private static double[][] transpose(double[][] m) {
        int n = m.length;
        double[][] t = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                t[j][i] = m[i][j];
            }
        }
        return t;
    }
}
