package dev.stillpoint.internal.engine;

import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The loop that every solver and every executor shares: steps a panel, checks, retires, refills, and hands the
/// last samples over.
///
/// A sample's checks fall on its own iterations `c, 2c, ...` and on `maxIterations`, whatever sits in the other
/// lanes: a lane is refilled only at the panel's steps `c, 2c, ...`, and only the lanes that are due take part in
/// a check. The next pending sample takes the lane of a finished one, so that the work is the sum of the samples'
/// own iterations. When none is pending, samples move together into as few strips as hold them; when fewer are
/// left than a strip is worth, a panel of one lane finishes each by itself.
///
/// A step on which nothing happens to any sample costs a few operations here, none of them for each lane.
public final class LaneScheduler implements Runner {
    private final PanelExecutor panel;
    private final StoppingRule stopping;

    /// Iterations in which the residual has to halve, a multiple of the check interval, or 0.
    private final int patience;

    private final Supplier<PanelExecutor> singlePanel;
    private final int handOver;
    private final long singleBytes;
    private @Nullable LaneScheduler single;
    private final int[] sampleOf;

    /// The step at which the sample of each lane entered.
    private final long[] entered;

    private long live;
    private int width;
    private long clock;
    private long nextLimit;

    /// The step at which the progress of each lane is looked at next, and the least residual when it last was.
    private final long[] markAt;

    private final double[] mark;
    private long nextMark;
    private boolean drained;
    private int staged;
    private long stagedFinite;
    private int stagedFirst;
    private int stagedNext;

    /// A scheduler for a panel of many lanes and one of a single lane, which is made when it is first needed.
    ///
    /// @param patience iterations in which the residual has to halve for a sample not to be given up, or 0
    /// @param singlePanel makes the panel of one lane
    /// @param handOver samples, at most, that go to it when no others are pending; 0 for none ever
    /// @param singleBytes bytes of that panel
    public LaneScheduler(
            PanelExecutor panel,
            StoppingRule stopping,
            int patience,
            Supplier<PanelExecutor> singlePanel,
            int handOver,
            long singleBytes) {
        this.panel = panel;
        this.stopping = stopping;
        int interval = stopping.checkInterval();
        this.patience = Math.multiplyExact(Math.ceilDiv(patience, interval), interval);
        this.singlePanel = singlePanel;
        this.handOver = handOver;
        this.singleBytes = singleBytes;
        sampleOf = new int[panel.lanes()];
        entered = new long[panel.lanes()];
        markAt = new long[panel.lanes()];
        mark = new double[panel.lanes()];
    }

    @Override
    public long bytes() {
        return panel.bytes() + singleBytes;
    }

    private LaneScheduler single() {
        if (single == null) {
            PanelExecutor one = singlePanel.get();
            single = new LaneScheduler(one, stopping, patience, () -> one, 0, 0);
        }
        return single;
    }

    /// Works until no sample is left or the work is cancelled.
    ///
    /// @param share samples that fall to this worker when all have the same number: no more lanes are used, so
    ///     that a small batch is spread over the workers
    @Override
    public void run(Work work, int share) {
        if (share <= handOver) {
            single().run(work, 1);
            return;
        }
        width = Math.min(panel.lanes(), share);
        for (int lane = 0; lane < sampleOf.length; lane++) {
            if (isLive(lane)) {
                leave(lane);
            }
        }
        clock = 0;
        nextLimit = Long.MAX_VALUE;
        nextMark = Long.MAX_VALUE;
        drained = false;
        staged = 0;
        stagedNext = 0;
        refill(work);
        loop(work);
    }

    private void loop(Work work) {
        while (live != 0 && !work.isCancelled()) {
            clock++;
            boolean check = clock % stopping.checkInterval() == 0;
            long due = check ? live : clock == nextLimit ? atLimit() : 0;
            long finished = panel.step(due);
            if (finished != 0 || clock == nextLimit) {
                retire(work, due, finished);
            }
            if (check && clock >= nextMark) {
                giveUp(work);
            }
            panel.advance();
            // Idle lanes wait for a step that the checks of new samples can follow.
            if (live == 0) {
                clock = 0;
                refill(work);
            } else if (check && live != allLanes()) {
                refill(work);
                if (drained) {
                    narrow(work);
                }
            }
        }
    }

    private long allLanes() {
        return width == Long.SIZE ? -1 : (1L << width) - 1;
    }

