package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.BackendUnavailableException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.lwjgl.opencl.CL;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.Library;
import org.lwjgl.system.SharedLibrary;

/// Loads the OpenCL loader library into the process, once.
///
/// LWJGL keeps the loaded library in static state of its own: it belongs to the process, not to us, and may have
/// been loaded by another part of the program already. So there is nothing to hold here, nothing is ever unloaded
/// (others may be using it), and a library that was not found may be looked for again.
public final class OpenClLoader {
    private static final ReentrantLock LOCK = new ReentrantLock();

    private OpenClLoader() {}

    /// The names to try on this operating system, in order.
    ///
    /// @param operatingSystem what the system property `os.name` says
    public static List<String> defaultNames(String operatingSystem) {
        String system = operatingSystem.toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return List.of("OpenCL");
        }
        if (system.startsWith("mac")) {
            return List.of("/System/Library/Frameworks/OpenCL.framework/OpenCL");
        }
        // The name without a version belongs to development packages and is absent on most machines.
        return List.of("libOpenCL.so.1", "libOpenCL.so");
    }

    /// Sees to it that OpenCL is loaded.
    ///
    /// @param names libraries to try, in order; not looked at when `-Dorg.lwjgl.opencl.libname` names one, or
    ///     when the process has loaded OpenCL already
    /// @return the library, by its path where the system tells it
    /// @throws BackendUnavailableException when none can be loaded
    public static String load(List<String> names) {
        LOCK.lock();
        try {
            configure();
            if (!isLoaded()) {
                create(names);
            }
            return describe();
        } catch (LinkageError error) {
            throw new BackendUnavailableException("OpenCL is not available: LWJGL cannot load: " + error, error);
        } finally {
            LOCK.unlock();
        }
    }

    /// LWJGL reads these options when its classes are initialised: they are set before the first of them is
    /// touched.
    private static void configure() {
        // Without it, the initialiser of the class CL loads the library itself, and a failure makes that class
        // unusable for the rest of the process.
        Configuration.OPENCL_EXPLICIT_INIT.set(true);
        if (Configuration.MEMORY_BACKEND.get() == null) {
            Configuration.MEMORY_BACKEND.set("ffm");
        }
        // Standard error belongs to the program. What LWJGL would print there is in its exceptions too.
        if (Configuration.DEBUG_STREAM.get() == null && !Configuration.DEBUG.get(false)) {
            Configuration.DEBUG_STREAM.set(
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        }
    }

    private static boolean isLoaded() {
        try {
            CL.getICD();
            return true;
        } catch (IllegalStateException _) {
            // LWJGL has no other way to say that it is not.
            return false;
        }
    }

    private static void create(List<String> names) {
        String chosen = Configuration.OPENCL_LIBRARY_NAME.get();
        List<String> tried = chosen == null ? names : List.of(chosen);
        SharedLibrary found = find(tried);
        try {
            if (found.getFunctionAddress("clGetPlatformIDs") == 0) {
                throw notALoader(found, null);
            }
            // This opens the library once more, for LWJGL; ours is given back below.
            CL.create(found.getName());
        } catch (IllegalStateException e) {
            throw notALoader(found, e);
        } finally {
            found.free();
        }
    }

    private static BackendUnavailableException notALoader(
            SharedLibrary library, @Nullable IllegalStateException cause) {
        String message = "OpenCL is not available: %s is no OpenCL loader".formatted(nameOf(library));
        return cause == null
                ? new BackendUnavailableException(message)
                : new BackendUnavailableException(message + ": " + cause.getMessage(), cause);
    }

    private static SharedLibrary find(List<String> names) {
        // Given a fallback, LWJGL does not print its own advice for a name that it does not find.
        return Library.loadNative(
                CL.class,
                "org.lwjgl.opencl",
                null,
                () -> {
                    throw new BackendUnavailableException(
                            "OpenCL is not available: no OpenCL loader library can be loaded (tried %s); install one, such as Debian's ocl-icd-libopencl1, and the driver of the device"
                                    .formatted(String.join(", ", names)));
                },
                names.toArray(String[]::new));
    }

    private static String describe() {
        return CL.getFunctionProvider() instanceof SharedLibrary library ? nameOf(library) : "the OpenCL library";
    }

    private static String nameOf(SharedLibrary library) {
        String path = library.getPath();
        return path == null ? library.getName() : path;
    }
}
