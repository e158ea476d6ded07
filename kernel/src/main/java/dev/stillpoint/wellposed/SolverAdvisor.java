package dev.stillpoint.wellposed;

import dev.stillpoint.solver.Solver;

/// Chooses a solver that is proved to converge for a model, where there is one.
///
/// * A contraction: Picard iteration, one product a step, no parameter.
/// * Else a proximal activation and a monotone margin `m > 0`: forward-backward splitting with `alpha = m/L^2`, the
///   step of the best proved factor. With the bounds on the safe side, `alpha` does not exceed that of the exact
///   `m` and `L`.
/// * Else Picard iteration, and the reason says that nothing is proved.
///
/// Source: IDL-21 (2.6); NTK-22 §2.3.2.
public final class SolverAdvisor {
    private SolverAdvisor() {}

    /// A solver for the model of a report.
    public static SolverChoice recommend(WellPosednessReport report) {
        if (report.contraction()) {
            return new SolverChoice(Solver.picard(), "Picard iteration converges: " + contraction(report));
        }
        double margin = report.monotoneMargin().lower();
        double lipschitz = report.lipschitz().upper();
        double alpha = margin / lipschitz / lipschitz;
        if (report.finding(Finding.Test.MONOTONE).holds() && alpha > 0 && alpha < Double.POSITIVE_INFINITY) {
            return new SolverChoice(
                    Solver.forwardBackward(alpha),
                    "forward-backward splitting with alpha = m/L^2 converges: monotone margin m >= %s, L <= %s"
                            .formatted(Figures.lower(margin), Figures.upper(lipschitz)));
        }
        return new SolverChoice(
                Solver.picard(),
                "Picard iteration, without a proof that it converges: the map is not proved to be a contraction, "
                        + "nor I - A to be monotone for a proximal activation");
    }

    private static String contraction(WellPosednessReport report) {
        for (Finding finding : report.findings()) {
            boolean contracts = finding.test() != Finding.Test.MONOTONE
                    && finding.test() != Finding.Test.DIAGONAL
                    && finding.test() != Finding.Test.TRIANGULAR;
            if (contracts && finding.holds()) {
                return finding.detail();
            }
        }
        throw new IllegalStateException("no finding of the report proves a contraction");
    }
}
