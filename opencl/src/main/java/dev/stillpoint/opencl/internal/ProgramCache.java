package dev.stillpoint.opencl.internal;

import static org.lwjgl.opencl.CL10.CL_DEVICE_PLATFORM;
import static org.lwjgl.opencl.CL10.CL_PLATFORM_VERSION;

import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Builds programs, and keeps them on disk in compiled form, so that a later process need not compile them.
///
/// A program is found by a [key][ProgramKey] of everything it depends on: platform, device, driver, options and
/// source. What is found is checked [to the byte][ProgramFile] before the driver sees it. A file that is damaged,
/// and one that the driver refuses, is compiled again and replaced. A compiled program computes what its source
/// does: it came from the same compiler.
///
/// **Failures.** Only a program that does not compile, or a device that does not answer, is an exception. A
/// directory that cannot be read or written costs the time of compiling, and is told in
/// [the notes][CachedProgram#notes()].
///
/// **Disk.** At each store the programs that were used least recently are deleted until the rest has at most
/// 256 MiB. Who may write the directory decides what runs on the device: it is made for its owner alone, and
/// ought to be one of the user's own, such as [#defaultDirectory].
///
/// **Threads.** It may be used by several threads and processes at once; those that miss the same program at the
/// same time compile it each.
public final class ProgramCache {
    private static final long LIMIT_BYTES = 256L << 20;

    private final @Nullable ProgramDirectory directory;
    private final Map<CacheUse, AtomicLong> counts = new EnumMap<>(CacheUse.class);

    private ProgramCache(@Nullable ProgramDirectory directory) {
        this.directory = directory;
        for (CacheUse use : CacheUse.values()) {
            counts.put(use, new AtomicLong());
        }
    }

    /// A cache in a directory, which is made at the first store when it does not exist.
    public static ProgramCache in(Path directory) {
        return in(directory, LIMIT_BYTES);
    }

    /// A cache in a directory, with a limit of its own.
    static ProgramCache in(Path directory, long limitBytes) {
        return new ProgramCache(new ProgramDirectory(directory, limitBytes));
    }

    /// No cache: every program is compiled from its source.
    public static ProgramCache none() {
        return new ProgramCache(null);
    }

    /// The directory that a caller should use who was not told of one, or none when the user has no home.
    ///
    /// | system | directory |
    /// | --- | --- |
    /// | Windows | `%LOCALAPPDATA%\stillpoint\opencl`, else `AppData\Local\stillpoint\opencl` in the home |
    /// | macOS | `Library/Caches/stillpoint/opencl` in the home |
    /// | others | `$XDG_CACHE_HOME/stillpoint/opencl`, else `.cache/stillpoint/opencl` in the home |
    ///
    /// `XDG_CACHE_HOME` counts only when it is absolute, as its specification says. Nothing is read or made.
    ///
    /// @param environment the variables, as `System.getenv()` gives them
    /// @param userHome what the system property `user.home` says
    /// @param operatingSystem what the system property `os.name` says
    public static Optional<Path> defaultDirectory(
            Map<String, String> environment, String userHome, String operatingSystem) {
        String system = operatingSystem.toLowerCase(Locale.ROOT);
        // Java says `?` for a user without a home.
        Optional<Path> home =
                userHome.isBlank() || userHome.equals("?") ? Optional.empty() : Optional.of(Path.of(userHome));
        Optional<Path> caches;
        if (system.startsWith("windows")) {
            caches = variable(environment, "LOCALAPPDATA")
                    .or(() -> home.map(path -> path.resolve("AppData").resolve("Local")));
        } else if (system.startsWith("mac")) {
            caches = home.map(path -> path.resolve("Library").resolve("Caches"));
        } else {
            caches = variable(environment, "XDG_CACHE_HOME")
                    .filter(Path::isAbsolute)
                    .or(() -> home.map(path -> path.resolve(".cache")));
        }
        return caches.map(path -> path.resolve("stillpoint").resolve("opencl"));
    }

