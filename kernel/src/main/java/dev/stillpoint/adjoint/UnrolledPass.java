package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.Status;
import java.util.concurrent.CancellationException;

/// The states `x_0, ..., x_K` of a batch of samples, through which an [UnrolledPlan] goes back.
///
/// A sample has the status `MAX_ITERATIONS` where all its states are finite: it has made its `K` iterations, and
/// nothing is said about how far it is from a fixed point. It is `NON_FINITE` where a value of its input or its
/// start is not finite in the working precision, and its state is then not-a-number; `DIVERGED` where that of a
/// state is not, and its state is then `x_K`, whatever that is.
///
/// A pass owns its arrays, [#bytes()] of them, keeps a copy of the inputs unless they are immutable, and outlives
/// its plan, but for [#backward]. Immutable, and safe to share.
public final class UnrolledPass {
    private final UnrolledPlan plan;
    private final Matrix inputs;
    private final Matrix trajectory;
    private final Matrix states;
    private final Status[] statuses;

    /// A pass whose states are to be computed.
    UnrolledPass(UnrolledPlan plan, Matrix inputs, Matrix trajectory, Matrix states) {
        this.plan = plan;
        this.inputs = inputs;
        this.trajectory = trajectory;
        this.states = states;
        statuses = new Status[states.rows()];
    }

    /// Notes what happened to a sample.
    void note(int sample, Status status) {
        statuses[sample] = status;
    }

    /// `x_k` of sample `s` in row `s K + k`, `k < K`.
    Matrix trajectory() {
        return trajectory;
    }

    /// The states, while they are computed.
    Matrix last() {
        return states;
    }

    /// The inputs, immutable.
    Matrix inputs() {
        return inputs;
    }

    /// Number of samples.
    public int samples() {
        return statuses.length;
    }

    /// `x_K`, `(samples, n)` in the working precision, to the bit those that a solve with the same solver has after
    /// `K` iterations; an immutable view.
    public Matrix states() {
        return states.frozen();
    }

    /// What happened to sample `i`.
    public Status status(int i) {
        return statuses[i];
    }

    /// Bytes that the states take: `e (K + 1) n` a sample, with `e` bytes a value.
    public long bytes() {
        long values = (long) (trajectory.rows() + states.rows()) * states.columns();
        return values * states.precision().bytes();
    }

    /// Goes back through the iterations, from the gradient of a loss with respect to the outputs `y = C x_K + D
    /// u`, on the plan's threads.
    ///
    /// @param outputGradients `g`, `(samples, q)`; not modified, and copied unless immutable
    /// @throws ShapeException when the shape does not fit, or the result does not fit a Java array
    /// @throws IllegalArgumentException when `outputGradients` lies in memory that one thread alone may read, and
    ///     the plan has several
    /// @throws IllegalStateException when the plan is closed or at work
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set, and the
    ///     plan may be used again
    public UnrolledAdjoint backward(Matrix outputGradients) {
        return plan.backward(this, outputGradients);
    }
}
