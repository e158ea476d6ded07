package dev.stillpoint.trainer.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/// Where the user's standard error is.
///
/// The Java virtual machine warns of incubating modules on standard error before any program runs, and has no option
/// against it. The launcher script therefore starts it with that stream closed to the user, and names the real one by a
/// system property.
final class StandardError {
    private static final String PROPERTY = "stillpoint.stderr";

    private StandardError() {}

    /// Makes `System.err` the user's standard error again, where the launcher moved it.
    static void restore() {
        String file = System.getProperty(PROPERTY);
        if (file != null) {
            try {
                System.setErr(new PrintStream(new FileOutputStream(file, true), true, System.err.charset()));
            } catch (IOException thrown) {
                throw new UncheckedIOException(thrown);
            }
        }
    }
}
