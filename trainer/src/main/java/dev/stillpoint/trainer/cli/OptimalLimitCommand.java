package dev.stillpoint.trainer.cli;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.io.AtomicFile;
import dev.stillpoint.trainer.experiment.OptimalLimit;
import dev.stillpoint.trainer.experiment.OptimalLimitOptions;
import dev.stillpoint.trainer.experiment.OptimalLimitPage;
import dev.stillpoint.trainer.experiment.OptimalLimitResult;
import dev.stillpoint.trainer.experiment.OptimalLimitResult.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `stillpoint experiment optimal-limit`: the state of a deep optimization-induced model tends to a minimiser.
@Command(
        name = "optimal-limit",
        description = "Draws a deep optimization-induced model (OPT-21) and shows how its state tends to the minimiser"
                + " of Theorem 3 as the averaging alpha = 1, 1/2, 1/4, ... goes to 0.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  stillpoint experiment optimal-limit --page limit.html --report limit.json")
final class OptimalLimitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "3",
            description = "Layers of the model, at least 2 (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(
            names = "--order",
            paramLabel = "N",
            defaultValue = "16",
            description = "Values of the state (default: ${DEFAULT-VALUE}).")
    private int order;

    @Option(
            names = "--slope",
            paramLabel = "C",
            defaultValue = "0.5",
            description = "Lipschitz constant of a layer with alpha = 1, below 1 (default: ${DEFAULT-VALUE}).")
    private double slope;

    @Option(
            names = "--activation",
            paramLabel = "PHI",
            defaultValue = "tanh",
            description = "Activation, a proximal map (default: ${DEFAULT-VALUE}).")
    private String activation;

    @Option(
            names = "--halvings",
            paramLabel = "N",
            defaultValue = "10",
            description = "The least alpha is 2^-N (default: ${DEFAULT-VALUE}).")
    private int halvings;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the model and its input (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--page",
            paramLabel = "FILE",
            defaultValue = "stillpoint-optimal-limit.html",
            description = "Where the page with the plot goes (default: ${DEFAULT-VALUE}).")
    private Path page;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the figures go: a .json file.")
    private @Nullable Path report;

    OptimalLimitCommand() {}

    @Override
    public Integer call() throws IOException {
        OptimalLimitOptions options =
                new OptimalLimitOptions(depth, order, slope, Activation.parse(activation), halvings, seed);
        OptimalLimitResult result;
        try (OutputFiles files = new OutputFiles()) {
            AtomicFile pageFile = files.create(page);
            AtomicFile reportFile = report == null ? null : files.create(report);
            try (PhaseProgress progress = new PhaseProgress()) {
                result = OptimalLimit.run(options, progress::report);
            }
            pageFile.writeText(OptimalLimitPage.html(result));
            if (reportFile != null) {
                write(reportFile, result);
            }
            files.commit();
        }
        spec.commandLine().getOut().print(result.summary());
        spec.commandLine().getOut().println("page: " + page.toAbsolutePath());
        return result.allConverged() ? ExitCodes.OK : ExitCodes.NOT_CONVERGED;
    }

    private static void write(AtomicFile file, OptimalLimitResult result) throws IOException {
        OptimalLimitOptions options = result.options();
        List<Point> points = result.points();
        try (JsonReport json = new JsonReport()) {
            json.put("experiment", "optimal-limit")
                    .put("depth", options.depth())
                    .put("order", options.order())
                    .put("slope", options.slope())
                    .put("activation", options.activation().label())
                    .put("seed", options.seed())
                    .put("converged", result.allConverged())
                    .put("minimiser_norm", result.minimiserNorm())
                    .put("exponent", result.exponent())
                    .put("exponent_farthest", result.farthestExponent())
                    .put("exponent_points", result.fitted().size());
            putEach(json, "alpha", points, Point::alpha);
            putEach(json, "distance", points, Point::distance);
            putEach(json, "distance_farthest", points, Point::farthest);
            putEach(json, "bound", points, Point::bound);
            json.putEach(
                            "iterations",
                            points.size(),
                            i -> json.number(points.get(i).iterations()))
                    .writeTo(file);
        }
    }

    private static void putEach(JsonReport json, String name, List<Point> points, ToDoubleFunction<Point> value)
            throws IOException {
        json.putEach(name, points.size(), i -> json.number(value.applyAsDouble(points.get(i))));
    }
}
