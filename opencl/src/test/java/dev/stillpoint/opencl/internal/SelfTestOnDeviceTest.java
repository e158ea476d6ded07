package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// What needs an OpenCL device, such as PoCL's. Whatever happens, no handle stays open.
class SelfTestOnDeviceTest {
    private static final int LISTINGS = 1000;
    private static final int EXAMINATIONS = 10;

    private static final Set<String> PROCESSORS = Set.of("Portable Computing Language", "Oclgrind");

    private final ClCalls calls = new ClCalls();

    @AfterEach
    void nothingStaysOpen() {
        assertEquals(0, calls.openHandles());
    }

    private SelfTestResult run(Described device, String source) {
        try (SelfTest selfTest = SelfTest.on(calls, device, source)) {
            return selfTest.run(Precision.F32);
        }
    }

    /// The kernel with a fault.
    private static String spoiled(String correct, String wrong) {
        String source = SelfTest.source();
        assertTrue(source.contains(correct), correct);
        return source.replace(correct, wrong);
    }

    @Test
    void verdictFollowsFromTheFlagsAndTheComparison() {
        List<Examination> examinations = OpenClHere.require(calls).examine();
        assertFalse(examinations.isEmpty());
        int usable = 0;
        for (int i = 0; i < examinations.size(); i++) {
            Examination examination = examinations.get(i);
            DeviceInfo info = examination.info();
            assertEquals(i, info.index());
            assertEquals(info.bitExact(), info.reason().isEmpty(), info.toString());
            if (examination.device() instanceof Described(long _, DeviceDescription description)) {
                List<Precision> precisions = new ArrayList<>(List.of(Precision.F32));
                if (info.fp64()) {
                    precisions.add(Precision.F64);
                }
                boolean expected = BitExactness.unusable(description).isEmpty()
                        && examination.tests().size() == precisions.size();
                for (Precision precision : precisions) {
                    expected &= BitExactness.missing(description, precision).isEmpty();
                }
                for (SelfTestResult test : examination.tests()) {
                    expected &= test.differences().isEmpty();
                }
                assertEquals(expected, info.bitExact(), info.toString());
                assertTrue(info.memoryBytes() > 0, info.toString());
                usable += examination.tests().isEmpty() ? 0 : 1;
            }
        }
        assertTrue(usable > 0, "no device ran the self-test: " + examinations);
        assertTrue(calls.openedHandles() > 0);
    }

    /// These compute with the processor's own arithmetic. If they differ, it is the kernel or its twin that is
    /// wrong.
    @Test
    void passesOnDevicesThatAreTheProcessor() {
        List<SelfTestResult> tests = OpenClHere.require(calls).examine().stream()
                .filter(examination -> examination.device() instanceof Described device
                        && PROCESSORS.contains(device.description().platform()))
                .flatMap(examination -> examination.tests().stream())
                .toList();
        Assumptions.assumeFalse(tests.isEmpty(), "skipped, none of the platforms " + PROCESSORS + " is here");
        for (SelfTestResult test : tests) {
            assertEquals(List.of(), test.faults());
        }
    }

    @Test
    void findsFaultsThatTheKernelIsGiven() {
        Described device = OpenClHere.requireUsable(calls);
        List<Operation> before = operations(run(device, SelfTest.source()));
        for (Spoil spoil : List.of(
                new Spoil(Operation.DIVIDE, "AS_BITS(a / b)", "AS_BITS(a * ((REAL)1 / b))"),
                new Spoil(Operation.MULTIPLY_ADD, "AS_BITS(a * b + c)", "AS_BITS(fma(a, b, c))"),
                new Spoil(Operation.FMA, "AS_BITS(fma(a, b, c))", "AS_BITS(a * b + c)"),
                new Spoil(Operation.SQRT, "AS_BITS(sqrt(a))", "AS_BITS(a * ((REAL)1 / sqrt(a)))"),
                new Spoil(Operation.SELECT, "AS_BITS(a < (REAL)0 ? (REAL)0 : a)", "AS_BITS(fmax(a, (REAL)0))"))) {
            List<Operation> expected = new ArrayList<>(Operation.ALL);
            expected.removeIf(operation -> operation != spoil.operation() && !before.contains(operation));
            assertEquals(expected, operations(run(device, spoiled(spoil.correct(), spoil.wrong()))), spoil.toString());
        }
    }

    private record Spoil(Operation operation, String correct, String wrong) {}

    private static List<Operation> operations(SelfTestResult result) {
        return result.differences().stream()
                .map(SelfTestResult.Difference::operation)
                .toList();
    }

    @Test
    void aFailedBuildNamesTheCallTheCodeAndTheLog() {
        Described device = OpenClHere.requireUsable(calls);
        String source = spoiled("AS_BITS(a / b)", "AS_BITS(a / undeclared_name)");
        DeviceException failure = assertThrows(DeviceException.class, () -> run(device, source));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("clBuildProgram("), message);
        assertTrue(message.contains("CL_BUILD_PROGRAM_FAILURE (-11)"), message);
        assertTrue(message.contains("undeclared_name"), message);
        assertTrue(calls.openedHandles() > 0);
    }

    @Test
    void aMissingKernelNamesTheCallAndTheCode() {
        Described device = OpenClHere.requireUsable(calls);
        String source = spoiled("__kernel void self_test(", "__kernel void another_test(");
        DeviceException failure = assertThrows(DeviceException.class, () -> run(device, source));
        assertEquals("clCreateKernel(self_test) failed with CL_INVALID_KERNEL_NAME (-46)", failure.getMessage());
        assertTrue(calls.openedHandles() > 0);
    }

    @Test
    void listingAgainAndAgainKeepsNothingOpen() {
        int devices = OpenClHere.require(calls).devices().size();
        for (int i = 0; i < LISTINGS; i++) {
            assertEquals(devices, OpenClHere.require(calls).devices().size());
            assertEquals(0, calls.openHandles());
        }
        for (int i = 0; i < EXAMINATIONS; i++) {
            long opened = calls.openedHandles();
            assertEquals(devices, OpenClHere.require(calls).infos().size());
            assertEquals(0, calls.openHandles());
            assertTrue(calls.openedHandles() > opened);
        }
    }
}
