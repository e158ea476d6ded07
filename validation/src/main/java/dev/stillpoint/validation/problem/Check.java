package dev.stillpoint.validation.problem;

/// What became of one sample's check. Its text is one line that reproduces it.
///
/// @param spec the problem
/// @param sample the sample
/// @param block the block of the state whose error is the largest part of its bound; for a componentwise
///     activation the
///     component
/// @param error the distance of the computed state from the reference in that block, in the 2-norm
/// @param bound what the distance may be; infinite where no bound can be proved
/// @param reported the residual that the engine reports
/// @param residual the true residual of the state it returned
/// @param slack how much the two residuals may differ
/// @param limit what the true residual may be; infinite where the sample does not claim to have converged
public record Check(
        ProblemSpec spec,
        int sample,
        int block,
        double error,
        double bound,
        double reported,
        double residual,
        double slack,
        double limit) {

    /// Whether the state is within its bound, the reported residual honest, and the convergence real.
    public boolean passes() {
        return error <= bound && Math.abs(reported - residual) <= slack && residual <= limit;
    }

    /// Whether there is a bound on the error.
    public boolean isBounded() {
        return bound < Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
        return ("%s: sample %d, block %d: error %.3e, bound %.3e; residual reported %.6e, true %.6e, may differ by %.3e;"
                        + " limit %.3e: %s")
                .formatted(
                        spec,
                        sample,
                        block,
                        error,
                        bound,
                        reported,
                        residual,
                        slack,
                        limit,
                        passes() ? "passes" : "FAILS");
    }
}
