package dev.stillpoint.trainer.cli;

import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.DeviceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;

/// Turns what a command threw into one line for the user and an exit code.
final class Failures {
    private static final System.Logger LOGGER = System.getLogger(Failures.class.getName());

    private Failures() {}

    /// Says what went wrong.
    ///
    /// @return the exit code
    static int report(Throwable thrown, PrintWriter err) {
        LOGGER.log(System.Logger.Level.DEBUG, "command failed", thrown);
        err.println("stillpoint: " + message(thrown));
        return switch (thrown) {
            case CancellationException _ -> ExitCodes.INTERRUPTED;
            case BackendUnavailableException _, DeviceException _ -> ExitCodes.UNAVAILABLE;
            case IOException _, IllegalArgumentException _, OutOfMemoryError _, InternalError _ -> ExitCodes.BAD_INPUT;
            default -> ExitCodes.DEFECT;
        };
    }

    /// The message of `thrown` on one line.
    static String message(Throwable thrown) {
        String text = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        return oneLine(
                switch (thrown) {
                    case CancellationException _ -> "interrupted; nothing is written";
                    case NoSuchFileException absent
                    when absent.getReason() == null -> text + ": no such file or folder";
                    case AccessDeniedException denied when denied.getReason() == null -> text + ": access denied";
                    case FileAlreadyExistsException there when there.getReason() == null -> text + ": is in the way";
                    case BackendUnavailableException _, DeviceException _, IOException _, IllegalArgumentException _ ->
                        text;
                    case OutOfMemoryError _ ->
                        "not enough memory: the Java heap is limited to %d MiB (STILLPOINT_JAVA_OPTIONS=-Xmx... sets it)"
                                .formatted(Runtime.getRuntime().maxMemory() >> 20);
                    // What an access to a mapped file throws when its disk is full or its media fail.
                    case InternalError _ -> "a mapped file could not be accessed; its disk may be full: " + text;
                    default ->
                        "this is a defect of the program: %s at %s"
                                .formatted(
                                        thrown, thrown.getStackTrace().length == 0 ? "?" : thrown.getStackTrace()[0]);
                });
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
    }
}
