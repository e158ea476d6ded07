package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.opencl.internal.FoundDevice.Broken;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.util.ArrayList;
import java.util.List;

/// What was found out about one device.
///
/// @param device the device
/// @param info what users are told
/// @param tests the self-tests that ran to their end, one for each precision
record Examination(FoundDevice device, DeviceInfo info, List<SelfTestResult> tests) {
    /// Examines a device: what its driver reports, and, where that allows, the self-test. Whatever fails becomes a
    /// reason.
    ///
    /// @param index the device's number in the listing
    static Examination of(ClCalls calls, int index, FoundDevice device) {
        return switch (device) {
            case Broken(String name, String driver, String reason) ->
                new Examination(
                        device,
                        new DeviceInfo(DeviceListing.BACKEND, index, name, driver, 0, false, false, reason),
                        List.of());
            case Described described -> examine(calls, index, described);
        };
    }

    private static Examination examine(ClCalls calls, int index, Described device) {
        DeviceDescription description = device.description();
        List<String> reasons = new ArrayList<>(BitExactness.unusable(description));
        List<SelfTestResult> tests = new ArrayList<>();
        if (reasons.isEmpty()) {
            try (SelfTest selfTest = SelfTest.on(calls, device)) {
                for (Precision precision : precisions(description)) {
                    reasons.addAll(BitExactness.missing(description, precision));
                    reasons.addAll(test(selfTest, precision, tests));
                }
            } catch (DeviceException e) {
                reasons.add("the self-test failed: " + DeviceListing.oneLine(e));
            }
        }
        DeviceInfo info = new DeviceInfo(
                DeviceListing.BACKEND,
                index,
                description.name(),
                description.driver(),
                description.memoryBytes(),
                description.fp64(),
                reasons.isEmpty(),
                String.join("; ", reasons));
        return new Examination(device, info, List.copyOf(tests));
    }

    private static List<String> test(SelfTest selfTest, Precision precision, List<SelfTestResult> tests) {
        try {
            SelfTestResult test = selfTest.run(precision);
            tests.add(test);
            return test.faults();
        } catch (DeviceException e) {
            return List.of("the %s self-test failed: %s"
                    .formatted(BinaryFormat.of(precision).label(), DeviceListing.oneLine(e)));
        }
    }

    private static List<Precision> precisions(DeviceDescription description) {
        return description.fp64() ? List.of(Precision.F32, Precision.F64) : List.of(Precision.F32);
    }
}
