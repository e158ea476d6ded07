package dev.stillpoint.bench.solve;

import dev.stillpoint.matrix.Precision;
import dev.stillpoint.validation.problem.ProblemSpec;

/// The problem that solves are timed on, in the one line that the validation suite knows it by.
///
/// `x = relu(Ax + Bu + bias)`, dense, with as many inputs as states, by Picard iteration. The tolerance is zero,
/// so that every sample takes all iterations as long as none meets an exact fixed point. That is what the rest of
/// the line is for: `A` is positive with `lambda_PF(|A|) = 0.9`, so that the iteration contracts by little less
/// than 0.9 where random signs would make it many times faster, and the inputs are small beside the bias, so that
/// no sample is far from the others. From 32 states on all samples take two dozen iterations at least.
public final class BenchmarkProblem {
    private BenchmarkProblem() {}

    /// The problem with `n` states and `m` samples.
    ///
    /// @param iterations iterations of every sample
    /// @param checkInterval iterations from one residual to the next
    /// @throws IllegalArgumentException when a number is below 1
    public static ProblemSpec spec(int n, int m, Precision precision, int iterations, int checkInterval) {
        return ProblemSpec.parse(("implicit:n=%d,p=%d,q=1,m=%d,phi=relu,lambda=0.9,structure=positive,precision=%s,"
                        + "solver=picard,seed=1,scale=0.25,tolerance=0,iterations=%d,check=%d")
                .formatted(n, n, m, precision.label(), iterations, checkInterval));
    }
}
