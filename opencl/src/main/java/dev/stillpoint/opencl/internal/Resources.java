package dev.stillpoint.opencl.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// The texts of kernels, which lie beside the classes.
final class Resources {
    /// The parts of a solve, in the order in which they are composed.
    static final List<String> SOLVE = List.of(
            "solve/panel.cl",
            "solve/product.cl",
            "solve/sums.cl",
            "solve/elementary.cl",
            "solve/prox.cl",
            "solve/blockwise.cl",
            "solve/activation.cl",
            "solve/stage.cl",
            "solve/solve.cl");

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

    /// The kernels of a solve, without their prelude.
    static String solve() {
        return SOLVE.stream().map(Resources::text).collect(Collectors.joining("\n"));
    }
}
