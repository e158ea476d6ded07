package dev.stillpoint.trainer.cli;

import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.SolverAdvisor;
import dev.stillpoint.wellposed.SolverChoice;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose a solver.
final class SolverOptions {
    private static final List<String> SPLITTINGS = List.of("forward-backward", "peaceman-rachford", "douglas-rachford");

    @Option(
            names = "--solver",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, picard, anderson, broyden, newton, forward-backward, peaceman-rachford,"
                    + " douglas-rachford, backward-substitution (of a triangular A: exact up to rounding, no"
                    + " iteration) or sequential-averaging, which takes all iterations and ends near the fixed point"
                    + " of least norm"
                    + " (default:"
                    + " ${DEFAULT-VALUE}, which chooses by the model's well-posedness).")
    String name;

    @Option(
            names = "--relaxation",
            paramLabel = "THETA",
            description = "Of picard: x+ = THETA f(x) + (1 - THETA) x, in (0, 2) (default: 1).")
    @Nullable
    Double relaxation;

    @Option(
            names = "--history",
            paramLabel = "H",
            description =
                    "Of anderson and broyden: earlier iterations that they look at, 1 to 50" + " (default: 10 and 20).")
    @Nullable
    Integer history;

    @Option(
            names = "--inner",
            paramLabel = "METHOD",
            description = "Of newton: active-set, which eliminates, or krylov (default: by the size of the state).")
    @Nullable
    String inner;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description =
                    "Of the splittings: the step (default: by the model's monotone margin m and Lipschitz constant L,"
                            + " m/L^2 for forward-backward, 1/L for the others).")
    @Nullable
    Double alpha;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            defaultValue = "1e-6",
            description =
                    "A sample is done when |f(x) - x| <= T (1 + |f(x)|), in the 2-norm (default: ${DEFAULT-VALUE});"
                            + " see --until.")
    double tolerance;

    @Option(
            names = "--max-iterations",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Evaluations of f that a sample may take (default: ${DEFAULT-VALUE}).")
    int maxIterations;

    SolverOptions() {}

    StoppingRule stoppingRule() {
        StoppingRule rule = StoppingRule.mixed(tolerance).withMaxIterations(maxIterations);
        return name.equals("sequential-averaging") ? rule.withCheckInterval(maxIterations) : rule;
    }

    /// The solver that was asked for, with the reason for the choice.
    ///
    /// @param report what is proved about the model, or null where that is not known yet
    /// @throws IllegalArgumentException when the options do not fit together, or no step is known
    SolverChoice choose(ImplicitModel model, @Nullable WellPosednessReport report) {
        if (relaxation != null && !name.equals("picard")) {
            throw new IllegalArgumentException("--relaxation belongs to --solver picard, not to " + name);
        }
        if (alpha != null && !SPLITTINGS.contains(name)) {
            throw new IllegalArgumentException(
                    "--alpha belongs to forward-backward, peaceman-rachford and douglas-rachford, not to --solver "
                            + name);
        }
        if (history != null && !name.equals("anderson") && !name.equals("broyden")) {
            throw new IllegalArgumentException("--history belongs to --solver anderson or broyden, not to " + name);
        }
        if (inner != null && !name.equals("newton")) {
            throw new IllegalArgumentException("--inner belongs to --solver newton, not to " + name);
        }
        return switch (name) {
            case "auto" ->
                report == null
                        ? SolverAdvisor.recommend(model.a(), model.activation())
                        : SolverAdvisor.recommend(model.a(), report);
            case "picard" ->
                new SolverChoice(relaxation == null ? Solver.picard() : Solver.picard(relaxation), "as asked");
            case "anderson" ->
                new SolverChoice(history == null ? Solver.anderson() : Solver.anderson(history), "as asked");
            case "broyden" ->
                new SolverChoice(history == null ? Solver.broyden() : Solver.broyden(history), "as asked");
            case "newton" -> new SolverChoice(Solver.newton(inner()), "as asked");
            case "backward-substitution" -> new SolverChoice(Solver.substitution(), "as asked");
            case "sequential-averaging" -> new SolverChoice(Solver.sequentialAveraging(), "as asked");
            case "forward-backward" ->
                alpha == null
                        ? SolverAdvisor.forwardBackward(model.a(), model.activation())
                        : new SolverChoice(Solver.forwardBackward(alpha), "as asked");
            case "peaceman-rachford" ->
                alpha == null
                        ? SolverAdvisor.peacemanRachford(model.a(), model.activation())
                        : new SolverChoice(Solver.peacemanRachford(alpha), "as asked");
            case "douglas-rachford" ->
                alpha == null
                        ? SolverAdvisor.douglasRachford(model.a(), model.activation())
                        : new SolverChoice(Solver.douglasRachford(alpha), "as asked");
            default ->
                throw new IllegalArgumentException("unknown solver '" + name
                        + "': expected auto, picard, anderson, broyden, newton, forward-backward, peaceman-rachford,"
                        + " douglas-rachford, backward-substitution or sequential-averaging");
        };
    }

    private Inner inner() {
        return switch (inner) {
            case null -> Inner.BY_SIZE;
            case "active-set" -> Inner.ACTIVE_SET;
            case "krylov" -> Inner.KRYLOV;
            default -> throw new IllegalArgumentException("--inner is '" + inner + "', expected active-set or krylov");
        };
    }
}
