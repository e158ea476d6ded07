package dev.stillpoint.trainer.cli;

import java.time.Duration;

/// Makes Ctrl-C end a command in an orderly way: the main thread is interrupted, a solve stops at its next iteration,
/// temporary files are removed, and only then does the JVM end, with its own exit code (130 for SIGINT).
final class Interrupts {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Thread main;
    private final Thread hook;

    private Interrupts(Thread main) {
        this.main = main;
        hook = new Thread(this::stop, "stillpoint-interrupt");
    }

    /// Interrupts `main` when the JVM is asked to end, and waits for it.
    static Interrupts install(Thread main) {
        Interrupts interrupts = new Interrupts(main);
        Runtime.getRuntime().addShutdownHook(interrupts.hook);
        return interrupts;
    }

    /// The command is over.
    ///
    /// @return false when the JVM is ending already, so that `main` must only return
    boolean finished() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            return true;
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private void stop() {
        main.interrupt();
        try {
            main.join(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
