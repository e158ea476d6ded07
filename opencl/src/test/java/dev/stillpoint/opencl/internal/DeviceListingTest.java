package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.opencl.internal.FoundDevice.Broken;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What needs no OpenCL: choosing among devices, and what is said of a broken one.
class DeviceListingTest {
    private static final Broken BROKEN =
            new Broken("device 2 of Platform", "Platform", "clGetDeviceInfo failed with CL_OUT_OF_HOST_MEMORY (-6)");

    private final ClCalls calls = new ClCalls();
    private final DeviceListing listing = new DeviceListing(
            calls,
            "libOpenCL.so.1",
            List.of(
                    new Described(1, Descriptions.named("Big GPU 80GB")),
                    new Described(2, Descriptions.named("Small GPU")),
                    BROKEN));

    private String refusal(String device) {
        return assertThrows(BackendUnavailableException.class, () -> listing.choose(device))
                .getMessage();
    }

    @Test
    void choosesByNumberOrByPartOfTheName() {
        assertEquals(0, listing.choose(null));
        assertEquals(0, listing.choose("0"));
        assertEquals(1, listing.choose("1"));
        assertEquals(0, listing.choose("80gb"));
        assertEquals(1, listing.choose(" small "));
    }

    @Test
    void refusesWhatItDoesNotHave() {
        String there = ": there are 0 (Big GPU 80GB), 1 (Small GPU), 2 (device 2 of Platform)";
        assertEquals("there is no OpenCL device 3" + there, refusal("3"));
        assertEquals("there is no OpenCL device 99999999999" + there, refusal("99999999999"));
        assertEquals("no OpenCL device has 'Radeon' in its name" + there, refusal("Radeon"));
        assertEquals("more than one OpenCL device has 'GPU' in its name" + there, refusal("GPU"));
        assertEquals("more than one OpenCL device has '' in its name" + there, refusal(""));
    }

    @Test
    void refusesABrokenDeviceWithItsReason() {
        assertEquals(
                "OpenCL device 2 (device 2 of Platform) cannot be used: "
                        + "clGetDeviceInfo failed with CL_OUT_OF_HOST_MEMORY (-6)",
                refusal("2"));
    }

    @Test
    void listsABrokenDeviceWithItsReason() {
        Examination examination = Examination.of(calls, 2, BROKEN);
        assertEquals(
                new DeviceInfo("opencl", 2, BROKEN.name(), "Platform", 0, false, false, BROKEN.reason()),
                examination.info());
        assertEquals(List.of(), examination.tests());
    }

    @Test
    void runsNothingOnADeviceThatRunsNoPrograms() {
        Described device = new Described(1, Descriptions.withState(false, true, true));
        DeviceInfo info = Examination.of(calls, 0, device).info();
        assertFalse(info.bitExact());
        assertTrue(info.fp64());
        assertEquals("the driver says that the device is not available (CL_DEVICE_AVAILABLE)", info.reason());
        assertEquals(0, calls.openedHandles());
    }

    @Test
    void keepsTheFirstLineOfALog() {
        assertEquals(
                "clBuildProgram failed with CL_BUILD_PROGRAM_FAILURE (-11): line 3: error",
                DeviceListing.oneLine(new DeviceException(
                        "clBuildProgram failed with CL_BUILD_PROGRAM_FAILURE (-11)\n\n  line 3: error\nmore\n")));
    }
}
