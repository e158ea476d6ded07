package dev.stillpoint.adjoint;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.concurrent.CancellationException;

/// An adjoint problem, a solver and a stopping rule made ready for one backend: packed transposed operators, memory
/// and threads. It solves, sample by sample, each with the Jacobian `J` of its own point,
///
///     v = J' (A'v + C'g)
///
/// by the engine that solves fixed points, as the linear fixed-point problem that it is, with the same stopping
/// rule, statuses and iterations. Offered are Picard, Anderson, Broyden, semismooth Newton (whose derivative is
/// `J'A'` everywhere), courses of these, and, for componentwise activations that are proximal maps,
/// forward-backward, Peaceman-Rachford and Douglas-Rachford: where `J = diag(d)`, the map is a proximal map itself,
/// with step alpha that of the slopes `d/(d + alpha (1 - d))`. Of a solver that was proved to converge on the
/// forward problem by the 2-norm of `A`, by its margin of monotony, or by the Perron-Frobenius eigenvalue of `|A|`,
/// the same is true here, since those of `A'` are the same.
///
/// **Cost.** An iteration is one product with `A'`, and a multiplication by slopes that are computed once a sample;
/// for activations that are not componentwise it is the scalar code of their derivatives. The plan has `A'` and
/// `C'` packed; a solve copies points and gradients, `(samples, n + q)` values in the working precision.
///
/// A plan serves one solve at a time and says so when it is misused. A sample's result has the same bits whatever
/// the batch, the order of samples, the threads and the vectors. Source: IDL-21 (6.4), NTK-22 §2.1.3.
public interface AdjointPlan extends AutoCloseable {
    /// Prepares on the CPU.
    ///
    /// @param options without a certificate
    /// @throws IllegalArgumentException when the solver cannot solve adjoint equations, or not those of this
    ///     activation, or the options have a certificate
    static AdjointPlan prepare(AdjointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options) {
        return Backend.cpu().prepareAdjoint(problem, solver, stopping, options);
    }

    /// Prepares, on the CPU, the first `terms` terms of the Neumann series of the solution, damped by `damping`:
    /// from zero, so many steps of Picard's iteration with that relaxation,
    ///
    ///     v = damping sum_(t < terms) (damping J'A' + (1 - damping) I)^t J'C'g,
    ///
    /// the phantom gradient; undamped it is `sum_(t < terms) (J'A')^t J'C'g`. From another start it is as many
    /// steps from there.
    ///
    /// A sample whose sum is finite has the status `MAX_ITERATIONS`, since its iterations ran out as was asked for,
    /// or `CONVERGED` where its residual is exactly 0 and further terms would change nothing. The residual
    /// `|J'(A'v + C'g) - v|_2` is the norm of the next term, over `damping`. Measuring it costs one product with
    /// `A'` more: there are `terms + 1` iterations. A sample of which it is not finite has `DIVERGED`, or
    /// `NON_FINITE`, and no sum. [Gradients#addTruncated] takes such results, [Gradients#add] refuses them.
    ///
    /// It is an approximation without a bound, also where the adjoint equation has no solution; where `J'A'` has
    /// spectral radius `rho < 1` what is left out falls as `rho^terms` undamped. Source: NTK-22 §2.1.3 (the adjoint
    /// equation), of whose solution these are the first terms.
    ///
    /// @param terms from 1 to `2^31 - 2`
    /// @param damping in (0, 1]; 1 for none
    /// @param options without a certificate
    /// @throws IllegalArgumentException when `terms` or `damping` is out of range, or the options have a
    ///     certificate
    static AdjointPlan truncated(AdjointProblem problem, int terms, double damping, PlanOptions options) {
        if (terms < 1 || terms == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("terms is " + terms + ", expected a number from 1 to 2147483646");
        }
        if (!(damping > 0 && damping <= 1)) {
            throw new IllegalArgumentException("damping is " + damping + ", expected a number in (0, 1]");
        }
        // Iteration j measures the iterate j - 1, and an earlier check could end, or keep, an earlier one.
        StoppingRule exact = new StoppingRule(0, 0, terms + 1, terms + 1);
        return prepare(problem, Solver.picard(damping), exact, options);
    }

    /// Prepares, on the CPU, the first term of the Neumann series alone, `v = J'C'g`: the Jacobian-free gradient,
    /// which is [#truncated] with one term, undamped. Its residual, `|J'A'v|_2`, costs a product with `A'`.
    ///
    /// @param options without a certificate
    /// @throws IllegalArgumentException when the options have a certificate
    static AdjointPlan jacobianFree(AdjointProblem problem, PlanOptions options) {
        return truncated(problem, 1, 1, options);
    }

    /// Solves for every sample, starting from zero.
    ///
    /// The residual is `|J'(A'v + C'g) - v|_2`. A sample whose residual does not meet the stopping rule has the
    /// status that says so, and the best state that was found: `MAX_ITERATIONS`, `DIVERGED`, or `NON_FINITE`, with
    /// not-a-number for its state, where a value of its point or its gradient is not finite in the working
    /// precision.
    ///
    /// @param points `t = Ax + Bu + bias`, `(samples, n)`; not modified
    /// @param outputGradients `g`, `(samples, q)`; not modified
    /// @return the adjoint states `v`, `(samples, n)` in the working precision
    /// @throws ShapeException when shapes do not fit
    /// @throws IllegalStateException when the plan is closed or a solve is under way
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set, and the
    ///     plan may be used again
    SolveResult solve(Matrix points, Matrix outputGradients);

    /// Solves as [#solve(Matrix, Matrix)], starting from given states, which may be those of a similar problem: a
    /// step of training before.
    ///
    /// @param initial `(samples, n)`; not modified
    /// @throws ShapeException when shapes do not fit
    /// @throws IllegalArgumentException when `initial` lies in memory that one thread alone may read, and the plan
    ///     has several
    /// @throws IllegalStateException when the plan is closed or a solve is under way
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set, and the
    ///     plan may be used again
    SolveResult solve(Matrix points, Matrix outputGradients, Matrix initial);

    /// The points `t = Ax + Bu + bias` of given states, in the working precision, on the calling thread. Order:
    /// `bias`, or `+0` without one, goes on with `B`, and then with `A`, as an iteration has it; where `A` is block
    /// triangular all its blocks follow on `B`. `A` and `B` are packed anew by each call.
    ///
    /// @param inputs `u`, `(samples, p)`; not modified
    /// @param states `x`, `(samples, n)`; not modified
    /// @return a new matrix, `(samples, n)`; values that are not a number are the canonical one
    /// @throws ShapeException when shapes do not fit
    Matrix points(Matrix inputs, Matrix states);

    /// The working precision.
    Precision precision();

    /// Bytes of memory that the plan holds at most: that of a [plan][dev.stillpoint.backend.SolvePlan#footprint()]
    /// for `q` inputs with `n + q` for `p` in the row of a sample, and in each thread, with the terms of that
    /// formula, `e (n + 16)` times `W (S + 2) + 3` more for slopes, `W (2 S + 3) + 5` with a splitting, and `W (2 S
    /// + 1) + 3` for activations that are not componentwise. What a result holds, and what a solve copies, is not
    /// in it.
    long footprint();

    /// Gives memory and threads back. Closing twice does nothing; closing during a solve throws
    /// [IllegalStateException].
    @Override
    void close();
}
