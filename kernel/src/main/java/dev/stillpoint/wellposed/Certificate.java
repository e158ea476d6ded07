package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ErrorBounds;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is proved about a problem, ready to bound the error of states: from `r = |f(x) - x|` to `|x - x*|`.
///
/// - **Contraction**, where `lambda_PF(N(A, gamma)) < 1`: with verified weights `w > 0`, `N w <= kappa w`, `kappa
///   < 1`,
///
///       |x_l - x*_l| <= w_l max_h(r_h/w_h)/(1 - kappa)     for activation blocks l, h, in the 2-norm of a block,
///
///   and, up to [#DENSE_LIMIT] blocks, with a verified upper bound of the inverse, `|x - x*| <= (I - N)^-1 r`.
///   Each block has the smaller of the two. Both hold for every slope of `phi` and may be far too large for a
///   state where most slopes are small, or for a badly scaled `A`: since `r <= (1 + |N|_2) |x - x*|`, a bound
///   that is more than `100/(1 + |N|_2)` times `r` is sharpened, where `lambda_PF(N) < 0.9`, with the slopes that
///   `phi` has near the state.
/// - **Monotone**, where `m = lambda_min(I - (A + A')/2) > 0` and `phi` is a proximal map: `f(x)` solves the
///   inclusion up to `r`, and strong monotonicity gives `m e^2 <= c e r - r^2` for `e = |x - x*|_2`, `c = |2I -
///   A|_2`, so that
///
///       |x - x*|_2 <= (c + sqrt(c^2 - 4m))/(2m) |r|_2,   at most (1 + L)/m |r|_2 with L = |I - A|_2.
///
/// Where both hold each norm gets the smaller bound. `r` is evaluated in FP64, the rounding errors of that added;
/// for a sample where they are no smaller than `r` itself, the argument `Ax + Bu + bias` is evaluated anew in
/// twice the precision. `kappa`, `m`, `c` and the inverse are bounded in the safe direction, so that a bound
/// holds for the matrices and inputs as they are stored, whatever the precision in which the state was found.
/// Where the entries of an operator are computed (products, low ranks, sums) its dense form in FP64 is meant.
///
/// A certificate is immutable and may be shared by threads. Making one costs what [WellPosedness] does and `4
/// n^3` operations for the inverse. Source: IDL-21 Theorem 2.2 and §2.5; NTK-22 §2.3.2.
public final class Certificate {
    /// Largest number of activation blocks for which the inverse is bounded, entry by entry.
    public static final int DENSE_LIMIT = 1024;

    /// Below this `lambda_PF(N)` a bound that may be too large by [#FACTOR] is sharpened.
    private static final double SHARPENED = 0.9;

    private static final double FACTOR = 100;

    final FixedPointProblem problem;
    final ActivationBlocks blocks;
    final ResidualBound residual;

    /// Weights of the blocks, or null without a contraction.
    final double @Nullable [] weights;

    /// An upper bound of `1/(1 - kappa)`.
    final double amplification;

    /// An upper bound of `(I - N)^-1`, or null.
    final double @Nullable [][] inverse;

    /// How many times as large as the residual a bound may be before it is sharpened; infinite where it is not.
    final double looseness;

    /// The factor from `|r|_2` to `|x - x*|_2` by monotonicity; infinite where it is not proved.
    final double monotone;

    private final @Nullable LocalContraction sharpening;
    private final FixedPointProblem given;
    private final String basis;

    private Certificate(FixedPointProblem given, WellPosednessReport report) {
        this.given = given;
        problem = withStoredEntries(given);
        blocks = ActivationBlocks.of(problem.activation(), problem.stateSize());
        residual =
                new ResidualBound(new OperatorRows(problem.a()), new OperatorRows(problem.b()), problem.bias(), blocks);
        ContractionWeights found = report.weights().orElse(null);
        weights = found == null ? null : perBlock(found);
        amplification = found == null
                ? Double.POSITIVE_INFINITY
                : Rounding.divideUp(1, Rounding.subtractDown(1, found.kappa()));
        if (weights == null || found == null || blocks.count() > DENSE_LIMIT) {
            inverse = null;
            sharpening = null;
        } else {
            NonNegativeMatrix norms =
                    BlockNorms.of(SparseMatrix.of(problem.a()), blocks, BlockNorms.normOf(problem.activation()));
            inverse = InverseBound.of(norms, weights, found.kappa());
            sharpening = report.lambdaPf().upper() < SHARPENED ? new LocalContraction(norms, blocks) : null;
        }
        looseness = sharpening == null ? Double.POSITIVE_INFINITY : FACTOR / sharpening.expansion();
        monotone = monotone(report);
        basis = basis(found, report);
    }

    /// The certificate of a problem; it is analysed first.
    ///
    /// @throws IllegalArgumentException when an entry of `A` is not finite
    public static Certificate of(FixedPointProblem problem) {
        return of(problem, WellPosedness.analyse(problem.a(), problem.activation()));
    }

