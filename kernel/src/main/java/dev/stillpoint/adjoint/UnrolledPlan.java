package dev.stillpoint.adjoint;

import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.internal.engine.Crew;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Gradients through exactly `K` iterations of a solver, in reverse, on the CPU: what training unrolled
/// differentiates, whether the iterations converge or not.
///
/// From `x_0 = 0`, or a given start, a pass makes `x_(k+1) = step_k(x_k)`. With the gradient `l_K = C'g` of a
/// loss with respect to the last state, `t_k = A x_k + B u + bias` and the Jacobian `J` of `phi` at `t_k`, it
/// goes back for `k = K - 1, ..., 0`, to `l_k = s_k + A' v_k`:
///
/// | solver | `v_k` | `s_k` |
/// | --- | --- | --- |
/// | Picard, relaxed by `theta` | `theta J' l` | `(1 - theta) l` |
/// | forward-backward, with `w = P l`, `P` the Jacobian of the proximal map | `alpha w` | `(1 - alpha) w` |
/// | sequential averaging | `(1 - beta) J' l` | `beta ((1 - gamma lambda) l - gamma H l)` |
/// |
///
/// for `l = l_(k+1)`, where `H` is the Hessian of the regulariser at `x_k`. The gradients are
///
///     dA = sum v_k x_k'    dB = sum v_k u'    dbias = sum v_k    dC = sum g x_K'    dD = sum g u'
///     du = B' sum v_k + D'g
///
/// over iterations and samples. Other solvers are refused.
///
/// A block triangular `A` is iterated as a whole here, and not block after block.
///
/// **Order.** The states are those of a [solve][dev.stillpoint.backend.SolvePlan] to the bit, but for such an
/// `A`. Backwards, `z = B u + bias` is a product that begins with the bias, or `+0`; `t_k = z + A x_k` begins
/// with `z`, `l_k = s_k + A' v_k` with `s_k`, and `l_K` with `+0`; these products are in the working precision.
/// `v_k` and `s_k` are computed in double precision and then rounded. `sum v_k` of a sample is a chain of
/// additions in double precision, from `+0` on, in decreasing `k`. In `dA` a sample has its iterations in
/// increasing `k`, all of them before the next sample; the rest is as [Gradients] says. So all results have the
/// same bits for any number of threads, any width of vectors and any cut of a batch.
///
/// **Cost.** An iteration is a product with `A`, and backwards one with `A` and one with `A'`, besides `2 n^2`
/// operations of `dA`; derivatives are scalar code. **Memory.** With `e` bytes a value a pass holds `e (K + 1) n`
/// bytes a sample, and its way back `e (K + 1) n + 8 n` more; [#footprint] is what the plan holds itself. So a
/// batch that is too large is cut: `samples K n` values have to fit a Java array.
///
/// A plan serves one call at a time and says so when it is misused; it may have any number of passes. Source:
/// OPT-21 (11), §5 and §4.2 (sequential averaging, `K = 20`); NTK-22 §2.1.3 for what the gradients tend to where
/// `K` grows and the iterations converge, those of [AdjointPlan].
public final class UnrolledPlan implements AutoCloseable {
    private enum State {
        IDLE,
        WORKING,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final AdjointProblem problem;
    private final int iterations;
    private final PlanOptions options;
    private final UnrolledWorker.Packed packed;
    private final List<UnrolledWorker> workers = new ArrayList<>();
    private final int forwardLanes;
    private final int backwardLanes;
    private final long footprint;
    private final Crew crew;

    private UnrolledPlan(AdjointProblem problem, Solver solver, int iterations, PlanOptions options) {
        this.problem = problem;
        this.iterations = iterations;
        this.options = options;
        packed = UnrolledWorker.Packed.of(problem, solver, iterations, options.precision());
        UnrolledWorker first = new UnrolledWorker(packed);
        workers.add(first);
        forwardLanes = first.forwardLanes();
        backwardLanes = first.backwardLanes();
        footprint = Math.addExact(packed.bytes(), Math.multiplyExact(options.threads(), first.bytes()));
        crew = new Crew(options.threads(), "stillpoint-unrolled-");
    }

    /// Prepares on the CPU.
    ///
    /// @param problem the equation of the state, and `C`
    /// @param solver Picard, forward-backward, or sequential averaging
    /// @param iterations `K`, at least 1
    /// @param options without a certificate
    /// @throws IllegalArgumentException when the solver is another one or does not fit the activation,
    ///     `iterations` is not positive, or the options have a certificate
    public static UnrolledPlan prepare(AdjointProblem problem, Solver solver, int iterations, PlanOptions options) {
        if (iterations < 1) {
            throw new IllegalArgumentException("iterations is " + iterations + ", expected at least 1");
        }
        if (options.certificate() != null) {
            throw new IllegalArgumentException("the options have a certificate, and there is none of unrolled"
                    + " iterations: prepare them without one");
        }
        return new UnrolledPlan(problem, solver, iterations, options);
    }

    /// Iterates every sample `K` times, starting from zero.
    ///
    /// @param inputs `u`, `(samples, p)`; not modified, and copied unless immutable
    /// @throws ShapeException when the shape does not fit, or the states do not fit a Java array
    /// @throws IllegalArgumentException when `inputs` lie in memory that one thread alone may read, and the plan
    ///     has several
    /// @throws IllegalStateException when the plan is closed or at work
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set, and
    ///     the plan may be used again
    public UnrolledPass forward(Matrix inputs) {
        return iterate(inputs, null);
    }

