package dev.stillpoint.wellposed;

import dev.stillpoint.internal.cpu.CpuBoundKernels;
import dev.stillpoint.internal.cpu.CpuForward;
import dev.stillpoint.internal.engine.Crew;
import dev.stillpoint.internal.engine.LaneMap;
import dev.stillpoint.internal.engine.Shared;
import dev.stillpoint.internal.reference.LaneMapF64;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ErrorBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Bounds the errors of batches by a [Certificate]: packed operators, a panel for each thread, and the threads
/// beside the caller's, which start with the first batch that needs them.
///
/// A bound depends on its own sample alone, not on the batch, its order, the threads or the vector width. The
/// cost of a batch is that of one evaluation of `f` in FP64 and, where the inverse is bounded, a product with it
/// in the precision of the states; a sample at the limit of FP64 costs some ten such evaluations, one whose bound
/// is sharpened up to some thousands. One batch at a time.
public final class Certifier implements AutoCloseable {
    private final Certificate certificate;
    private final int threads;
    private final Crew crew;
    private final Precision precision;
    private final Shared<LaneMapF64> map;
    private final @Nullable Shared<LaneMap> inverse;
    private final List<BoundWorker> workers = new ArrayList<>();
    private final long footprint;
    private boolean busy;
    private boolean closed;

    Certifier(Certificate certificate, Precision precision, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        this.certificate = certificate;
        this.threads = threads;
        this.precision = precision;
        map = CpuForward.map(
                OperatorRows.beside(certificate.problem.a(), certificate.problem.b()),
                certificate.problem.bias(),
                certificate.problem.activation());
        inverse = certificate.inverse == null
                ? null
                : CpuForward.product(precision, LinearOperator.dense(roundedUp(certificate.inverse, precision)));
        crew = new Crew(threads, "stillpoint-certify-");
        BoundWorker first = worker();
        workers.add(first);
        footprint = Math.addExact(
                map.bytes() + (inverse == null ? 0 : inverse.bytes()), Math.multiplyExact(threads, first.bytes()));
    }

    private BoundWorker worker() {
        return new BoundWorker(
                certificate,
                precision,
                map.make(),
                inverse == null ? null : inverse.make(),
                CpuBoundKernels.preferred());
    }

    /// The smallest matrix of a precision that is nowhere below; infinities become the largest number, which no
    /// product with a residual that matters fits.
    static Matrix roundedUp(double[][] m, Precision precision) {
        Matrix rounded = Matrix.zeros(precision, m.length, m.length);
        double[] row = new double[m.length];
        for (int i = 0; i < m.length; i++) {
            double[] exact = m[i];
            Arrays.setAll(row, j -> precision == Precision.F32 ? up(exact[j]) : exact[j]);
            rounded.setRow(i, row, 0);
        }
        return rounded.frozen();
    }

    /// The least `float` that is not below `value`.
    private static float up(double value) {
        float rounded = (float) value;
        return rounded < value ? Math.nextUp(rounded) : rounded;
    }

    /// Bounds of the errors of states.
    ///
    /// @param inputs `u`, `(samples, p)`, as they are stored; not modified
    /// @param states `x`, `(samples, n)`, not modified
    /// @return for every sample; not-a-number where nothing is proved, or a value is not finite
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalStateException when it is closed or in use
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set
    public ErrorBounds bounds(Matrix inputs, Matrix states) {
        ShapeException.checkColumns("inputs", inputs, certificate.problem.inputSize());
        ShapeException.check("states", states, inputs.rows(), certificate.problem.stateSize());
        enter();
        try {
            int samples = inputs.rows();
            double[] max = new double[samples];
            double[] two = new double[samples];
            if (certificate.exists()) {
                run(new BoundWorker.Task(inputs, states, max, two));
            } else {
                Arrays.fill(max, Double.NaN);
                Arrays.fill(two, Double.NaN);
            }
            return new ErrorBounds(max, two);
        } finally {
            leave();
        }
    }

    private void run(BoundWorker.Task task) {
        int count = Math.min(threads, task.samples());
        if (count == 0) {
            return;
        }
        while (workers.size() < count) {
            workers.add(worker());
        }
        AtomicInteger next = new AtomicInteger();
        Thread caller = Thread.currentThread();
        AtomicInteger stop = new AtomicInteger();
        crew.run(
                count,
                k -> workers.get(k).run(task, next, () -> stop.get() != 0 || caller.isInterrupted()),
                () -> stop.set(1));
        if (caller.isInterrupted()) {
            throw new CancellationException("the certification was interrupted");
        }
    }

    /// Bytes of memory that this holds at most: packed operators and the panels of all threads.
    public long footprint() {
        return footprint;
    }

    private synchronized void enter() {
        if (closed || busy) {
            throw new IllegalStateException(closed ? "the certifier is closed" : "the certifier is in use");
        }
        busy = true;
    }

    private synchronized void leave() {
        busy = false;
    }

    /// Gives memory and threads back. Closing twice does nothing.
    @Override
    public synchronized void close() {
        closed = true;
        crew.close();
        workers.clear();
    }
}
