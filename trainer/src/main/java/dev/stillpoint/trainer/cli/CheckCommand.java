package dev.stillpoint.trainer.cli;

import dev.stillpoint.io.AtomicFile;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.wellposed.Bracket;
import dev.stillpoint.wellposed.Finding;
import dev.stillpoint.wellposed.SolverAdvisor;
import dev.stillpoint.wellposed.SolverChoice;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `stillpoint check`: whether a model is well-posed, and by which condition.
@Command(
        name = "check",
        description = "Tells whether x = phi(Ax + Bu + bias) has exactly one solution for every u, and by which"
                + " condition. All figures are bounds that hold with rounding.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  stillpoint check --model model.npz --activation relu --report report.json")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the report goes: a .json file.")
    private @Nullable Path report;

    CheckCommand() {}

    @Override
    public Integer call() throws IOException {
        ImplicitModel given = model.read();
        try (OutputFiles files = new OutputFiles()) {
            AtomicFile file = report == null ? null : files.create(report);
            WellPosednessReport found = WellPosedness.analyse(given.a(), given.activation());
            SolverChoice choice = SolverAdvisor.recommend(given.a(), found);
            if (file != null) {
                write(file, found, choice);
            }
            files.commit();
            print(spec.commandLine().getOut(), found, choice);
        }
        return ExitCodes.OK;
    }

    private static void write(AtomicFile file, WellPosednessReport found, SolverChoice choice) throws IOException {
        try (JsonReport json = new JsonReport()) {
            json.put("well_posed", found.verdict().label())
                    .put("condition", found.condition())
                    .put("activation", found.activation().label())
                    .put("lambda_pf_lower", found.lambdaPf().lower())
                    .put("lambda_pf_upper", found.lambdaPf().upper())
                    .put("norm_1", found.normOne().upper())
                    .put("norm_2", found.normTwo().upper())
                    .put("norm_inf", found.normInfinity().upper())
                    .put("monotone_margin", found.monotoneMargin().lower())
                    .put("lipschitz", found.lipschitz().upper())
                    .put("structure", found.structure().toString())
                    .put("solver", choice.solver().label())
                    .put("solver_reason", choice.reason())
                    .begin("tests");
            for (Finding finding : found.findings()) {
                json.begin(finding.test().label())
                        .put("outcome", finding.outcome().name())
                        .put("detail", finding.detail())
                        .end();
            }
            json.end().writeTo(file);
        }
    }

    private static void print(PrintWriter out, WellPosednessReport found, SolverChoice choice) {
        out.printf("well-posed       %s%n", found.verdict().label());
        out.printf("condition        %s%n", found.condition());
        out.printf(
                "structure        %s, %s%n",
                found.structure(), found.activation().label());
        row(out, "lambda_PF(N)", found.lambdaPf());
        row(out, "|A|_1", found.normOne());
        row(out, "|A|_2", found.normTwo());
        row(out, "|A|_inf", found.normInfinity());
        row(out, "monotone margin", found.monotoneMargin());
        row(out, "Lipschitz, I - A", found.lipschitz());
        out.printf("solver           %s: %s%n", choice.solver().label(), choice.reason());
    }

    private static void row(PrintWriter out, String name, Bracket value) {
        out.printf("%-16s %s%n", name, value);
    }
}
