package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.engine.Substitution;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.SemismoothNewton;
import dev.stillpoint.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/// Chooses a solver for a model by what is proved of it: a [Course], which changes sample by sample where
/// progress stalls, and ends with a method that is proved to converge, where there is one.
///
/// * A triangular dense or sparse matrix with a diagonal below 1, or one with such blocks on its diagonal, and an
///   activation that is a proximal map of single values there: backward substitution. Where the diagonal is zero,
///   strictly block triangular operators are had in one pass by any solver, and the choice is as below.
/// * Else a contraction. Where `lambda_PF(N(A, gamma))` is at most 0.6: Picard iteration, one product a step, no
///   parameter. Beyond: Broyden's method, then Newton's, then Picard iteration.
/// * Else a proximal activation and a monotone margin `m > 0`: Peaceman-Rachford splitting with step
///   `1/sqrt(mL)`, then Newton's method, then forward-backward splitting with step `m/L^2`. All steps converge;
///   the proved factor of the first is best at `1/L`, but a symmetric `I - A` has its best at `1/sqrt(mL)`, and
///   on the monotone problems of the comparison that takes fewer iterations, 36 for 214 on one with `L/m = 100`.
/// * Else, for a piecewise linear activation and at most [SemismoothNewton#MOST_ELIMINATED] states, Newton's
///   method, which then ends in the solution's piece, Broyden's and Anderson acceleration. For others Broyden's
///   method, then Newton's; for componentwise activations and at most a thousand states with elimination at last.
///   The reason says that nothing is proved.
///
/// The figures beside these choices are those of the comparison of solvers in `bench/SOLVERS.md`. Source: IDL-21
/// (2.6); NTK-22 §2.3.2.
public final class SolverAdvisor {
    /// Up to this bound on its factor, Picard iteration is as fast as any other.
    private static final double EASY = 0.6;

    /// Long enough for a method that looks back on ten iterations to show what it can do.
    private static final int SECANT_PATIENCE = 12;

    /// At the proved factor of a symmetric problem with `L/m = 1000`, the residual halves in 11 iterations.
    private static final int SPLITTING_PATIENCE = 24;

    /// Four systems of thirty columns.
    private static final int NEWTON_PATIENCE = 120;

    /// A step by elimination takes `2 n^3/3` operations for each sample.
    private static final int MOST_ELIMINATED_AT_LAST = 1000;

    private static final Course.Leg SECANT = new Course.Leg(Solver.broyden(50), SECANT_PATIENCE);
    private static final Course.Leg NEWTON = new Course.Leg(Solver.newton(), NEWTON_PATIENCE);

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
                ? contraction(lambda, "lambda_PF(N(A, gamma)) <= " + Figures.upper(lambda.upper()) + " < 1")
                : recommend(WellPosedness.analyse(a, phi));
    }

    private static SolverChoice contraction(Bracket lambda, String reason) {
        return lambda.upper() <= EASY
                ? new SolverChoice(Solver.picard(), "Picard iteration converges: " + reason)
                : new SolverChoice(course(Solver.picard(), SECANT, NEWTON), "its last leg converges: " + reason);
    }

    private static Course course(Solver last, Course.Leg... legs) {
        List<Course.Leg> all = new ArrayList<>(List.of(legs));
        all.add(new Course.Leg(last, Course.Leg.TO_THE_END));
        return new Course(all);
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
            return contraction(report.lambdaPf(), proof(report));
        }
        double margin = report.monotoneMargin().lower();
        double lipschitz = report.lipschitz().upper();
        double alpha = margin / lipschitz / lipschitz;
        double balanced = 1 / Math.sqrt(margin * lipschitz);
        boolean monotone = report.finding(Finding.Test.MONOTONE).holds();
        if (monotone && isStep(alpha) && isStep(balanced)) {
            return new SolverChoice(
                    course(
                            Solver.forwardBackward(alpha),
                            new Course.Leg(Solver.peacemanRachford(balanced), SPLITTING_PATIENCE),
                            NEWTON),
                    "its first and its last leg converge: monotone margin m >= %s, L <= %s"
                            .formatted(Figures.lower(margin), Figures.upper(lipschitz)));
        }
        return new SolverChoice(
                unproved(report.activation(), report.structure().states()),
                "without a proof that it converges: the map is not proved to be a contraction, nor I - A to be"
                        + " monotone for a proximal activation");
    }

    private static Course unproved(Activation phi, int states) {
        boolean piecewise = phi instanceof Relu || phi instanceof LeakyRelu || phi instanceof Identity;
        if (piecewise && states <= SemismoothNewton.MOST_ELIMINATED) {
            return course(Solver.anderson(), NEWTON, SECANT);
        }
        boolean eliminates = phi.isComponentwise() && states <= MOST_ELIMINATED_AT_LAST;
        return eliminates
                ? course(Solver.newton(SemismoothNewton.Inner.ACTIVE_SET), SECANT, NEWTON)
                : course(Solver.newton(), SECANT);
    }

    private static boolean isStep(double alpha) {
        return alpha > 0 && alpha < Double.POSITIVE_INFINITY;
    }

    private static String proof(WellPosednessReport report) {
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
