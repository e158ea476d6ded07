package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lwjgl.opencl.CL10.CL_FP_DENORM;
import static org.lwjgl.opencl.CL10.CL_FP_FMA;
import static org.lwjgl.opencl.CL12.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;

import dev.stillpoint.matrix.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;

class BitExactnessTest {
    @Test
    void missesNothingWhereAllIsReported() {
        DeviceDescription device = Descriptions.withConfigs(Descriptions.FP32, Descriptions.FP64);
        assertEquals(List.of(), BitExactness.missing(device, Precision.F32));
        assertEquals(List.of(), BitExactness.missing(device, Precision.F64));
        assertTrue(BitExactness.offersCorrectDivision(device));
    }

    @Test
    void namesWhatIsNotReported() {
        DeviceDescription device = Descriptions.withConfigs(
                Descriptions.FP32 & ~CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT & ~CL_FP_DENORM,
                Descriptions.FP64 & ~CL_FP_FMA);
        assertEquals(
                List.of(
                        "the driver does not report FP32 subnormals (CL_FP_DENORM)",
                        "the driver does not report FP32 correctly rounded divide and square root"
                                + " (CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT)"),
                BitExactness.missing(device, Precision.F32));
        assertEquals(
                List.of("the driver does not report FP64 fused multiply-add (CL_FP_FMA)"),
                BitExactness.missing(device, Precision.F64));
        assertFalse(BitExactness.offersCorrectDivision(device));
    }

    @Test
    void knowsDevicesThatRunNoPrograms() {
        assertEquals(List.of(), BitExactness.unusable(Descriptions.withState(true, true, true)));
        assertEquals(
                List.of(
                        "the driver says that the device is not available (CL_DEVICE_AVAILABLE)",
                        "the driver has no compiler (CL_DEVICE_COMPILER_AVAILABLE)",
                        "the device stores the high byte first (CL_DEVICE_ENDIAN_LITTLE)"),
                BitExactness.unusable(Descriptions.withState(false, false, false)));
    }

    @Test
    void needsOpenCl12() {
        for (String version : List.of("OpenCL 1.2 x", "OpenCL 2.0 x", "OpenCL 3.0 x", "OpenCL 10.0 x")) {
            assertEquals(List.of(), BitExactness.unusable(Descriptions.withVersion(version)), version);
        }
        for (String version : List.of("OpenCL 1.1 x", "OpenCL 0.9 x", "Vulkan 1.3")) {
            assertEquals(
                    List.of("OpenCL 1.2 is needed, the device offers '" + version + "'"),
                    BitExactness.unusable(Descriptions.withVersion(version)));
        }
    }

    @Test
    void tellsTheDriverInWords() {
        assertEquals(
                "Platform, driver 1.2.3, OpenCL 3.0",
                Descriptions.withVersion("OpenCL 3.0 CUDA").driver());
        assertEquals(
                "Platform, driver 1.2.3, something else",
                Descriptions.withVersion("something else").driver());
    }
}
