package dev.stillpoint.trainer.experiment;

import dev.stillpoint.matrix.Matrix;
import java.util.concurrent.CancellationException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/// Fits `C` of `y = Cx` to classes by ridge regression: minimises `sum_s |C x_s - t_s|^2 + mu sum_{ij} C_ij^2` over the
/// training samples, where `t_s` has 1 at the sample's class and 0 elsewhere.
///
/// The last unit of a state is the constant 1, so its column of `C` is the offset; that column is not penalised. The
/// normal equations `(X'X + mu I) C' = X'T` are formed and solved in double precision, by Cholesky factorisation. `mu`
/// is the multiple `10^-8, 10^-7, ..., 1` of the mean diagonal of `X'X` that does best, in squared error, on the last
/// fifth of the training samples when fitted to the others; `C` is then fitted to all of them. Sums run over samples in
/// order, so equal states give equal bits.
final class RidgeReadout {
    private static final int CANDIDATES = 9;
    private static final double SMALLEST = 1e-8;
    private static final int BLOCK = 512;

    private final Matrix c;
    private final double penalty;
    private final double heldOutError;

    private RidgeReadout(Matrix c, double penalty, double heldOutError) {
        this.c = c;
        this.penalty = penalty;
        this.heldOutError = heldOutError;
    }

    /// Fits.
    ///
    /// @param states `(samples, n)`, at least 5 samples, the last column 1
    /// @param labels the class of every sample
    /// @param classes number of classes
    /// @param progress told of samples, then of candidates
    /// @throws CancellationException when the thread is interrupted; its interrupt flag stays set
    static RidgeReadout fit(Matrix states, int[] labels, int classes, Progress progress) {
        String phase = "Fitting the outputs";
        int samples = states.rows();
        int fitted = samples - samples / 5;
        long total = samples + (long) CANDIDATES * BLOCK;
        progress.report(phase, 0, total);
        Moments fit = new Moments(states.columns(), classes);
        Moments heldOut = new Moments(states.columns(), classes);
        for (int first = 0; first < samples; ) {
            checkInterrupt();
            int end = Math.min(first + BLOCK, first < fitted ? fitted : samples);
            (first < fitted ? fit : heldOut).add(states, labels, first, end);
            progress.report(phase, end, total);
            first = end;
        }
        double scale = CommonOps_DDRM.trace(fit.gram) / states.columns();
        double best = 0;
        double least = Double.POSITIVE_INFINITY;
        double multiple = SMALLEST;
        for (int candidate = 0; candidate < CANDIDATES; candidate++) {
            checkInterrupt();
            double error = heldOut.squaredError(fit.solve(multiple * scale)) / (samples - fitted);
            if (error < least) {
                least = error;
                best = multiple * scale;
            }
            multiple *= 10;
            progress.report(phase, samples + (long) (candidate + 1) * BLOCK, total);
        }
        fit.add(heldOut);
        DMatrixRMaj solution = fit.solve(best);
        CommonOps_DDRM.transpose(solution);
        return new RidgeReadout(
                Matrix.of(solution.data, classes, states.columns()).frozen(), best, least);
    }

    private static void checkInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the fit was interrupted");
        }
    }

    /// `C`, `(classes, n)`, FP64.
    Matrix c() {
        return c;
    }

    /// The chosen `mu`.
    double penalty() {
        return penalty;
    }

    /// The mean of `|C x - t|^2` over the held-out samples, at the chosen `mu`.
    double heldOutError() {
        return heldOutError;
    }

    /// `X'X`, `X'T` and the number of samples.
    private static final class Moments {
        private final DMatrixRMaj gram;
        private final DMatrixRMaj cross;
        private final DMatrixRMaj blockGram;
        private int samples;

        Moments(int n, int classes) {
            gram = new DMatrixRMaj(n, n);
            cross = new DMatrixRMaj(n, classes);
            blockGram = new DMatrixRMaj(n, n);
        }

        void add(Matrix states, int[] labels, int first, int end) {
            int n = gram.numCols;
            DMatrixRMaj block = new DMatrixRMaj(end - first, n);
            for (int i = 0; i < end - first; i++) {
                states.getRow(first + i, block.data, i * n);
                for (int j = 0; j < n; j++) {
                    cross.data[j * cross.numCols + labels[first + i]] += block.data[i * n + j];
                }
            }
            CommonOps_DDRM.multInner(block, blockGram);
            CommonOps_DDRM.addEquals(gram, blockGram);
            samples += end - first;
        }

        void add(Moments other) {
            CommonOps_DDRM.addEquals(gram, other.gram);
            CommonOps_DDRM.addEquals(cross, other.cross);
            samples += other.samples;
        }

        /// `C'` for the penalty `mu`.
        DMatrixRMaj solve(double mu) {
            int n = gram.numCols;
            DMatrixRMaj penalised = gram.copy();
            for (int i = 0; i < n - 1; i++) {
                penalised.data[i * n + i] += mu;
            }
            LinearSolverDense<DMatrixRMaj> cholesky = LinearSolverFactory_DDRM.chol(n);
            if (!cholesky.setA(penalised)) {
                throw new IllegalStateException(
                        "the normal equations with penalty %g are not positive definite".formatted(mu));
            }
            DMatrixRMaj solution = new DMatrixRMaj(n, cross.numCols);
            cholesky.solve(cross, solution);
            return solution;
        }

        /// `sum |C x - t|^2 = tr(C X'X C') - 2 tr(C X'T) + samples`, as `|t|^2 = 1`.
        double squaredError(DMatrixRMaj solution) {
            DMatrixRMaj product = new DMatrixRMaj(solution.numRows, solution.numCols);
            CommonOps_DDRM.mult(gram, solution, product);
            double sum = samples;
            for (int k = 0; k < product.data.length; k++) {
                sum += solution.data[k] * (product.data[k] - 2 * cross.data[k]);
            }
            return sum;
        }
    }
}
