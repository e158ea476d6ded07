package dev.stillpoint.trainer.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `stillpoint experiment NAME`: experiments about what papers say.
@Command(
        name = "experiment",
        description = "Repeats in numbers what a paper says, and writes a page about it.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = OptimalLimitCommand.class,
        synopsisSubcommandLabel = "NAME",
        footerHeading = "%nExample:%n",
        footer = "  stillpoint experiment optimal-limit --page limit.html")
final class ExperimentCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    ExperimentCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which experiment? Expected "
                        + String.join(" or ", spec.subcommands().keySet()));
    }
}
