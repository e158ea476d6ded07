package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.engine.Substitution;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Solver;
import java.util.function.DoubleFunction;

/// Chooses a solver that is proved to converge for a model, where there is one.
///
/// * A triangular dense or sparse matrix with a diagonal below 1, or one with such blocks on its diagonal, and an
///   activation that is a proximal map of single values there: backward substitution. Where the diagonal is zero,
///   strictly block triangular operators are had in one pass by any solver, and the choice is as below.
/// * Else a contraction: Picard iteration, one product a step, no parameter.
/// * Else a proximal activation and a monotone margin `m > 0`: a splitting, by the proved factors a step,
///   `sqrt(1 - m^2/L^2)` of forward-backward with `alpha = m/L^2` and `sqrt(1 - m/L)` of Peaceman-Rachford with
///   `alpha = 1/L`. The first is taken up to `L/m = 4`, the second, which needs an inverse and two products for a
///   checked step, beyond. With the bounds on the safe side, the steps do not exceed those of the exact `m` and
///   `L`.
/// * Else Anderson acceleration, and the reason says that nothing is proved.
///
/// Source: IDL-21 (2.6); NTK-22 §2.3.2.
public final class SolverAdvisor {
    /// `L/m` beyond which Peaceman-Rachford takes so many fewer steps that it is faster.
    private static final double ILL_CONDITIONED = 4;

    private SolverAdvisor() {}

    /// A solver for the model `x = phi(Ax + b)`: as [#recommend(LinearOperator, WellPosednessReport)], but
    /// a contraction by `lambda_PF(N(A, gamma)) < 1` is looked for first, which is linear in the entries for a
    /// step of the iteration, and the whole analysis is done only where it does not hold.
    ///
    /// @throws dev.stillpoint.matrix.ShapeException when `a` is not square, or is not made of whole blocks
    public static SolverChoice recommend(LinearOperator a, Activation phi) {
        SparseMatrix entries = SparseMatrix.of(a);
        phi.checkSize(entries.size());
        if (Substitution.suits(a, phi)) {
            return substitution();
        }
        Bracket lambda = PerronFrobenius.of(
                        BlockNorms.of(entries, ActivationBlocks.of(phi, entries.size()), BlockNorms.normOf(phi)))
                .bounds();
        return lambda.upper() < 1
                ? new SolverChoice(
                        Solver.picard(),
                        "Picard iteration converges: lambda_PF(N(A, gamma)) <= " + Figures.upper(lambda.upper())
                                + " < 1")
                : recommend(WellPosedness.analyse(a, phi));
    }

    /// Forward-backward splitting with `alpha = m/L^2` for the model `x = phi(Ax + b)`.
    ///
    /// @throws IllegalArgumentException when the activation is no proximal map, or no monotone margin is proved
    public static SolverChoice forwardBackward(LinearOperator a, Activation phi) {
        checkProximal("forward-backward", phi);
        WellPosednessReport report = WellPosedness.analyse(a, phi);
        double margin = report.monotoneMargin().lower();
        double lipschitz = report.lipschitz().upper();
        double alpha = margin / lipschitz / lipschitz;
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "no step of forward-backward is known to converge: the monotone margin is "
                            + report.monotoneMargin() + ", not above 0; give a step to try one");
        }
        return new SolverChoice(
                Solver.forwardBackward(alpha),
                "alpha = m/L^2 with the monotone margin m >= %s and L <= %s"
                        .formatted(Figures.lower(margin), Figures.upper(lipschitz)));
    }

    /// Peaceman-Rachford splitting with `alpha = 1/L` for the model `x = phi(Ax + b)`, the step of the best
    /// proved factor.
    ///
    /// @throws IllegalArgumentException when the activation is no proximal map, or no monotone margin is proved
    public static SolverChoice peacemanRachford(LinearOperator a, Activation phi) {
        return throughResolvent("peaceman-rachford", a, phi, Solver::peacemanRachford);
    }

    /// Douglas-Rachford splitting with `alpha = 1/L` for the model `x = phi(Ax + b)`.
    ///
    /// @throws IllegalArgumentException when the activation is no proximal map, or no monotone margin is proved
    public static SolverChoice douglasRachford(LinearOperator a, Activation phi) {
        return throughResolvent("douglas-rachford", a, phi, Solver::douglasRachford);
    }

    private static SolverChoice throughResolvent(
            String name, LinearOperator a, Activation phi, DoubleFunction<Solver> solver) {
        checkProximal(name, phi);
        WellPosednessReport report = WellPosedness.analyse(a, phi);
        double margin = report.monotoneMargin().lower();
        double lipschitz = report.lipschitz().upper();
        if (!(margin > 0 && lipschitz > 0 && 1 / lipschitz > 0)) {
            throw new IllegalArgumentException(
                    "%s is not known to converge: the monotone margin is %s, not above 0; give a step to try one"
                            .formatted(name, report.monotoneMargin()));
        }
        return new SolverChoice(
                solver.apply(1 / lipschitz),
                "alpha = 1/L with the monotone margin m >= %s and L <= %s"
                        .formatted(Figures.lower(margin), Figures.upper(lipschitz)));
    }

    private static void checkProximal(String name, Activation phi) {
        if (!phi.isProximal()) {
            throw new IllegalArgumentException(
                    name + " needs an activation that is a proximal map, and " + phi.label() + " is none");
        }
    }

    /// A solver for the model of a report, whose matrix is that of `a`.
    ///
    /// @throws dev.stillpoint.matrix.ShapeException when `a` has another size
    public static SolverChoice recommend(LinearOperator a, WellPosednessReport report) {
        if (a.rows() != report.structure().states() || a.columns() != a.rows()) {
            throw new ShapeException("A is %d x %d, and the report is of one with %d states"
                    .formatted(a.rows(), a.columns(), report.structure().states()));
        }
        return Substitution.suits(a, report.activation()) ? substitution() : recommend(report);
    }

    private static SolverChoice substitution() {
        return new SolverChoice(
                Solver.substitution(),
                "backward substitution is exact up to rounding: A is triangular, or has triangular blocks on its"
                        + " diagonal, with diagonal entries below 1");
    }

    /// A solver for the model of a report, whose matrix is not at hand: an iteration.
    public static SolverChoice recommend(WellPosednessReport report) {
        if (report.contraction()) {
            return new SolverChoice(Solver.picard(), "Picard iteration converges: " + contraction(report));
        }
        double margin = report.monotoneMargin().lower();
        double lipschitz = report.lipschitz().upper();
        double alpha = margin / lipschitz / lipschitz;
        if (report.finding(Finding.Test.MONOTONE).holds() && alpha > 0 && alpha < Double.POSITIVE_INFINITY) {
            if (lipschitz > ILL_CONDITIONED * margin) {
                return new SolverChoice(
                        Solver.peacemanRachford(1 / lipschitz),
                        "Peaceman-Rachford splitting with alpha = 1/L converges: monotone margin m >= %s, L <= %s"
                                .formatted(Figures.lower(margin), Figures.upper(lipschitz)));
            }
            return new SolverChoice(
                    Solver.forwardBackward(alpha),
                    "forward-backward splitting with alpha = m/L^2 converges: monotone margin m >= %s, L <= %s"
                            .formatted(Figures.lower(margin), Figures.upper(lipschitz)));
        }
        return new SolverChoice(
                Solver.anderson(),
                "Anderson acceleration, without a proof that it converges: the map is not proved to be a contraction, "
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
