package dev.stillpoint.opencl.internal;

import dev.stillpoint.matrix.Precision;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// Something that runs kernels on a device, small enough for a simulator, and closes all it opens.
///
/// @param name what a test calls it
/// @param body runs it, on a device
record Exercise(String name, BiConsumer<ClCalls, Described> body) {
    /// The module's kernels: a checker has nothing to say of these. A new kernel is added here.
    static final List<Exercise> KERNELS = List.of(
            new Exercise("self-test FP32", (calls, device) -> selfTest(calls, device, Precision.F32)),
            new Exercise("self-test FP64", (calls, device) -> selfTest(calls, device, Precision.F64)));

    /// Kernels with a fault, which a checker has to find.
    static final List<Exercise> PLANTED = List.of(
            PlantedFault.exercise("planted-race", 0),
            PlantedFault.exercise("planted-global-race", 0),
            PlantedFault.exercise("planted-uninitialized", 0),
            PlantedFault.exercise("planted-divergence", 0),
            PlantedFault.exercise("planted-overrun", 1));

    /// The exercise of a name.
    static Exercise named(String name) {
        return Stream.concat(KERNELS.stream(), PLANTED.stream())
                .filter(exercise -> exercise.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no exercise " + name));
    }

    private static void selfTest(ClCalls calls, Described device, Precision precision) {
        try (SelfTest selfTest = SelfTest.on(calls, device)) {
            List<String> faults = selfTest.run(precision).faults();
            if (!faults.isEmpty()) {
                throw new AssertionError(faults.toString());
            }
        }
    }
}