    /// Iterates every sample `K` times, starting from given states.
    ///
    /// @param inputs `u`, `(samples, p)`; not modified, and copied unless immutable
    /// @param initial `x_0`, `(samples, n)`; not modified
    /// @throws ShapeException when a shape does not fit, or the states do not fit a Java array
    /// @throws IllegalArgumentException when one lies in memory that one thread alone may read, and the plan has
    ///     several
    /// @throws IllegalStateException when the plan is closed or at work
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set, and
    ///     the plan may be used again
    public UnrolledPass forward(Matrix inputs, Matrix initial) {
        ShapeException.check("initial state", initial, inputs.rows(), problem.stateSize());
        checkAccess("initial state", initial);
        return iterate(inputs, initial);
    }

    private UnrolledPass iterate(Matrix inputs, @Nullable Matrix initial) {
        ShapeException.checkColumns("inputs", inputs, problem.forward().inputSize());
        Matrix own = inputs.toImmutable();
        checkAccess("inputs", own);
        int samples = inputs.rows();
        UnrolledPass pass = new UnrolledPass(
                this, own, unrolled(samples), Matrix.zeros(options.precision(), samples, problem.stateSize()));
        work(
                samples,
                forwardLanes,
                (worker, first, count, cancelled) -> worker.forward(pass, initial, first, count, cancelled));
        return pass;
    }

    /// Goes back through a pass of this plan.
    UnrolledAdjoint backward(UnrolledPass pass, Matrix outputGradients) {
        int samples = pass.samples();
        ShapeException.check("output gradients", outputGradients, samples, problem.outputSize());
        Matrix own = outputGradients.toImmutable();
        checkAccess("output gradients", own);
        UnrolledAdjoint adjoint = new UnrolledAdjoint(
                pass,
                own,
                unrolled(samples),
                Matrix.zeros(Precision.F64, samples, problem.stateSize()),
                Matrix.zeros(options.precision(), samples, problem.stateSize()));
        work(
                samples,
                backwardLanes,
                (worker, first, count, cancelled) -> worker.backward(adjoint, first, count, cancelled));
        return adjoint;
    }

    /// A row for each sample and iteration.
    private Matrix unrolled(int samples) {
        long rows = (long) samples * iterations;
        if (rows * problem.stateSize() > Integer.MAX_VALUE - 8) {
            throw new ShapeException("%d iterations of %d samples with %d states do not fit a Java array: cut the batch"
                    .formatted(iterations, samples, problem.stateSize()));
        }
        return Matrix.zeros(options.precision(), (int) rows, problem.stateSize());
    }

    private void checkAccess(String name, Matrix matrix) {
        Crew.checkAccess(name, matrix, options.threads());
    }

    /// What a worker does to `count` samples.
    private interface Share {
        void run(UnrolledWorker worker, int first, int count, BooleanSupplier cancelled);
    }

    /// Hands panels of samples out to the workers.
    private void work(int samples, int lanes, Share share) {
        State before = state.compareAndExchange(State.IDLE, State.WORKING);
        if (before != State.IDLE) {
            throw new IllegalStateException(
                    before == State.CLOSED
                            ? "the plan is closed"
                            : "this plan is at work: a plan serves one call at a time");
        }
        try {
            int threads = Math.min(options.threads(), samples);
            if (threads == 0) {
                return;
            }
            while (workers.size() < threads) {
                workers.add(new UnrolledWorker(packed));
            }
            int most = Math.min(lanes, (samples - 1) / threads + 1);
            AtomicInteger next = new AtomicInteger();
            AtomicBoolean cancel = new AtomicBoolean();
            Thread caller = Thread.currentThread();
            BooleanSupplier cancelled = () -> cancel.get() || caller.isInterrupted();
            crew.run(
                    threads,
                    k -> {
                        while (!cancelled.getAsBoolean()) {
                            int first = next.getAndUpdate(at -> (int) Math.min((long) at + most, samples));
                            if (first == samples) {
                                return;
                            }
                            share.run(workers.get(k), first, Math.min(most, samples - first), cancelled);
                        }
                    },
                    () -> cancel.set(true));
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("the work was interrupted");
            }
        } finally {
            state.set(State.IDLE);
        }
    }

    /// `K`.
    public int iterations() {
        return iterations;
    }

    /// The working precision.
    public Precision precision() {
        return options.precision();
    }

    /// Bytes of memory that the plan holds at most: packed operators, and for each thread panels of `O(n + p +
    /// q)` rows.
    /// What passes hold is not in it.
    public long footprint() {
        return footprint;
    }

    /// Gives memory and threads back; passes stay, but cannot go back any more. Closing twice does nothing;
    /// closing at work throws [IllegalStateException].
    @Override
    public void close() {
        State before = state.compareAndExchange(State.IDLE, State.CLOSED);
        if (before == State.WORKING) {
            throw new IllegalStateException("this plan is at work: it cannot be closed");
        }
        crew.close();
        if (before == State.IDLE) {
            workers.clear();
        }
    }
}
