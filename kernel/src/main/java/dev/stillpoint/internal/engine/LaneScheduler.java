package dev.stillpoint.internal.engine;

import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.Arrays;

/// The loop that every solver and every executor shares: steps a panel, checks, retires, refills.
///
/// A sample's checks fall on its own iterations `c, 2c, ...` and on `maxIterations`, whatever sits in the other lanes:
/// a lane is refilled only at the panel's steps `c, 2c, ...`, and only the lanes that are due take part in a check. The
/// next pending sample takes the lane of a finished one, so that the work is the sum of the samples' own iterations.
public final class LaneScheduler {
    private static final int IDLE = -1;

    private final PanelExecutor panel;
    private final StoppingRule stopping;
    private final int[] sampleOf;
    private final int[] iterationOf;
    private final boolean[] due;
    private int width;
    private int active;
    private int staged;
    private int stagedFirst;
    private int stagedNext;

    /// A scheduler for one panel.
    public LaneScheduler(PanelExecutor panel, StoppingRule stopping) {
        this.panel = panel;
        this.stopping = stopping;
        sampleOf = new int[panel.lanes()];
        iterationOf = new int[panel.lanes()];
        due = new boolean[panel.lanes()];
        Arrays.fill(sampleOf, IDLE);
    }

    /// Works on a batch until no sample is left or the batch is cancelled.
    ///
    /// @param share samples that fall to this worker when all have the same number: no more lanes are used, so that
    ///     a small batch is spread over the workers
    public void run(Batch batch, int share) {
        width = Math.min(panel.lanes(), share);
        for (int lane = 0; lane < sampleOf.length; lane++) {
            if (sampleOf[lane] != IDLE) {
                leave(lane);
            }
        }
        Arrays.fill(due, false);
        active = 0;
        staged = 0;
        stagedNext = 0;
        refill(batch);
        int step = 0;
        while (active > 0 && !batch.isCancelled()) {
            step++;
            panel.step(due, count());
            retire(batch);
            panel.advance();
            if (step == stopping.checkInterval() || active == 0) {
                refill(batch);
                step = 0;
            }
        }
    }

    /// Counts the iteration that begins, and marks the lanes that are due for a check; whether any is.
    private boolean count() {
        boolean any = false;
        for (int lane = 0; lane < width; lane++) {
            boolean live = sampleOf[lane] != IDLE;
            int iteration = live ? ++iterationOf[lane] : 0;
            due[lane] = live && (iteration % stopping.checkInterval() == 0 || iteration == stopping.maxIterations());
            any |= due[lane];
        }
        return any;
    }

    private void retire(Batch batch) {
        for (int lane = 0; lane < width; lane++) {
            if (!due[lane]) {
                continue;
            }
            int sample = sampleOf[lane];
            int iteration = iterationOf[lane];
            switch (panel.judge(lane)) {
                case CONVERGED -> {
                    panel.store(lane, batch.states(), sample);
                    batch.finish(sample, Status.CONVERGED, iteration, panel.residual(lane));
                    leave(lane);
                }
                case NON_FINITE -> {
                    panel.storeBest(lane, batch.states(), sample);
                    batch.finish(sample, Status.DIVERGED, iteration, panel.bestResidual(lane));
                    leave(lane);
                }
                case GO_ON -> {
                    if (iteration == stopping.maxIterations()) {
                        panel.storeBest(lane, batch.states(), sample);
                        batch.finish(sample, Status.MAX_ITERATIONS, iteration, panel.bestResidual(lane));
                        leave(lane);
                    }
                }
            }
        }
    }

    private void leave(int lane) {
        sampleOf[lane] = IDLE;
        panel.release(lane);
        active--;
    }

    private void refill(Batch batch) {
        for (int lane = 0; lane < width; lane++) {
            if (sampleOf[lane] == IDLE) {
                int s = nextStaged(batch);
                if (s < 0) {
                    return;
                }
                panel.load(lane, s);
                sampleOf[lane] = stagedFirst + s;
                iterationOf[lane] = 0;
                active++;
            }
        }
    }

    /// The next staged sample that can be solved, staging more as needed; -1 when the batch has none left.
    private int nextStaged(Batch batch) {
        while (true) {
            if (stagedNext == staged) {
                int first = batch.isCancelled() ? -1 : batch.claim(width);
                if (first < 0) {
                    return -1;
                }
                staged = Math.min(width, batch.samples() - first);
                stagedFirst = first;
                stagedNext = 0;
                panel.stage(batch.request().inputs(), batch.request().initial(), first, staged);
            }
            int s = stagedNext++;
            if (panel.isStagedFinite(s)) {
                return s;
            }
            batch.reject(stagedFirst + s);
        }
    }
}
