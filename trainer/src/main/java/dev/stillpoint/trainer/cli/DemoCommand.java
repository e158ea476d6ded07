package dev.stillpoint.trainer.cli;

import dev.stillpoint.trainer.data.KnownDataset;
import dev.stillpoint.trainer.experiment.Demo;
import dev.stillpoint.trainer.experiment.DemoOptions;
import dev.stillpoint.trainer.experiment.DemoPage;
import dev.stillpoint.trainer.experiment.DemoResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `stillpoint demo`: a random implicit model reads handwritten digits, and a page tells about the solve.
@Command(
        name = "demo",
        description = "Draws a random well-posed model, solves for the states of all images, fits the outputs by ridge"
                + " regression, and writes a page about it.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {
            "  stillpoint demo --page digits.html",
            "  STILLPOINT_DATA=data stillpoint demo --data mnist",
            "",
            "The optical digits (E. Alpaydin, C. Kaynak; UCI; CC BY 4.0) ship with the program. MNIST and Fashion-MNIST",
            "are read from the folders mnist/ and fashion/ of the folder that STILLPOINT_DATA names."
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "NAME",
            defaultValue = "digits",
            description = "digits, mnist or fashion (default: ${DEFAULT-VALUE}).")
    private String data;

    @Option(
            names = "--order",
            paramLabel = "N",
            defaultValue = "512",
            description = "States of the model (default: ${DEFAULT-VALUE}).")
    private int order;

    @Option(names = "--samples", paramLabel = "N", description = "Use at most N samples of each split (default: all).")
    private @Nullable Integer samples;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the model (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that solve (default: one a processor).")
    private @Nullable Integer threads;

    @Option(
            names = "--page",
            paramLabel = "FILE",
            defaultValue = "stillpoint-demo.html",
            description = "Where the page goes (default: ${DEFAULT-VALUE}).")
    private Path page;

    DemoCommand() {}

    @Override
    public Integer call() throws IOException {
        Path folder = KnownDataset.folderOf(System.getenv());
        KnownDataset chosen = KnownDataset.of(data);
        if (chosen != KnownDataset.DIGITS && folder == null) {
            throw new IllegalArgumentException("--data " + data + " needs the environment variable "
                    + KnownDataset.FOLDER_VARIABLE + ": the folder of the data sets");
        }
        DemoOptions options = DemoOptions.defaults()
                .withData(chosen, folder)
                .withStateSize(order)
                .withSeed(seed);
        options = samples == null ? options : options.withLimit(samples);
        options = threads == null ? options : options.withThreads(threads);
        Path parent = page.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(page)) {
            throw new IllegalArgumentException("--page " + page + ": expected a file in a folder that exists");
        }
        DemoResult result;
        try (PhaseProgress progress = new PhaseProgress()) {
            result = Demo.run(options, progress::report);
        }
        DemoPage.write(result, page);
        spec.commandLine().getOut().print(result.summary());
        spec.commandLine().getOut().println("page: " + page.toAbsolutePath());
        return result.allConverged() ? ExitCodes.OK : ExitCodes.NOT_CONVERGED;
    }
}
