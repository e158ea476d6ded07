package dev.stillpoint.backend;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.ErrorBounds;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.Certificate;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/// A plan that iterates until the *certified* error of a sample meets the tolerance,
///
///     bound of |x - x*|_2 <= absolute + relative |x|_2,
///
/// instead of its residual. It has two stages, each a plan of the backend, and both iterate to a residual that is
/// smaller than the tolerance by twice the certificate's amplification. The first works in the precision of the
/// options; in FP32 it asks for no less than 64 units of roundoff relative to the state, which it could not be
/// sure to reach. The second takes the samples whose bound is still too large, in FP64, from where they are.
///
/// A sample is [Status#CONVERGED] when its bound meets the tolerance, and [Status#MAX_ITERATIONS] where its
/// residual met the rule of the last stage and its bound does not. The limit on iterations holds for each stage;
/// the result has their sum. States are FP64: a bound is that of the state as it is returned, and FP32 may be too
/// coarse for the tolerance.
///
/// What a sample gets does not depend on the rest of the batch, or on the threads. Memory is that of both plans.
public final class CertifiedPlan implements SolvePlan {
    /// FP32 is asked for a residual of this many units of its roundoff at least, relative to the state.
    private static final double REACH = 64;

    private final StoppingRule stopping;
    private final SolvePlan first;
    private final SolvePlan second;
    private final int n;

    private CertifiedPlan(StoppingRule stopping, SolvePlan first, SolvePlan second, int n) {
        this.stopping = stopping;
        this.first = first;
        this.second = second;
        this.n = n;
    }

    /// Prepares both stages.
    ///
    /// @param stopping the tolerances of the certified error, in the 2-norm, and the limits of each stage
    /// @param options with a certificate
    /// @throws IllegalArgumentException when there is no certificate or it proves nothing, with the reason; or
    ///     the solver cannot solve this problem
    public static CertifiedPlan prepare(
            Backend backend, FixedPointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options) {
        Certificate certificate = options.certificate();
        if (certificate == null) {
            throw new IllegalArgumentException("a certified plan needs options with a certificate");
        }
        if (!certificate.exists()) {
            throw new IllegalArgumentException(certificate.basis());
        }
        double share = Math.min(1, 0.5 / certificate.amplification());
        double reach = options.precision() == Precision.F32 ? REACH * Precision.F32.unitRoundoff() : 0;
        SolvePlan first = backend.prepare(problem, solver, scaled(stopping, share, reach), options);
        try {
            SolvePlan second =
                    backend.prepare(problem, solver, scaled(stopping, share, 0), options.withPrecision(Precision.F64));
            return new CertifiedPlan(stopping, first, second, problem.stateSize());
        } catch (RuntimeException | Error thrown) {
            first.close();
            throw thrown;
        }
    }

    private static StoppingRule scaled(StoppingRule rule, double share, double reach) {
        double relative = Math.max(share * rule.relative(), reach);
        return new StoppingRule(share * rule.absolute(), relative, rule.maxIterations(), rule.checkInterval());
    }

    /// Solves what is asked.
    ///
    /// @throws ShapeException when shapes do not fit
    /// @throws IllegalArgumentException when the destination is not FP64
    /// @throws IllegalStateException when the plan is closed or a solve is under way
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set,
    ///     nothing of the result is valid, and the plan may be used again
    @Override
    public SolveResult solve(SolveRequest request) {
        Matrix destination = request.destination();
        if (destination != null && destination.precision() != Precision.F64) {
            throw new IllegalArgumentException("the destination is %s, expected f64 for certified states"
                    .formatted(destination.precision().label()));
        }
        Matrix states = destination == null
                ? Matrix.zeros(Precision.F64, request.inputs().rows(), n)
                : destination;
        SolveResult result = first.solve(request.into(states));
        int[] open = uncertified(result);
        Outcome outcome = new Outcome(result);
        if (open.length > 0) {
            finish(request, outcome, open);
        }
        return outcome.result(stopping);
    }

