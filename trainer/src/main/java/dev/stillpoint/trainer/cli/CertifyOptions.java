package dev.stillpoint.trainer.cli;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.CertifiedPlan;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.Certificate;
import dev.stillpoint.wellposed.WellPosednessReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that ask for bounds of errors.
final class CertifyOptions {
    @Option(
            names = "--certify",
            description = "Bound the error of every state, |x - x*| in the max norm, for the report.")
    private boolean certify;

    @Option(
            names = "--until",
            paramLabel = "WHAT",
            defaultValue = "residual",
            description = "What has to meet the tolerance: residual, or certified, the bound of |x - x*| in the 2-norm,"
                    + " which is finished in FP64 where FP32 cannot reach it; states and outputs are then f64"
                    + " (default: ${DEFAULT-VALUE}).")
    private String until;

    CertifyOptions() {}

    /// Whether bounds are asked for.
    boolean isAsked() {
        return certify || isGoal();
    }

    /// Whether samples are iterated until the bound meets the tolerance.
    boolean isGoal() {
        return switch (until) {
            case "residual" -> false;
            case "certified" -> true;
            default -> throw new IllegalArgumentException("--until is '" + until + "', expected residual or certified");
        };
    }

    /// The precision of states and outputs.
    Precision states(Precision working) {
        return isGoal() ? Precision.F64 : working;
    }

    /// `options`, with the certificate where one is asked for.
    PlanOptions apply(PlanOptions options, ImplicitModel model, @Nullable WellPosednessReport report) {
        return report == null ? options : options.withCertificate(Certificate.of(model.problem(), report));
    }

    /// A plan as asked.
    SolvePlan prepare(Backend backend, ImplicitModel model, Solver solver, StoppingRule stopping, PlanOptions options) {
        return isGoal()
                ? CertifiedPlan.prepare(backend, model.problem(), solver, stopping, options)
                : backend.prepare(model.problem(), solver, stopping, options);
    }
}