    private static int highest(long lanes) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(lanes);
    }

    private boolean isLive(int lane) {
        return (live >>> lane & 1) != 0;
    }

    /// The lanes whose sample makes its last iteration.
    private long atLimit() {
        long lanes = 0;
        for (long left = live; left != 0; left &= left - 1) {
            int lane = Long.numberOfTrailingZeros(left);
            if (clock - entered[lane] == stopping.maxIterations()) {
                lanes |= 1L << lane;
            }
        }
        return lanes;
    }

    private void retire(Work work, long due, long finished) {
        long last = clock == nextLimit ? atLimit() : 0;
        for (long left = finished | (due & last); left != 0; left &= left - 1) {
            int lane = Long.numberOfTrailingZeros(left);
            int sample = sampleOf[lane];
            int iterations = (int) (clock - entered[lane]);
            if ((finished >>> lane & 1) != 0 && panel.isFinite(lane)) {
                panel.store(lane, work.states(), sample);
                work.finish(sample, Status.CONVERGED, iterations, panel.residual(lane));
            } else {
                Status status = panel.isFinite(lane) ? Status.MAX_ITERATIONS : Status.DIVERGED;
                panel.storeBest(lane, work.initial(), work.states(), sample);
                work.finish(sample, status, iterations, panel.bestResidual(lane));
            }
            leave(lane);
        }
        noteNextLimit();
    }

    /// Takes out the samples whose residual has not halved.
    private void giveUp(Work work) {
        nextMark = Long.MAX_VALUE;
        for (long left = live; left != 0; left &= left - 1) {
            int lane = Long.numberOfTrailingZeros(left);
            if (markAt[lane] <= clock) {
                double residual = panel.bestResidual(lane);
                if (!(residual <= mark[lane] / 2)) {
                    int sample = sampleOf[lane];
                    panel.storeBest(lane, work.initial(), work.states(), sample);
                    work.finish(sample, Status.MAX_ITERATIONS, (int) (clock - entered[lane]), residual);
                    leave(lane);
                    continue;
                }
                mark[lane] = residual;
                markAt[lane] = clock + patience;
            }
            nextMark = Math.min(nextMark, markAt[lane]);
        }
        noteNextLimit();
    }

    private void noteNextLimit() {
        long first = Long.MAX_VALUE;
        for (long left = live; left != 0; left &= left - 1) {
            first = Math.min(first, entered[Long.numberOfTrailingZeros(left)]);
        }
        nextLimit = first == Long.MAX_VALUE ? first : first + stopping.maxIterations();
    }

    private void enter(int lane, int sample, long at) {
        sampleOf[lane] = sample;
        entered[lane] = at;
        live |= 1L << lane;
        nextLimit = Math.min(nextLimit, at + stopping.maxIterations());
    }

    /// A sample begins, after the iterations that it has behind it.
    private void begin(Work work, int lane, int sample) {
        enter(lane, sample, clock - work.spent(sample));
        watch(lane, clock + stopping.checkInterval(), Double.POSITIVE_INFINITY);
    }

    /// Looks at the progress of a lane at step `at`; the first time there is nothing to compare with.
    private void watch(int lane, long at, double residual) {
        mark[lane] = residual;
        markAt[lane] = patience == 0 ? Long.MAX_VALUE : at;
        nextMark = Math.min(nextMark, markAt[lane]);
    }

    private void leave(int lane) {
        panel.release(lane);
        live &= ~(1L << lane);
    }

    /// Fills the idle lanes with pending samples.
    private void refill(Work work) {
        int strip = panel.width();
        for (int lane = 0; lane < width && !drained; lane++) {
            if (isLive(lane)) {
                continue;
            }
            int s = nextStaged(work);
            if (s < 0) {
                drained = true;
                return;
            }
            if (s == 0 && isWholeStrip(lane)) {
                panel.loadStrip(lane);
                for (int i = 0; i < strip; i++) {
                    begin(work, lane + i, stagedFirst + i);
                }
                stagedNext = staged;
                lane += strip - 1;
            } else {
                panel.load(lane, s);
                begin(work, lane, stagedFirst + s);
            }
        }
    }

    /// Whether all staged samples can enter the strip that begins with `lane`.
    private boolean isWholeStrip(int lane) {
        int strip = panel.width();
        long ones = strip == Long.SIZE ? -1 : (1L << strip) - 1;
        return lane % strip == 0
                && lane + strip <= width
                && (live >>> lane & ones) == 0
                && (stagedFinite & ones) == ones
                && staged == strip;
    }

    /// The next staged sample that can be solved, staging more as needed; -1 when the batch has none left.
    private int nextStaged(Work work) {
        while (true) {
            if (stagedNext == staged) {
                int count = Math.min(panel.width(), width);
                int first = work.isCancelled() ? -1 : work.claim(count);
                if (first < 0) {
                    return -1;
                }
                staged = Math.min(count, work.samples() - first);
                stagedFirst = first;
                stagedNext = 0;
                stagedFinite = panel.stage(work.inputs(), work.initial(), first, staged);
            }
            int s = stagedNext++;
            if ((stagedFinite >>> s & 1) != 0) {
                return s;
            }
            work.reject(stagedFirst + s);
        }
    }

    /// No sample is pending: moves those that are left into as few strips as hold them, or hands them over.
    private void narrow(Work work) {
        int left = Long.bitCount(live);
        if (left <= handOver) {
            LaneScheduler last = single();
            for (long lanes = live; lanes != 0; lanes &= lanes - 1) {
                int lane = Long.numberOfTrailingZeros(lanes);
                last.resume(work, this, lane);
                leave(lane);
            }
            return;
        }
        int strips = (left + panel.width() - 1) / panel.width();
        while (highest(live) >= strips * panel.width()) {
            int from = highest(live);
            int to = Long.numberOfTrailingZeros(~live);
            panel.adopt(to, panel, from);
            enter(to, sampleOf[from], entered[from]);
            watch(to, markAt[from], mark[from]);
            leave(from);
        }
    }

    /// Finishes the sample in a lane of another scheduler.
    private void resume(Work work, LaneScheduler from, int lane) {
        clock = from.clock - from.entered[lane];
        nextLimit = Long.MAX_VALUE;
        nextMark = Long.MAX_VALUE;
        width = 1;
        drained = true;
        panel.adopt(0, from.panel, lane);
        enter(0, from.sampleOf[lane], 0);
        watch(0, from.markAt[lane] - from.entered[lane], from.mark[lane]);
        loop(work);
        if (live != 0) {
            leave(0);
        }
    }
}
