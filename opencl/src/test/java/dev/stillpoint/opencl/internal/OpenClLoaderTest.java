package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class OpenClLoaderTest {
    @Test
    void triesTheInstalledNameBeforeThatOfDevelopmentPackages() {
        assertEquals(List.of("libOpenCL.so.1", "libOpenCL.so"), OpenClLoader.defaultNames("Linux"));
        assertEquals(List.of("libOpenCL.so.1", "libOpenCL.so"), OpenClLoader.defaultNames(""));
    }

    @Test
    void knowsOtherSystems() {
        assertEquals(List.of("OpenCL"), OpenClLoader.defaultNames("Windows 11"));
        assertEquals(
                List.of("/System/Library/Frameworks/OpenCL.framework/OpenCL"), OpenClLoader.defaultNames("Mac OS X"));
    }
}
