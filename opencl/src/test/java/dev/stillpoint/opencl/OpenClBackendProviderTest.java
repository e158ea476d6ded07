package dev.stillpoint.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendProvider;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.Backends;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.opencl.internal.ClCalls;
import dev.stillpoint.opencl.internal.DeviceListing;
import dev.stillpoint.opencl.internal.OpenClHere;
import dev.stillpoint.opencl.internal.OpenClLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenClBackendProviderTest {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    @TempDir
    private Path directory;

    private ForkedJvm listTwice(Map<String, String> environment, String... more)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of(NATIVE_ACCESS));
        options.addAll(List.of(more));
        ForkedJvm jvm = ForkedJvm.run(directory, environment, options, ListTwice.class);
        assertEquals(0, jvm.exitCode(), jvm.toString());
        assertEquals("", jvm.err());
        assertEquals(4, jvm.out().lines().count(), jvm.out());
        return jvm;
    }

    @Test
    void isFoundByServiceLoader() {
        List<BackendProvider> found = Backends.providers().stream()
                .filter(provider -> provider.name().equals("opencl"))
                .toList();
        assertEquals(1, found.size());
        assertEquals(OpenClBackendProvider.class, found.getFirst().getClass());
    }

    @Test
    void listsDevicesAndOpensThem() {
        DeviceListing here = OpenClHere.require(new ClCalls());
        OpenClBackendProvider provider = new OpenClBackendProvider();
        List<DeviceInfo> devices = provider.devices();
        assertEquals(here.devices().size(), devices.size());
        DeviceInfo first = devices.getFirst();
        assertEquals("opencl", first.backend());
        assertTrue(first.driver().contains(", OpenCL "), first.driver());
        for (String device : new String[] {null, "0", OpenClBackendProvider.INEXACT + "0"}) {
            Assumptions.assumeTrue(first.bitExact(), "skipped, the first device is not bit-exact: " + first.reason());
            Backend backend = provider.open(device);
            assertEquals("opencl", backend.name());
            assertEquals("%s (%s)".formatted(first.name(), first.driver()), backend.device());
        }
        String missing =
                String.valueOf(assertThrows(BackendUnavailableException.class, () -> provider.open("" + devices.size()))
                        .getMessage());
        assertTrue(missing.startsWith("there is no OpenCL device " + devices.size()), missing);
    }

    @Test
    void aMissingLoaderIsAReasonAndNoLastingHarm() throws IOException, InterruptedException {
        List<String> lines = listTwice(Map.of()).out().lines().toList();
        String message = "OpenCL is not available: no OpenCL loader library can be loaded (tried %s); install one, "
                + "such as Debian's ocl-icd-libopencl1, and the driver of the device";
        assertEquals(message.formatted(ListTwice.MISSING), lines.get(0));
        assertEquals(message.formatted(ListTwice.MISSING + ", " + ListTwice.MISSING + ".1"), lines.get(1));
        assertEquals(lines.get(2), lines.get(3));
        try {
            int here = DeviceListing.find(new ClCalls(), OpenClLoader.defaultNames(System.getProperty("os.name", "")))
                    .devices()
                    .size();
            assertEquals(here + " devices", lines.get(2));
        } catch (BackendUnavailableException e) {
            assertEquals(e.getMessage(), lines.get(2));
        }
    }

    @Test
    void aLibraryThatIsNoLoaderIsAReason() throws IOException, InterruptedException {
        // The C library of Linux is always there and knows nothing of OpenCL.
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped, needs the libc.so.6 of Linux");
        ForkedJvm jvm = listTwice(Map.of(), "-Dorg.lwjgl.opencl.libname=libc.so.6");
        jvm.out().lines().forEach(line -> {
            assertTrue(line.startsWith("OpenCL is not available: "), line);
            assertTrue(line.endsWith("libc.so.6 is no OpenCL loader"), line);
        });
    }

    @Test
    void aLoaderWithoutDriversIsAReason() throws IOException, InterruptedException {
        Path vendors = Files.createDirectory(directory.resolve("vendors"));
        List<String> lines = listTwice(Map.of("OCL_ICD_VENDORS", vendors.toString(), "OCL_ICD_FILENAMES", ""))
                .out()
                .lines()
                .toList();
        Assumptions.assumeFalse(
                lines.get(2).contains("no OpenCL loader library can be loaded"),
                "skipped, no OpenCL loader here: " + lines.get(2));
        for (String line : lines.subList(2, 4)) {
            assertTrue(line.startsWith("OpenCL is not available: "), line);
            assertTrue(line.contains(" finds no platform; install the OpenCL driver of the device"), line);
        }
    }

    @Test
    void aMissingNativeLibraryOfLwjglIsAReason() throws IOException, InterruptedException {
        ForkedJvm jvm = listTwice(Map.of(), "-Dorg.lwjgl.libname=libStillpointHasNoSuchLwjgl.so");
        jvm.out()
                .lines()
                .forEach(line -> assertTrue(line.startsWith("OpenCL is not available: LWJGL cannot load: "), line));
    }
}
