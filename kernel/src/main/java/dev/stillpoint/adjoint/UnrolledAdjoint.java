package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.Status;

/// What going back through the iterations of an [UnrolledPass] found: for each sample and iteration the gradient
/// `v_k` of the loss with respect to the point `t_k = A x_k + B u + bias`, of which [Gradients#add(UnrolledAdjoint,
/// int)] makes gradients, and the gradient with respect to the start.
///
/// A sample has the status `MAX_ITERATIONS` where all of them are finite. It has that of the pass where that is
/// another; `NON_FINITE` where a value of its output gradient is not finite in the working precision; `DIVERGED`
/// where a value on the way back is not. Such samples have no gradient, and their rows are not-a-number.
///
/// It owns its arrays, [#bytes()] of them, keeps the pass, and outlives the plan. Immutable, and safe to share.
public final class UnrolledAdjoint {
    private final UnrolledPass pass;
    private final Matrix outputGradients;
    private final Matrix states;
    private final Matrix sums;
    private final Matrix gradients;
    private final Status[] statuses;

    /// An adjoint that is to be computed.
    UnrolledAdjoint(UnrolledPass pass, Matrix outputGradients, Matrix states, Matrix sums, Matrix gradients) {
        this.pass = pass;
        this.outputGradients = outputGradients;
        this.states = states;
        this.sums = sums;
        this.gradients = gradients;
        statuses = new Status[sums.rows()];
    }

    /// Notes what happened to a sample.
    void note(int sample, Status status) {
        statuses[sample] = status;
    }

    UnrolledPass pass() {
        return pass;
    }

    /// `g`, immutable.
    Matrix outputGradients() {
        return outputGradients;
    }

    /// `v_k` of sample `s` in row `s K + k`.
    Matrix states() {
        return states;
    }

    /// `sum_k v_k`, FP64: a chain of additions from `+0` on, in decreasing `k`.
    Matrix sums() {
        return sums;
    }

    /// The gradients with respect to the starts, while they are computed.
    Matrix gradients() {
        return gradients;
    }

    /// Number of samples.
    public int samples() {
        return statuses.length;
    }

    /// What happened to sample `i`.
    public Status status(int i) {
        return statuses[i];
    }

    /// The gradients with respect to the starts `x_0`, `(samples, n)` in the working precision; an immutable view.
    public Matrix initialGradients() {
        return gradients.frozen();
    }

    /// Bytes of its arrays: `e (K + 1) n + 8 n` a sample, with `e` bytes a value.
    public long bytes() {
        long values = (long) (states.rows() + gradients.rows()) * gradients.columns();
        return values * gradients.precision().bytes() + (long) Double.BYTES * sums.rows() * sums.columns();
    }
}
