package dev.stillpoint.opencl.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The texts of kernels, which lie beside the classes.
final class Resources {
    /// What products and activations on panels need, in the order in which they are composed.
    private static final List<String> PANELS = List.of(
            "solve/panel.cl",
            "solve/product.cl",
            "solve/sums.cl",
            "solve/elementary.cl",
            "solve/prox.cl",
            "solve/blockwise.cl",
            "solve/activation.cl",
            "solve/rows.cl");

    /// The parts of a solve.
    static final List<String> SOLVE = Stream.concat(
                    PANELS.stream(),
                    Stream.of(
                            "solve/stage.cl",
                            "solve/safeguard.cl",
                            "solve/anderson.cl",
                            "solve/broyden.cl",
                            "solve/derivative.cl",
                            "solve/newton.cl",
                            "solve/krylov.cl",
                            "solve/elimination.cl",
                            "solve/solve.cl"))
            .toList();

    /// The parts of a pass over blocks.
    static final List<String> PASS =
            Stream.concat(PANELS.stream(), Stream.of("solve/pass.cl")).toList();

    private Resources() {}

    /// The text of one file.
    static String text(String name) {
        try (InputStream stream = Resources.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + name + " is missing beside " + Resources.class);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + name, e);
        }
    }

    /// A program, without its prelude.
    static String program(List<String> parts) {
        return parts.stream().map(Resources::text).collect(Collectors.joining("\n"));
    }
}
