package dev.stillpoint.adjoint;

import dev.stillpoint.internal.cpu.CpuPrediction;
import dev.stillpoint.internal.engine.Crew;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ConvergenceException;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The gradients of a loss with respect to the letters of a model, summed over samples,
///
///     dA = sum v x'    dB = sum v u'    dbias = sum v    dC = sum g x'    dD = sum g u'
///
/// with the adjoint state `v` of a sample, its state `x`, its input `u`, and the gradient `g` of the loss with
/// respect to its outputs. With respect to the input of a sample it is `du = B'v + D'g`: [#inputGradients].
///
/// **Order.** `dA` to `dD` are those of [OperatorGradient]. Each entry of `dbias` is a chain of additions in double
/// precision that begins with `+0` and takes the samples in increasing order, on from one call to the next. So all
/// have the same bits for any number of threads, any width of vectors, and any cut of a batch into calls.
///
/// **What did not converge** has no gradient: [#add] refuses a batch with such a sample, and [#addConverged] leaves
/// out such samples, and says how many. A gradient that is cut off on purpose is taken by [#addTruncated], whose
/// name says so. Whether the states are those of converged samples is up to the caller.
///
/// One thread at a time may use gradients; they keep no view of what they are given. Source: IDL-21 §6.2, (6.4),
/// and NTK-22 §2.1.3.
public final class Gradients {
    private final int n;
    private final int p;
    private final int q;
    private final OperatorGradient a;
    private final OperatorGradient b;
    private final OperatorGradient c;
    private final @Nullable OperatorGradient d;
    private final LinearOperator bTransposed;
    private final @Nullable LinearOperator dTransposed;
    private final double[] bias;

    /// Gradients that are 0 so far.
    ///
    /// @throws ShapeException when a convolution has to be transposed, and has too many entries
    public Gradients(ImplicitModel model) {
        n = model.stateSize();
        p = model.inputSize();
        q = model.outputSize();
        a = new OperatorGradient(model.a());
        b = new OperatorGradient(model.b());
        c = new OperatorGradient(model.c());
        LinearOperator feedthrough = model.d();
        d = feedthrough == null ? null : new OperatorGradient(feedthrough);
        bTransposed = model.b().transpose();
        dTransposed = feedthrough == null ? null : feedthrough.transpose();
        bias = new double[n];
    }

    /// Adds samples, all of which have an adjoint state, on the calling thread and `threads - 1` others, which end
    /// before this returns.
    ///
    /// @param inputs `u`, `(samples, p)`
    /// @param states `x`, `(samples, n)`
    /// @param outputGradients `g`, `(samples, q)`
    /// @param adjoint what the adjoint plan found for these samples
    /// @param threads at least 1
    /// @throws ConvergenceException when the adjoint of a sample did not converge, naming the first; nothing is
    ///     added
    /// @throws ShapeException when a shape does not fit; nothing is added
    /// @throws IllegalArgumentException when `threads` is not positive, or several are to read memory that one
    ///     thread alone may; nothing is added
    public void add(Matrix inputs, Matrix states, Matrix outputGradients, SolveResult adjoint, int threads) {
        check(inputs, states, outputGradients, adjoint, threads);
        adjoint.orThrow();
        addRuns(inputs, states, outputGradients, adjoint, Gradients::converged, threads);
    }

    /// Adds those samples whose adjoint converged, as [#add] does, and nothing of the others.
    ///
    /// @return how many samples were left out
    /// @throws ShapeException when a shape does not fit; nothing is added
    /// @throws IllegalArgumentException when `threads` is not positive, or several are to read memory that one
    ///     thread alone may; nothing is added
    public int addConverged(Matrix inputs, Matrix states, Matrix outputGradients, SolveResult adjoint, int threads) {
        check(inputs, states, outputGradients, adjoint, threads);
        return adjoint.samples() - addRuns(inputs, states, outputGradients, adjoint, Gradients::converged, threads);
    }

    /// Adds samples with the adjoint state that ran out of iterations, which is what was asked for: that of
    /// [AdjointPlan#truncated] and [AdjointPlan#jacobianFree], or of a solver with few iterations. Otherwise as
    /// [#add].
    ///
    /// @param inputs `u`, `(samples, p)`
    /// @param states `x`, `(samples, n)`
    /// @param outputGradients `g`, `(samples, q)`
    /// @param adjoint what the adjoint plan found for these samples
    /// @param threads at least 1
    /// @throws ConvergenceException when the adjoint of a sample is `DIVERGED` or `NON_FINITE`, naming the first;
    ///     nothing is added
    /// @throws ShapeException when a shape does not fit; nothing is added
    /// @throws IllegalArgumentException when `threads` is not positive, or several are to read memory that one
    ///     thread alone may; nothing is added
    public void addTruncated(Matrix inputs, Matrix states, Matrix outputGradients, SolveResult adjoint, int threads) {
        check(inputs, states, outputGradients, adjoint, threads);
        FiniteSamples.check("adjoint state", adjoint.samples(), adjoint::status);
        addRuns(inputs, states, outputGradients, adjoint, FiniteSamples::has, threads);
    }

