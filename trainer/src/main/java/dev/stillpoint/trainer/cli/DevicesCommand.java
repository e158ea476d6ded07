package dev.stillpoint.trainer.cli;

import dev.stillpoint.backend.BackendProvider;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.Backends;
import dev.stillpoint.backend.DeviceInfo;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `stillpoint devices`: the backends, whether they work here, and their devices.
@Command(
        name = "devices",
        description = "Lists the backends of this program, whether they work here, and their devices.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        footerHeading = "%nExample:%n",
        footer = "  stillpoint devices")
final class DevicesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    DevicesCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (BackendProvider provider : Backends.providers()) {
            try {
                for (DeviceInfo device : provider.devices()) {
                    print(out, device);
                }
            } catch (BackendUnavailableException unavailable) {
                out.printf("%s: not available: %s%n", provider.name(), Failures.message(unavailable));
            }
        }
        return ExitCodes.OK;
    }

    private static void print(PrintWriter out, DeviceInfo device) {
        out.printf("%s %d: %s%n", device.backend(), device.index(), device.name());
        out.printf("    driver     %s%n", device.driver());
        out.printf(Locale.ROOT, "    memory     %.1f GiB%n", device.memoryBytes() / 0x1p30);
        out.printf("    FP64       %s%n", device.fp64() ? "yes" : "no");
        out.printf("    bit-exact  %s%n", device.bitExact() ? "yes" : "no: " + device.reason());
    }
}