    /// The samples that a second stage may help.
    private int[] uncertified(SolveResult result) {
        ErrorBounds bounds = result.errorBounds().orElseThrow();
        double[] row = new double[n];
        return IntStream.range(0, result.samples())
                .filter(i -> result.status(i) == Status.CONVERGED || result.status(i) == Status.MAX_ITERATIONS)
                .filter(i -> !isWithin(bounds.two(i), result.states(), i, row, stopping))
                .toArray();
    }

    private static boolean isWithin(double bound, Matrix states, int i, double[] row, StoppingRule rule) {
        states.getRow(i, row, 0);
        double sum = 0;
        for (double value : row) {
            sum = Math.fma(value, value, sum);
        }
        return bound <= Math.fma(rule.relative(), Math.sqrt(sum), rule.absolute());
    }

    private void finish(SolveRequest request, Outcome outcome, int[] open) {
        Matrix inputs = rows(request.inputs(), open);
        Matrix starts = rows(outcome.states, open);
        SolveResult better = second.solve(SolveRequest.of(inputs).from(starts).into(starts));
        outcome.take(open, better);
    }

    /// Some rows of a matrix, in FP64.
    private static Matrix rows(Matrix matrix, int[] which) {
        Matrix part = Matrix.zeros(Precision.F64, which.length, matrix.columns());
        double[] row = new double[matrix.columns()];
        for (int k = 0; k < which.length; k++) {
            matrix.getRow(which[k], row, 0);
            part.setRow(k, row, 0);
        }
        return part;
    }

    @Override
    public Precision precision() {
        return first.precision();
    }

    @Override
    public long footprint() {
        return Math.addExact(first.footprint(), second.footprint());
    }

    @Override
    public void close() {
        try (first) {
            second.close();
        }
    }

    /// The result as it grows.
    private static final class Outcome {
        private final Matrix states;
        private final Status[] statuses;
        private final int[] iterations;
        private final double[] residuals;
        private final int[] legs;
        private final double[] max;
        private final double[] two;

        Outcome(SolveResult result) {
            int samples = result.samples();
            ErrorBounds bounds = result.errorBounds().orElseThrow();
            states = result.states();
            statuses = new Status[samples];
            iterations = new int[samples];
            residuals = new double[samples];
            legs = new int[samples];
            max = new double[samples];
            two = new double[samples];
            for (int i = 0; i < samples; i++) {
                put(i, result, bounds, i);
            }
        }

        private void put(int i, SolveResult from, ErrorBounds bounds, int k) {
            statuses[i] = from.status(k);
            iterations[i] += from.iterations(k);
            residuals[i] = from.residual(k);
            legs[i] = from.leg(k);
            max[i] = bounds.max(k);
            two[i] = bounds.two(k);
        }

        /// Takes what a second stage found, where its bound is the smaller one.
        void take(int[] which, SolveResult better) {
            ErrorBounds bounds = better.errorBounds().orElseThrow();
            double[] row = new double[states.columns()];
            for (int k = 0; k < which.length; k++) {
                int i = which[k];
                if (bounds.two(k) < two[i] || Double.isNaN(two[i])) {
                    better.states().getRow(k, row, 0);
                    states.setRow(i, row, 0);
                    put(i, better, bounds, k);
                } else {
                    iterations[i] += better.iterations(k);
                }
            }
        }

        SolveResult result(StoppingRule rule) {
            double[] row = new double[states.columns()];
            for (int i = 0; i < statuses.length; i++) {
                boolean within = isWithin(two[i], states, i, row, rule);
                boolean ended = statuses[i] == Status.CONVERGED || statuses[i] == Status.MAX_ITERATIONS;
                statuses[i] = !ended ? statuses[i] : within ? Status.CONVERGED : Status.MAX_ITERATIONS;
            }
            return new SolveResult(states, statuses, iterations, residuals, legs)
                    .withErrorBounds(new ErrorBounds(max, two));
        }
    }
}