    /// Adds samples that went back through their iterations, on the calling thread and `threads - 1` others, which
    /// end before this returns.
    ///
    /// @param adjoint what [UnrolledPass#backward] found
    /// @param threads at least 1
    /// @throws ConvergenceException when a sample is `DIVERGED` or `NON_FINITE`, naming the first; nothing is added
    /// @throws ShapeException when it is of a model of another shape; nothing is added
    /// @throws IllegalArgumentException when `threads` is not positive; nothing is added
    public void add(UnrolledAdjoint adjoint, int threads) {
        check(adjoint, threads);
        FiniteSamples.check("unrolled gradient", adjoint.samples(), adjoint::status);
        addRuns(adjoint, threads);
    }

    /// Adds those samples that are finite, as [#add(UnrolledAdjoint, int)] does, and nothing of the others.
    ///
    /// @return how many samples were left out
    /// @throws ShapeException when it is of a model of another shape; nothing is added
    /// @throws IllegalArgumentException when `threads` is not positive; nothing is added
    public int addFinite(UnrolledAdjoint adjoint, int threads) {
        check(adjoint, threads);
        return adjoint.samples() - addRuns(adjoint, threads);
    }

    private void check(UnrolledAdjoint adjoint, int threads) {
        UnrolledPass pass = adjoint.pass();
        checkThreads(threads);
        ShapeException.checkColumns("inputs", pass.inputs(), p);
        ShapeException.checkColumns("states", pass.states(), n);
        ShapeException.checkColumns("output gradients", adjoint.outputGradients(), q);
        b.check(adjoint.sums(), pass.inputs(), threads);
        c.check(adjoint.outputGradients(), pass.states(), threads);
    }

    /// Adds the runs of finite samples; how many samples those are.
    private int addRuns(UnrolledAdjoint adjoint, int threads) {
        UnrolledPass pass = adjoint.pass();
        int samples = adjoint.samples();
        int iterations = samples == 0 ? 0 : pass.trajectory().rows() / samples;
        try (Crew crew = new Crew(threads, "stillpoint-gradient-")) {
            return runs(samples, adjoint::status, FiniteSamples::has, (first, end) -> {
                int from = first * iterations;
                int to = end * iterations;
                a.add(adjoint.states().slice(from, to), pass.trajectory().slice(from, to), threads, crew);
                Matrix g = adjoint.outputGradients().slice(first, end);
                addRun(adjoint.sums().slice(first, end), pass.inputs().slice(first, end), g, threads, crew);
                c.add(g, pass.states().slice(first, end), threads, crew);
            });
        }
    }

