package dev.stillpoint.model.opteq;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.AveragingSchedule;
import org.jspecify.annotations.Nullable;

/// The modified sequential averaging method on the features `Z` of a whole batch: among many equilibria it picks
/// those that make a [BatchTerm] small,
///
///     Z_k = beta_k S_k(Z_(k-1)) + (1 - beta_k) f(Z_(k-1)),   S_k(Z) = (1 - gamma lambda_k) Z - gamma R'(Z),
///
/// for `k = 1 ... K`, where `f` is the map of the model, sample by sample.
///
/// **With [BatchTerm.Decorrelation] the samples of a batch are not independent**: its results depend on which
/// samples are together, and on their order by rounding. That is what the term is for, and why this is no solver
/// of the engine, whose results depend on nothing but the sample. With the other terms each sample has the bits it
/// has alone.
///
/// It converges to the minimiser of `R` over the fixed points where `f` is non-expansive, as the maps of
/// [OptEqModel] and [DeepOptEqModel] are, `R` is convex with a single minimiser there, and the iterates stay
/// bounded: that is proved for [BatchTerm.LeastNorm] alone. The distance shrinks no faster than `beta_k`.
///
/// **Order.** Double precision and plain loops on the calling thread: `f` in the order of the model's `map`, `R'`
/// in that of the term, then for each value `s = fma(-gamma, r, (1 - gamma lambda_k) z)` and
/// `fma(beta_k, s, (1 - beta_k) f)`. The residual is `|f(z) - z|_2` of the returned state, one chain. One iteration
/// is one evaluation of `f` for each sample and one gradient; it allocates its results.
///
/// Immutable. Source: OPT-21 §4.2, (8)-(10), App. A, Thm 4; the schedule as corrected in [AveragingSchedule].
///
/// @param term `R`
/// @param schedule the schedule, for the term's `L`
public record CoupledAveraging(BatchTerm term, AveragingSchedule schedule) {
    /// Checks that the two fit.
    ///
    /// @throws IllegalArgumentException when the schedule is for another `L`
    public CoupledAveraging {
        if (schedule.lipschitz() != term.lipschitz()) {
            throw new IllegalArgumentException("the schedule is for L = %s, and that of %s is %s"
                    .formatted(schedule.lipschitz(), term.label(), term.lipschitz()));
        }
    }

    /// With the default schedule.
    public CoupledAveraging(BatchTerm term) {
        this(term, new AveragingSchedule(term.lipschitz()));
    }

    /// What a run found.
    ///
    /// @param states `Z`, `(N, n)`, a sample a row, immutable
    /// @param residuals `|f(z) - z|_2` of each sample, `(1, N)`, immutable
    /// @param term `R(Z)`
    public record Result(Matrix states, Matrix residuals, double term) {
        /// The largest residual, 0 for an empty batch; not-a-number where one is.
        public double residual() {
            double most = 0;
            for (int s = 0; s < residuals.columns(); s++) {
                most = Math.max(most, residuals.get(0, s));
            }
            return most;
        }
    }

    /// The map of a model.
    @FunctionalInterface
    private interface FeatureMap {
        double[] apply(double[] z, double[] x);
    }

    /// Runs `iterations` iterations on a batch.
    ///
    /// @param inputs `(N, p)`, a sample a row
    /// @param start `Z_0`, `(N, n)`, or null for zeros
    /// @param iterations `K`, at least 1
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a value is not finite, or the number of iterations is not positive
    public Result run(OptEqModel model, Matrix inputs, @Nullable Matrix start, int iterations) {
        return run(model::map, model.size(), model.inputSize(), inputs, start, iterations);
    }

    /// Runs `iterations` iterations on a batch.
    ///
    /// @param inputs `(N, p)`, a sample a row
    /// @param start `Z_0`, `(N, n)`, or null for zeros
    /// @param iterations `K`, at least 1
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a value is not finite, or the number of iterations is not positive
    public Result run(DeepOptEqModel model, Matrix inputs, @Nullable Matrix start, int iterations) {
        return run(model::map, model.size(), model.inputSize(), inputs, start, iterations);
    }

    private Result run(FeatureMap f, int n, int p, Matrix inputs, @Nullable Matrix start, int iterations) {
        ShapeException.checkColumns("inputs", inputs, p);
        int samples = inputs.rows();
        if (start != null) {
            ShapeException.check("start", start, samples, n);
        }
        if (iterations < 1) {
            throw new IllegalArgumentException("iterations is " + iterations + ", expected at least 1");
        }
        double[][] x = rows("inputs", inputs);
        double[][] z = start == null ? new double[samples][n] : rows("start", start);
        for (int k = 1; k <= iterations; k++) {
            z = next(f, z, x, k);
        }
        Matrix residuals = Matrix.zeros(Precision.F64, 1, samples);
        Matrix states = Matrix.zeros(Precision.F64, samples, n);
        for (int s = 0; s < samples; s++) {
            double[] difference = f.apply(z[s], x[s]);
            for (int i = 0; i < n; i++) {
                difference[i] -= z[s][i];
            }
            residuals.set(0, s, Math.sqrt(Products.dot(difference, difference)));
            states.setRow(s, z[s], 0);
        }
        return new Result(states.frozen(), residuals.frozen(), term.value(z));
    }

    private double[][] next(FeatureMap f, double[][] z, double[][] x, int k) {
        double beta = schedule.beta(k);
        double gamma = schedule.gamma();
        double kept = 1 - gamma * schedule.lambda(k);
        double[][] gradient = term.gradient(z);
        double[][] next = new double[z.length][];
        for (int s = 0; s < z.length; s++) {
            double[] t = f.apply(z[s], x[s]);
            for (int i = 0; i < t.length; i++) {
                double averaged = Math.fma(-gamma, gradient[s][i], kept * z[s][i]);
                t[i] = Math.fma(beta, averaged, (1 - beta) * t[i]);
            }
            next[s] = t;
        }
        return next;
    }

    private static double[][] rows(String name, Matrix matrix) {
        if (!matrix.isFinite()) {
            throw new IllegalArgumentException(name + " hold a value that is not finite");
        }
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        for (int s = 0; s < rows.length; s++) {
            matrix.getRow(s, rows[s], 0);
        }
        return rows;
    }
}
