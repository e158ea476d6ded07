package dev.stillpoint.internal.engine;

import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The samples of one solve, handed out to workers, and the places of their results.
///
/// Workers claim disjoint ranges and write disjoint entries; joining the workers publishes them to the caller.
public final class Batch extends Work {
    private final SolveRequest request;
    private final Matrix states;
    private final double[] notANumber;
    private final Status[] statuses;
    private final int[] iterations;
    private final double[] residuals;
    private final int[] legs;
    private final AtomicInteger next = new AtomicInteger();
    private final Thread caller;
    private volatile boolean cancelled;

    /// The batch of a request whose states go to `states`. The calling thread is the one whose interrupt cancels.
    public Batch(SolveRequest request, Matrix states) {
        this.request = request;
        this.states = states;
        int samples = request.inputs().rows();
        notANumber = new double[states.columns()];
        Arrays.fill(notANumber, Double.NaN);
        statuses = new Status[samples];
        iterations = new int[samples];
        residuals = new double[samples];
        legs = new int[samples];
        caller = Thread.currentThread();
    }

    @Override
    public int samples() {
        return statuses.length;
    }

    @Override
    public Matrix inputs() {
        return request.inputs();
    }

    @Override
    public @Nullable Matrix initial() {
        return request.initial();
    }

    @Override
    public Matrix states() {
        return states;
    }

    @Override
    public int claim(int count) {
        int first = next.getAndUpdate(at -> (int) Math.min((long) at + count, statuses.length));
        return first < statuses.length ? first : -1;
    }

    @Override
    public void finish(int sample, Status status, int iterations, double residual) {
        statuses[sample] = status;
        this.iterations[sample] = iterations;
        residuals[sample] = residual;
        request.progress().accept(1);
    }

    @Override
    public void comesFrom(int sample, int leg) {
        legs[sample] = leg;
    }

    @Override
    public void reject(int sample) {
        states.setRow(sample, notANumber, 0);
        finish(sample, Status.NON_FINITE, 0, Double.NaN);
    }

    /// Asks the workers to stop.
    public void cancel() {
        cancelled = true;
    }

    /// Whether the workers are to stop: asked to, or the caller was interrupted.
    @Override
    public boolean isCancelled() {
        return cancelled || caller.isInterrupted();
    }

    /// The result, once every worker is done.
    public SolveResult result() {
        return new SolveResult(states, statuses, iterations, residuals, legs);
    }
}
