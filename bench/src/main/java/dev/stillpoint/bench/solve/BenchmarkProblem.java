package dev.stillpoint.bench.solve;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.validation.problem.ProblemSpec;

/// The problem that solves are timed on, in the one line that the validation suite knows it by.
///
/// `x = phi(Ax + Bu + bias)`, dense, with as many inputs as states, by Picard iteration. The tolerance is zero,
/// so that every sample takes all iterations unless it meets an exact fixed point of the rounded map. The rest of
/// the line keeps it from that: `A` is positive with `lambda_PF(N(A, gamma)) = 0.9`, for with random signs the
/// iteration would contract many times faster; the inputs are small beside the bias, so that no sample is far
/// from the others; the seed is one with which a good part of the states is active; and for an activation that is
/// not positively homogeneous both are a quarter as large, so that it stays where it is steep. From 32 to 512
/// states no sample of 256 ends before its fortieth iteration with ReLU, and with tanh none of 32 before its
/// thirtieth.
public final class BenchmarkProblem {
    private BenchmarkProblem() {}

    /// The problem with `n` states and `m` samples.
    ///
    /// @param activation `phi`
    /// @param iterations iterations of every sample
    /// @param checkInterval iterations from one residual to the next
    /// @throws IllegalArgumentException when a number is below 1, or the activation does not fit `n`
    public static ProblemSpec spec(
            int n, int m, Activation activation, Precision precision, int iterations, int checkInterval) {
        return spec(n, n, m, activation, precision, iterations, checkInterval);
    }

    /// The problem with `p` inputs instead of as many as states.
    ///
    /// @throws IllegalArgumentException when a number is below 1, or the activation does not fit `n`
    public static ProblemSpec spec(
            int n, int p, int m, Activation activation, Precision precision, int iterations, int checkInterval) {
        String size = activation.isPositivelyHomogeneous() ? "scale=0.25" : "scale=0.0625,bias=0.25";
        return ProblemSpec.parse(("implicit:n=%d,p=%d,q=1,m=%d,phi=%s,lambda=0.9,structure=positive,precision=%s,"
                        + "solver=picard,seed=2,%s,tolerance=0,iterations=%d,check=%d")
                .formatted(n, p, m, activation.label(), precision.label(), size, iterations, checkInterval));
    }
}
