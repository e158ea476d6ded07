package dev.stillpoint.internal.engine;

import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.Certificate;
import dev.stillpoint.wellposed.Certifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A plan of an engine: packed operators, a worker for each thread, and the threads beside the caller's. The
/// worker of the caller is made at once, those of the other threads at the first solve that needs them; all are
/// kept.
public final class EnginePlan implements SolvePlan {
    private enum State {
        IDLE,
        SOLVING,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final EngineFactory factory;
    private final PlanOptions options;
    private final int threads;
    private final int n;
    private final int p;
    private final Shared<? extends Worker> shared;
    private final List<Worker> workers = new ArrayList<>();
    private final long footprint;
    private final Crew crew;
    private final @Nullable Certifier certifier;

    /// A plan for a problem.
    ///
    /// @param factory in the precision of the options; closed with the plan, or by the caller when this throws
    public EnginePlan(
            EngineFactory factory,
            FixedPointProblem problem,
            Solver solver,
            StoppingRule stopping,
            PlanOptions options) {
        this(
                factory,
                options,
                problem.stateSize(),
                problem.inputSize(),
                factory.workers(problem, solver, stopping),
                certifier(problem, options));
    }

    /// A plan of workers that are packed.
    ///
    /// @param n values of a state
    /// @param p values of an input row
    EnginePlan(
            EngineFactory factory,
            PlanOptions options,
            int n,
            int p,
            Shared<? extends Worker> shared,
            @Nullable Certifier certifier) {
        this.factory = factory;
        this.options = options;
        threads = factory.threads(options.threads());
        this.n = n;
        this.p = p;
        this.shared = shared;
        this.certifier = certifier;
        Worker first = shared.make();
        workers.add(first);
        footprint = Math.addExact(
                Math.addExact(shared.bytes(), Math.multiplyExact(threads, first.bytes())),
                certifier == null ? 0 : certifier.footprint());
        crew = new Crew(threads, "stillpoint-solve-");
    }

    private static @Nullable Certifier certifier(FixedPointProblem problem, PlanOptions options) {
        Certificate certificate = options.certificate();
        if (certificate == null) {
            return null;
        }
        if (!certificate.isOf(problem)) {
            throw new IllegalArgumentException("the certificate is of another problem");
        }
        return certificate.certifier(options.precision(), options.threads());
    }

    @Override
    public Precision precision() {
        return options.precision();
    }

    @Override
    public long footprint() {
        return footprint;
    }

    @Override
    public SolveResult solve(SolveRequest request) {
        int samples = request.inputs().rows();
        checkArguments(request, samples);
        State before = state.compareAndExchange(State.IDLE, State.SOLVING);
        if (before != State.IDLE) {
            throw new IllegalStateException(
                    before == State.CLOSED
                            ? "the plan is closed"
                            : "a solve is under way on this plan: a plan serves one at a time");
        }
        try {
            Batch batch = new Batch(
                    request,
                    request.destination() != null
                            ? request.destination()
                            : Matrix.zeros(options.precision(), samples, n));
            run(batch);
            SolveResult result = batch.result();
            return certifier == null
                    ? result
                    : result.withErrorBounds(certifier.bounds(request.inputs(), result.states()));
        } finally {
            state.set(State.IDLE);
        }
    }

    private void checkArguments(SolveRequest request, int samples) {
        Matrix initial = request.initial();
        Matrix destination = request.destination();
        ShapeException.checkColumns("inputs", request.inputs(), p);
        checkAccess("inputs", request.inputs());
        if (initial != null) {
            ShapeException.check("initial state", initial, samples, n);
            checkAccess("initial state", initial);
        }
        if (destination != null) {
            ShapeException.check("destination", destination, samples, n);
            checkAccess("destination", destination);
            if (destination.isImmutable()) {
                throw new IllegalArgumentException("the destination is immutable");
            }
        }
    }

    private void checkAccess(String name, Matrix matrix) {
        Crew.checkAccess(name, matrix, options.threads());
    }

    private void run(Batch batch) {
        int count = Math.min(threads, batch.samples());
        if (count == 0) {
            return;
        }
        int share = (batch.samples() - 1) / count + 1;
        while (workers.size() < count) {
            workers.add(shared.make());
        }
        crew.run(count, k -> workers.get(k).run(batch, share), batch::cancel);
        if (batch.isCancelled()) {
            throw new CancellationException("the solve was interrupted");
        }
    }

    @Override
    public void close() {
        State before = state.compareAndExchange(State.IDLE, State.CLOSED);
        if (before == State.SOLVING) {
            throw new IllegalStateException("a solve is under way on this plan: it cannot be closed");
        }
        crew.close();
        if (certifier != null) {
            certifier.close();
        }
        workers.clear();
        if (before == State.IDLE) {
            factory.close();
        }
    }
}
