package dev.stillpoint.trainer.cli;

/// What the program's exit code says.
final class ExitCodes {
    /// Every sample converged, or the command did what it was asked.
    static final int OK = 0;

    /// Outputs are written, and some sample did not converge.
    static final int NOT_CONVERGED = 1;

    /// Bad usage or bad input; nothing is written.
    static final int BAD_INPUT = 2;

    /// The backend or the device is not available.
    static final int UNAVAILABLE = 3;

    /// A defect of the program (`EX_SOFTWARE`).
    static final int DEFECT = 70;

    /// Interrupted from the keyboard (128 + SIGINT); nothing is written.
    static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