    private static void checkThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("%d threads, expected at least 1".formatted(threads));
        }
    }

    private void check(Matrix inputs, Matrix states, Matrix outputGradients, SolveResult adjoint, int threads) {
        checkThreads(threads);
        ShapeException.check("inputs", inputs, adjoint.samples(), p);
        ShapeException.check("states", states, adjoint.samples(), n);
        ShapeException.check("output gradients", outputGradients, adjoint.samples(), q);
        ShapeException.checkColumns("adjoint states", adjoint.states(), n);
        a.check(adjoint.states(), states, threads);
        b.check(adjoint.states(), inputs, threads);
        c.check(outputGradients, states, threads);
    }

    private static boolean converged(Status status) {
        return status == Status.CONVERGED;
    }

    /// Adds the runs of samples that have an accepted status; how many samples those are.
    private int addRuns(
            Matrix inputs,
            Matrix states,
            Matrix outputGradients,
            SolveResult adjoint,
            Predicate<Status> accepted,
            int threads) {
        try (Crew crew = new Crew(threads, "stillpoint-gradient-")) {
            return runs(adjoint.samples(), adjoint::status, accepted, (first, end) -> {
                Matrix v = adjoint.states().slice(first, end);
                Matrix x = states.slice(first, end);
                Matrix u = inputs.slice(first, end);
                Matrix g = outputGradients.slice(first, end);
                a.add(v, x, threads, crew);
                addRun(v, u, g, threads, crew);
                c.add(g, x, threads, crew);
            });
        }
    }

    /// Samples from one (inclusive) to another (exclusive).
    private interface Run {
        void accept(int first, int end);
    }

    /// Does each run of consecutive samples that have an accepted status; how many samples those are.
    private static int runs(int samples, IntFunction<Status> status, Predicate<Status> accepted, Run run) {
        int done = 0;
        for (int first = 0; first < samples; ) {
            int end = first;
            while (end < samples && accepted.test(status.apply(end))) {
                end++;
            }
            if (end > first) {
                run.accept(first, end);
                done += end - first;
            }
            first = end + 1;
        }
        return done;
    }

    /// Adds what has no part in the states.
    private void addRun(Matrix v, Matrix u, Matrix g, int threads, Crew crew) {
        b.add(v, u, threads, crew);
        if (d != null) {
            d.add(g, u, threads, crew);
        }
        double[] row = new double[n];
        for (int s = 0; s < v.rows(); s++) {
            v.getRow(s, row, 0);
            for (int i = 0; i < n; i++) {
                bias[i] += row[i];
            }
        }
    }

    /// The gradients so far with respect to the [letters][OperatorLetters] of `A`, FP64; immutable copies.
    public List<Matrix> a() {
        return a.letters();
    }

    /// The gradients so far with respect to the letters of `B`, FP64; immutable copies.
    public List<Matrix> b() {
        return b.letters();
    }

    /// The gradients so far with respect to the letters of `C`, FP64; immutable copies.
    public List<Matrix> c() {
        return c.letters();
    }

    /// The gradients so far with respect to the letters of `D`, FP64; immutable copies, none where the model has no
    /// `D`.
    public List<Matrix> d() {
        return d == null ? List.of() : d.letters();
    }

    /// The gradient so far with respect to the bias, `(1, n)`, FP64, also where the model has none; an immutable
    /// copy.
    public Matrix bias() {
        return Matrix.of(bias.clone(), 1, n).frozen();
    }

    /// Begins anew: every entry is `+0`.
    public void clear() {
        a.clear();
        b.clear();
        c.clear();
        if (d != null) {
            d.clear();
        }
        Arrays.fill(bias, 0);
    }

    /// The gradients `du = B'v + D'g` with respect to the inputs, a sample a row, in the precision of the adjoint
    /// states, on the calling thread. Order: from `+0` on with `D'`, then with `B'`, as a prediction.
    ///
    /// @param outputGradients `g`, `(samples, q)`
    /// @param adjoint what the adjoint plan found for these samples
    /// @return a new matrix, `(samples, p)`; rows of samples whose adjoint did not converge are not-a-number
    /// @throws ShapeException when a shape does not fit
    public Matrix inputGradients(Matrix outputGradients, SolveResult adjoint) {
        return inputGradients(outputGradients, adjoint, Gradients::converged);
    }

    /// The gradients `du = B'v + D'g` with adjoint states as [#addTruncated] takes them, otherwise as
    /// [#inputGradients(Matrix, SolveResult)].
    ///
    /// @param outputGradients `g`, `(samples, q)`
    /// @param adjoint what the adjoint plan found for these samples
    /// @return a new matrix, `(samples, p)`; rows of samples whose adjoint is `DIVERGED` or `NON_FINITE` are
    ///     not-a-number
    /// @throws ShapeException when a shape does not fit
    public Matrix truncatedInputGradients(Matrix outputGradients, SolveResult adjoint) {
        return inputGradients(outputGradients, adjoint, FiniteSamples::has);
    }

    /// The gradients `du = B' sum_k v_k + D'g` with respect to the inputs of samples that went back through their
    /// iterations, a sample a row, in their precision, to which the sum is rounded, on the calling thread. Order:
    /// from `+0` on with `D'`, then with `B'`.
    ///
    /// @param adjoint what [UnrolledPass#backward] found
    /// @return a new matrix, `(samples, p)`; rows of samples that are `DIVERGED` or `NON_FINITE` are not-a-number
    /// @throws ShapeException when it is of a model of another shape
    public Matrix inputGradients(UnrolledAdjoint adjoint) {
        Matrix g = adjoint.outputGradients();
        ShapeException.checkColumns("inputs", adjoint.pass().inputs(), p);
        ShapeException.checkColumns("states", adjoint.sums(), n);
        ShapeException.checkColumns("output gradients", g, q);
        Matrix v = adjoint.sums().toImmutable(adjoint.states().precision());
        return inputGradients(g, v, adjoint::status, FiniteSamples::has);
    }

    private Matrix inputGradients(Matrix outputGradients, SolveResult adjoint, Predicate<Status> accepted) {
        ShapeException.checkColumns("adjoint states", adjoint.states(), n);
        ShapeException.check("output gradients", outputGradients, adjoint.samples(), q);
        return inputGradients(outputGradients, adjoint.states(), adjoint::status, accepted);
    }

    private Matrix inputGradients(
            Matrix outputGradients, Matrix v, IntFunction<Status> status, Predicate<Status> accepted) {
        Matrix gradients = Matrix.zeros(v.precision(), v.rows(), p);
        CpuPrediction.predict(bTransposed, v, dTransposed, outputGradients, gradients);
        double[] none = new double[p];
        Arrays.fill(none, Double.NaN);
        for (int s = 0; s < v.rows(); s++) {
            if (!accepted.test(status.apply(s))) {
                gradients.setRow(s, none, 0);
            }
        }
        return gradients;
    }
}
