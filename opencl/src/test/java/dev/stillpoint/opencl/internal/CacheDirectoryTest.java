package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheDirectoryTest {
    private static Optional<Path> found(Map<String, String> environment, String home, String system) {
        return ProgramCache.defaultDirectory(environment, home, system);
    }

    private static Optional<Path> under(String directory) {
        return Optional.of(Path.of(directory, "stillpoint", "opencl"));
    }

    @Test
    void followsTheDesktopSpecificationOnLinux() {
        String root = Path.of("").toAbsolutePath().getRoot().toString();
        String absolute = Path.of(root, "var", "caches").toString();
        assertEquals(under("/home/me/.cache"), found(Map.of(), "/home/me", "Linux"));
        assertEquals(under(absolute), found(Map.of("XDG_CACHE_HOME", absolute), "/home/me", "Linux"));
        assertEquals(under("/home/me/.cache"), found(Map.of("XDG_CACHE_HOME", ""), "/home/me", "Linux"));
        assertEquals(under("/home/me/.cache"), found(Map.of("XDG_CACHE_HOME", "caches"), "/home/me", "Linux"));
        assertEquals(under("/home/me/.cache"), found(Map.of("LOCALAPPDATA", absolute), "/home/me", "FreeBSD"));
    }

    @Test
    void knowsOtherSystems() {
        Map<String, String> variables = Map.of("LOCALAPPDATA", "/local", "XDG_CACHE_HOME", "/xdg");
        assertEquals(under("/local"), found(variables, "/home/me", "Windows 11"));
        assertEquals(under("/home/me/AppData/Local"), found(Map.of("LOCALAPPDATA", " "), "/home/me", "Windows 11"));
        assertEquals(under("/home/me/Library/Caches"), found(variables, "/home/me", "Mac OS X"));
    }

    @Test
    void aUserWithoutAHomeHasNone() {
        for (String home : new String[] {"", "?"}) {
            for (String system : new String[] {"Linux", "Windows 11", "Mac OS X"}) {
                assertEquals(Optional.empty(), found(Map.of(), home, system), system);
            }
        }
        assertEquals(under("/local"), found(Map.of("LOCALAPPDATA", "/local"), "?", "Windows 11"));
    }
}
