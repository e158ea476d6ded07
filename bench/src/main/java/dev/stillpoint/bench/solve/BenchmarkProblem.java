package dev.stillpoint.bench.solve;

import dev.stillpoint.matrix.Precision;
import dev.stillpoint.validation.problem.ProblemSpec;

/// The problem that solves are timed on, in the one line that the validation suite knows it by.
///
/// `x = relu(Ax + Bu + bias)`, dense, with as many inputs as states, by Picard iteration. The tolerance is zero, so
/// that every sample takes all iterations unless it meets an exact fixed point of the rounded map. The rest of the
/// line keeps it from that: `A` is positive with `lambda_PF(|A|) = 0.9`, for with random signs the iteration would
/// contract many times faster; the inputs are small beside the bias, so that no sample is far from the others; and
/// the seed is one with which a good part of the states is active. From 32 to 512 states no sample of 256 ends
/// before its fortieth iteration.
public final class BenchmarkProblem {
    private BenchmarkProblem() {}

    /// The problem with `n` states and `m` samples.
    ///
    /// @param iterations iterations of every sample
    /// @param checkInterval iterations from one residual to the next
    /// @throws IllegalArgumentException when a number is below 1
    public static ProblemSpec spec(int n, int m, Precision precision, int iterations, int checkInterval) {
        return ProblemSpec.parse(("implicit:n=%d,p=%d,q=1,m=%d,phi=relu,lambda=0.9,structure=positive,precision=%s,"
                        + "solver=picard,seed=2,scale=0.25,tolerance=0,iterations=%d,check=%d")
                .formatted(n, n, m, precision.label(), iterations, checkInterval));
    }
}
