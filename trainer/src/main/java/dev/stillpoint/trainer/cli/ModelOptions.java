package dev.stillpoint.trainer.cli;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.model.ImplicitModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that name a model.
final class ModelOptions {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE",
            description =
                    "The model: a .safetensors or .npz file with A (n,n), B (n,p), C (q,n), optionally D (q,p) and"
                            + " bias (n).")
    Path model;

    @Option(
            names = "--activation",
            paramLabel = "PHI",
            description = "relu, leaky-relu:SLOPE, tanh, sigmoid, identity, softmax:BLOCK, group-norm:BLOCK[:EPS],"
                    + " max-pool:BLOCK, gate:PHI:PHI, or blocks:PHI@SIZE/PHI@SIZE/... for parts of the state. A"
                    + " .safetensors model says its own; a model that does not say is taken for relu.")
    @Nullable
    String activation;

    ModelOptions() {}

    ImplicitModel read() throws IOException {
        if (activation != null) {
            return ImplicitModel.read(model, Activation.parse(activation));
        }
        boolean says = !model.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
        return says ? ImplicitModel.read(model) : ImplicitModel.read(model, Activation.relu());
    }
}