    /// The certificate of a problem whose report is at hand.
    ///
    /// @param report that of [WellPosedness#analyse] for the problem's `A` and activation
    /// @throws IllegalArgumentException when the report is of another activation
    /// @throws ShapeException when it is of another size
    public static Certificate of(FixedPointProblem problem, WellPosednessReport report) {
        if (!report.activation().equals(problem.activation())) {
            throw new IllegalArgumentException("the report is of activation %s, expected %s"
                    .formatted(report.activation().label(), problem.activation().label()));
        }
        if (report.weights().isPresent() && report.weights().get().stateSize() != problem.stateSize()) {
            throw new ShapeException("the report is of %d states, expected %d"
                    .formatted(report.weights().get().stateSize(), problem.stateSize()));
        }
        return new Certificate(problem, report);
    }

    private static FixedPointProblem withStoredEntries(FixedPointProblem problem) {
        LinearOperator a = problem.a();
        LinearOperator b = problem.b();
        return new FixedPointProblem(
                OperatorRows.areStored(a) ? a : LinearOperator.dense(a.toMatrix()),
                OperatorRows.areStored(b) ? b : LinearOperator.dense(b.toMatrix()),
                problem.bias(),
                problem.activation());
    }

    private double[] perBlock(ContractionWeights found) {
        double[] own = new double[blocks.count()];
        for (int l = 0; l < own.length; l++) {
            own[l] = found.weight(blocks.begin(l));
        }
        return own;
    }

    private double monotone(WellPosednessReport report) {
        double m = report.monotoneMargin().lower();
        if (!(problem.activation().isProximal() && m > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        // |2I - A| <= 1 + |I - A|, and never less than 1 + m.
        double c = Rounding.addUp(1, report.lipschitz().upper());
        if (problem.stateSize() <= WellPosedness.DENSE_LIMIT) {
            // 2 |I - A/2|: halving loses nothing.
            double[][] half = SparseMatrix.of(problem.a()).dense();
            for (double[] row : half) {
                Arrays.setAll(row, j -> row[j] / 2);
            }
            c = Math.min(c, 2 * MonotoneMargin.lipschitz(half).upper());
        }
        double discriminant = Math.max(0, Math.nextUp(Math.fma(c, c, -4 * m)));
        return Rounding.divideUp(Rounding.addUp(c, Rounding.sqrtUp(discriminant)), 2 * m);
    }

    private String basis(@Nullable ContractionWeights found, WellPosednessReport report) {
        List<String> proofs = new ArrayList<>();
        if (found != null) {
            proofs.add(found.toString() + (inverse == null ? "" : ", and (I - N)^-1 bounded"));
        }
        if (monotone < Double.POSITIVE_INFINITY) {
            proofs.add("monotone margin %s, |x - x*|_2 <= %s |f(x) - x|_2"
                    .formatted(Figures.lower(report.monotoneMargin().lower()), Figures.upper(monotone)));
        }
        return proofs.isEmpty()
                ? "no error bound: neither a contraction nor a monotone margin is proved (" + report.condition() + ")"
                : String.join("; ", proofs);
    }

    /// What lowers loose bounds, where [#looseness] is finite.
    LocalContraction sharpening() {
        return Objects.requireNonNull(sharpening);
    }

    /// The problem of which this is the certificate.
    public FixedPointProblem problem() {
        return given;
    }

    /// Whether this is the certificate of `other`: of the same operators, bias and activation.
    public boolean isOf(FixedPointProblem other) {
        return given.equals(other);
    }

    /// Whether anything is proved. Without it every bound is not-a-number.
    public boolean exists() {
        return weights != null || monotone < Double.POSITIVE_INFINITY;
    }

    /// One line: the proofs with their figures, or why there is none.
    public String basis() {
        return basis;
    }

    /// A factor from `|f(x) - x|_2`, known exactly, to a bound of `|x - x*|_2` that holds for every state;
    /// infinite where nothing is proved. The bound of one state is often much smaller.
    public double amplification() {
        double factor = monotone;
        if (weights != null) {
            double sum = 0;
            double least = Double.POSITIVE_INFINITY;
            for (double w : weights) {
                sum = Math.fma(w, w, sum);
                least = Math.min(least, w);
            }
            factor = Math.min(factor, Math.sqrt(sum) / least * amplification * ResidualBound.ROOM);
        }
        if (inverse != null) {
            double sum = 0;
            for (double[] row : inverse) {
                for (double value : row) {
                    sum = Math.fma(value, value, sum);
                }
            }
            factor = Math.min(factor, Math.sqrt(sum) * ResidualBound.ROOM);
        }
        return factor;
    }

    /// Bounds of the errors of states, on the calling thread.
    ///
    /// @param inputs `u`, `(samples, p)`, in the precision they are stored in
    /// @param states `x`, `(samples, n)`
    /// @throws ShapeException when the shapes do not fit
    public ErrorBounds bounds(Matrix inputs, Matrix states) {
        try (Certifier certifier = certifier(states.precision(), 1)) {
            return certifier.bounds(inputs, states);
        }
    }

    /// What bounds many batches: panels and threads of its own.
    ///
    /// @param precision that of the states; it decides no bound's validity, but how fast those are made
    /// @param threads the caller's included, at least 1; no bound depends on it
    /// @throws IllegalArgumentException when `threads` is below 1
    public Certifier certifier(Precision precision, int threads) {
        return new Certifier(this, precision, threads);
    }

    @Override
    public String toString() {
        return basis;
    }
}