    private static Optional<Path> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /// A built program, from the cache where it is there. The caller closes it.
    ///
    /// @param calls the checker to use
    /// @param context a context of `device` alone
    /// @param device the device to build for
    /// @param source the program's whole text: what it includes is not looked at
    /// @param options what the compiler is told
    /// @throws DeviceException when the source does not compile, or the device does not answer
    public CachedProgram program(ClCalls calls, ClHandle context, Described device, String source, String options) {
        Build build = new Build(calls, context, device, source, options);
        CachedProgram built = directory == null
                ? new CachedProgram(build.compile(), CacheUse.OFF, List.of())
                : build(directory, build, build.key());
        counter(built.use()).incrementAndGet();
        return built;
    }

    /// How many programs this cache built in that way so far.
    public long count(CacheUse use) {
        return counter(use).get();
    }

    private AtomicLong counter(CacheUse use) {
        return Objects.requireNonNull(counts.get(use));
    }

    private static CachedProgram build(ProgramDirectory directory, Build build, ProgramKey key) {
        List<String> notes = new ArrayList<>();
        CacheUse use = CacheUse.MISS;
        ClHandle program = null;
        try {
            Optional<byte[]> binary = directory.read(key);
            if (binary.isPresent()) {
                use = CacheUse.STALE;
                program = build.load(binary.get());
                use = CacheUse.HIT;
            }
        } catch (StaleProgramException e) {
            use = CacheUse.STALE;
            notes.add("%s was compiled again: the file %s".formatted(directory.file(key), e.getMessage()));
        } catch (DeviceException e) {
            notes.add("%s was compiled again: the driver refuses it: %s"
                    .formatted(directory.file(key), DeviceListing.oneLine(e)));
        } catch (IOException e) {
            notes.add("compiled programs cannot be read from %s: %s".formatted(directory.path(), e));
        }
        if (program == null) {
            program = build.compile();
        }
        boolean complete = false;
        try {
            if (use == CacheUse.HIT) {
                touch(directory, key, notes);
            } else {
                store(directory, key, program, notes);
            }
            complete = true;
        } finally {
            if (!complete) {
                program.close();
            }
        }
        return new CachedProgram(program, use, notes);
    }

    private static void touch(ProgramDirectory directory, ProgramKey key, List<String> notes) {
        try {
            directory.touch(key);
        } catch (IOException e) {
            notes.add(
                    "that %s was used cannot be noted, it may be deleted early: %s".formatted(directory.file(key), e));
        }
    }

    private static void store(ProgramDirectory directory, ProgramKey key, ClHandle program, List<String> notes) {
        try {
            byte[] binary = ProgramBinary.of(program);
            if (binary.length == 0) {
                notes.add("the driver gives no compiled program that could be kept in " + directory.path());
            } else {
                directory.write(key, binary);
            }
        } catch (DeviceException e) {
            notes.add("the driver gives no compiled program that could be kept in %s: %s"
                    .formatted(directory.path(), DeviceListing.oneLine(e)));
        } catch (IOException e) {
            notes.add("compiled programs cannot be kept in %s: %s".formatted(directory.path(), e));
        }
    }

    /// What is to be built, and where.
    private record Build(ClCalls calls, ClHandle context, Described device, String source, String options) {
        ProgramKey key() {
            long platform = ClInfo.deviceLong(device.id(), CL_DEVICE_PLATFORM, "CL_DEVICE_PLATFORM");
            String version = ClInfo.platformText(platform, CL_PLATFORM_VERSION, "CL_PLATFORM_VERSION");
            return ProgramKey.of(version, device.description(), source, options);
        }

        ClHandle compile() {
            return built(new ClObjects(calls, device.id()).program(context, source));
        }

        ClHandle load(byte[] binary) {
            return built(ProgramBinary.program(calls, context, device.id(), binary));
        }

        private ClHandle built(ClHandle program) {
            boolean built = false;
            try {
                new ClObjects(calls, device.id()).build(program, options);
                built = true;
            } finally {
                if (!built) {
                    program.close();
                }
            }
            return program;
        }
    }
}
