package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillpoint.backend.DeviceException;
import org.junit.jupiter.api.Test;

class ClCallsTest {
    private final ClCalls calls = new ClCalls();

    @Test
    void namesTheCallAndTheCode() {
        DeviceException failure = assertThrows(DeviceException.class, () -> ClCalls.check("clFinish", -36));
        assertEquals("clFinish failed with CL_INVALID_COMMAND_QUEUE (-36)", failure.getMessage());
        assertDoesNotThrow(() -> ClCalls.check("clFinish", 0));
    }

    @Test
    void countsWhatIsOpen() {
        try (ClHandle first = calls.own("clCreateContext", 0, 17, "clReleaseContext", _ -> 0)) {
            assertEquals(17, first.address());
            assertEquals(1, calls.openHandles());
            try (ClHandle _ = calls.own("clCreateKernel", 0, 18, "clReleaseKernel", _ -> 0)) {
                assertEquals(2, calls.openHandles());
            }
            assertEquals(1, calls.openHandles());
        }
        assertEquals(0, calls.openHandles());
        assertEquals(2, calls.openedHandles());
    }

    @Test
    void ownsNothingWhenTheCallFailed() {
        DeviceException failure = assertThrows(
                DeviceException.class, () -> calls.own("clCreateContext", -6, 0, "clReleaseContext", _ -> 0));
        assertEquals("clCreateContext failed with CL_OUT_OF_HOST_MEMORY (-6)", failure.getMessage());
        assertEquals(0, calls.openedHandles());
    }

    @Test
    void releasesOnceAndRefusesLaterUse() {
        int[] releases = new int[1];
        ClHandle handle = calls.own("clCreateContext", 0, 17, "clReleaseContext", address -> {
            assertEquals(17, address);
            releases[0]++;
            return 0;
        });
        handle.close();
        handle.close();
        assertEquals(1, releases[0]);
        assertEquals(0, calls.openHandles());
        assertThrows(IllegalStateException.class, handle::address);
    }

    @Test
    void saysWhenAReleaseFails() {
        ClHandle handle = calls.own("clCreateContext", 0, 17, "clReleaseContext", _ -> -34);
        DeviceException failure = assertThrows(DeviceException.class, handle::close);
        assertEquals("clReleaseContext failed with CL_INVALID_CONTEXT (-34)", failure.getMessage());
    }
}
