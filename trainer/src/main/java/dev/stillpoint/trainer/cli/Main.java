package dev.stillpoint.trainer.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line `stillpoint`.
///
/// Standard output holds what was asked for, standard error our messages alone, one line each. See [ExitCodes].
@Command(
        name = "stillpoint",
        description = "Solves batches of implicit equations x = phi(Ax + Bu + bias), y = Cx + Du.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        subcommands = {
            DemoCommand.class,
            SolveCommand.class,
            CheckCommand.class,
            DevicesCommand.class,
            ExperimentCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  every sample converged (or the command did what it was asked)",
            "  1  outputs are written, and some sample did not converge",
            "  2  bad usage or bad input; nothing is written",
            "  3  the backend or the device is not available",
            "",
            "Example:",
            "  stillpoint solve --model model.safetensors --input u.npy --output y.npy --report report.json",
            "Each command shows its options and an example with --help."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    Main() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "which command? Expected demo, solve, check, devices or experiment");
    }

    /// Runs the program and ends the JVM with its exit code.
    public static void main(String[] arguments) {
        StandardError.restore();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Interrupts interrupts = Interrupts.install(Thread.currentThread());
        int code = execute(out, err, arguments);
        out.flush();
        err.flush();
        if (interrupts.finished()) {
            System.exit(code);
        }
    }

    /// Runs one command.
    ///
    /// @return the exit code
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(false);
        line.setOverwrittenOptionsAllowed(false);
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler((thrown, _) -> {
            CommandLine failed = thrown.getCommandLine();
            err.println("stillpoint: " + Failures.oneLine(String.valueOf(thrown.getMessage())) + " (see '"
                    + failed.getCommandSpec().qualifiedName() + " --help')");
            return ExitCodes.BAD_INPUT;
        });
        line.setExecutionExceptionHandler((thrown, _, _) -> Failures.report(thrown, err));
        return line.execute(arguments);
    }
}
