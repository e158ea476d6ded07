package dev.stillpoint.internal.engine;

import dev.stillpoint.internal.engine.BlockCourse.Implicit;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Works on a batch by a [BlockCourse]: takes some samples, does a stage for all of them, then the next.
///
/// The values of the samples between stages are in one matrix, a row `(x_1, ..., x_L, u)` a sample, so that what a
/// stage reads and writes are ranges of its columns. A sample has the worst status of its blocks, the largest of
/// their iteration counts (1 where all are explicit), and the norm of their residuals, added from the last block to
/// the first in double precision; the residual of an explicit block is zero.
public final class BlockWorker implements Worker {
    /// Values of the matrix between stages, unless the panels need more.
    private static final int VALUES = 1 << 20;

    private static final int PANELS = 4;

    private final BlockCourse course;
    private final List<Runnable> stages = new ArrayList<>();
    private final Matrix values;
    private final double[] row;
    private final boolean[] finite;
    private final Status[] statuses;
    private final int[] iterations;
    private final double[] residuals;
    private @Nullable Batch batch;
    private int first;
    private int count;

    /// A stage of the course, packed; each worker has a scheduler or a panel of its own.
    public sealed interface Packed {}

    /// A block that is solved.
    ///
    /// @param block the block
    /// @param schedulers makes its schedulers
    public record PackedBlock(Implicit block, Supplier<LaneScheduler> schedulers) implements Packed {}

    /// A pass.
    ///
    /// @param panels makes its panels
    public record PackedPass(Supplier<ForwardPanel> panels) implements Packed {}

    /// A worker.
    ///
    /// @param packed the stages of the course, in order
    /// @param lanes lanes of the widest panel
    public BlockWorker(BlockCourse course, List<Packed> packed, Precision precision, int lanes) {
        this.course = course;
        int columns = Math.addExact(course.n(), course.p());
        int samples = Math.max(PANELS * lanes, VALUES / columns);
        values = Matrix.zeros(precision, samples, columns);
        row = new double[columns];
        finite = new boolean[samples];
        statuses = new Status[samples];
        iterations = new int[samples];
        residuals = new double[samples];
        for (Packed stage : packed) {
            stages.add(
                    switch (stage) {
                        case PackedPass(var panels) -> {
                            ForwardPanel panel = panels.get();
                            yield () -> pass(panel);
                        }
                        case PackedBlock(var block, var schedulers) -> {
                            LaneScheduler scheduler = schedulers.get();
                            yield () -> scheduler.run(new Stage(block), count);
                        }
                    });
        }
    }

    @Override
    public void run(Batch work, int share) {
        batch = work;
        int most = Math.min(values.rows(), share);
        while (!work.isCancelled()) {
            first = work.claim(most);
            if (first < 0) {
                break;
            }
            count = Math.min(most, work.samples() - first);
            for (int s = 0; s < count; s++) {
                load(work, s);
            }
            for (Runnable stage : stages) {
                stage.run();
            }
            for (int s = 0; s < count && !work.isCancelled(); s++) {
                finish(work, s);
            }
        }
        batch = null;
    }

    /// A sample with a value that is not finite is not-a-number in all of them, so that each stage refuses it.
    private void load(Batch work, int s) {
        Matrix initial = work.initial();
        boolean ok = true;
        if (initial != null) {
            initial.getRow(first + s, row, 0);
            ok = isFinite(course.n());
        }
        double[] input = Arrays.copyOf(row, course.p());
        work.inputs().getRow(first + s, input, 0);
        Arrays.fill(row, 0, course.n(), 0);
        System.arraycopy(input, 0, row, course.n(), course.p());
        ok &= isFinite(row.length);
        if (!ok) {
            Arrays.fill(row, Double.NaN);
        }
        values.setRow(s, row, 0);
        finite[s] = ok;
        statuses[s] = Status.CONVERGED;
        iterations[s] = 1;
        residuals[s] = 0;
    }

    /// Whether the first values of the row are finite in the working precision.
    private boolean isFinite(int size) {
        boolean ok = true;
        for (int j = 0; j < size; j++) {
            ok &= values.precision() == Precision.F32 ? Float.isFinite((float) row[j]) : Double.isFinite(row[j]);
        }
        return ok;
    }

    private void pass(ForwardPanel panel) {
        for (int s = 0; s < count; s += panel.lanes()) {
            panel.pass(values, s, Math.min(panel.lanes(), count - s));
        }
    }

    private void finish(Batch work, int s) {
        if (!finite[s]) {
            work.reject(first + s);
            return;
        }
        values.getRow(s, row, 0);
        if (!isFinite(course.n())) {
            statuses[s] = Status.DIVERGED;
            residuals[s] = Double.NaN;
            for (int i = 0; i < course.n(); i++) {
                row[i] = Double.isNaN(row[i]) ? Double.NaN : row[i];
            }
        }
        work.states().setRow(first + s, row, 0);
        work.finish(first + s, statuses[s], iterations[s], residuals[s]);
    }

    /// The samples of a block that is solved.
    private final class Stage extends Work {
        private final Batch whole;
        private final Matrix inputs;
        private final Matrix states;
        private final @Nullable Matrix initial;
        private int next;

        Stage(Implicit block) {
            if (batch == null) {
                throw new IllegalStateException("no batch");
            }
            whole = batch;
            int end = block.begin() + block.size();
            inputs = values.slice(0, end, count, values.columns() - end);
            states = values.slice(0, block.begin(), count, block.size());
            Matrix start = whole.initial();
            initial = start == null ? null : start.slice(first, block.begin(), count, block.size());
        }

        @Override
        public int samples() {
            return count;
        }

        @Override
        public Matrix inputs() {
            return inputs;
        }

        @Override
        public @Nullable Matrix initial() {
            return initial;
        }

        @Override
        public Matrix states() {
            return states;
        }

        @Override
        public int claim(int most) {
            int at = next;
            next = Math.min(count, at + most);
            return at < count ? at : -1;
        }

        @Override
        public void finish(int sample, Status status, int steps, double residual) {
            boolean worse = status == Status.DIVERGED || statuses[sample] == Status.CONVERGED;
            statuses[sample] = worse ? status : statuses[sample];
            iterations[sample] = Math.max(iterations[sample], steps);
            double sum = residuals[sample];
            residuals[sample] = sum == 0 ? residual : Math.sqrt(sum * sum + residual * residual);
        }

        /// The input of a finite sample is not finite where an earlier block diverged.
        @Override
        public void reject(int sample) {
            for (int i = 0; i < states.columns(); i++) {
                states.set(sample, i, Double.NaN);
            }
            finish(sample, Status.DIVERGED, 0, Double.NaN);
        }

        @Override
        public boolean isCancelled() {
            return whole.isCancelled();
        }
    }
}
