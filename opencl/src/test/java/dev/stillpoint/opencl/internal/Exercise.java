package dev.stillpoint.opencl.internal;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Broyden;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.List;
import java.util.Random;
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
            new Exercise("self-test FP64", (calls, device) -> selfTest(calls, device, Precision.F64)),
            solve(Precision.F32, "dense", Activation.relu(), Solver.picard()),
            solve(Precision.F64, "blocks", Activation.softmax(DeviceCase.N), Solver.forwardBackward(0.5)),
            solve(Precision.F32, "sum", Activation.groupNorm(4), Solver.picard(0.7)),
            solve(Precision.F32, "convolution", Activation.tanh(), Solver.peacemanRachford(0.5)),
            solve(Precision.F64, "sparse", Activation.maxPool(3), Solver.sequentialAveraging()),
            solve("a pass and a block", Precision.F32, DeviceCase.triangular(List.of(3)), Solver.picard()),
            solve(Precision.F32, "low-rank", Activation.relu(), new Anderson(3)),
            solve(Precision.F64, "dense", Activation.softmax(DeviceCase.N), new Broyden(4)),
            solve(Precision.F64, "sum", Activation.sigmoid(), Solver.newton()),
            solve(Precision.F32, "blocks", Activation.groupNorm(4), Solver.newton(Inner.KRYLOV)));

    /// Kernels with a fault, which a checker has to find.
    static final List<Exercise> PLANTED = List.of(
            PlantedFault.exercise("planted-race", 0),
            PlantedFault.exercise("planted-global-race", 0),
            PlantedFault.exercise("planted-uninitialized", 0),
            PlantedFault.exercise("planted-divergence", 0),
            PlantedFault.exercise("planted-overrun", 1));

    private static Exercise solve(Precision precision, String operator, Activation phi, Solver solver) {
        DeviceCase each = new DeviceCase(precision, operator, phi, solver);
        return solve(each.toString().replace(',', ';'), precision, each.problem(), solver);
    }

    /// A solve on a device, compared with the CPU: work-items share panels, tiles are ragged, and launches have
    /// few iterations.
    private static Exercise solve(String name, Precision precision, FixedPointProblem problem, Solver solver) {
        return new Exercise(name, (calls, device) -> {
            Tuning tuning = new Tuning(1, 4, 3, 5, 2, 1, 6000, false);
            Backend backend = new OpenClBackend(calls, device, ProgramCache.none(), (_, _) -> tuning);
            Matrix inputs = DeviceCase.matrix(new Random(1), 11, DeviceCase.P, 1);
            StoppingRule stopping = new StoppingRule(1e-3, 1e-3, 9, 2);
            PlanOptions options = new PlanOptions(precision, 1);
            try (SolvePlan here = Backend.cpu().prepare(problem, solver, stopping, options);
                    SolvePlan there = backend.prepare(problem, solver, stopping, options)) {
                SameBits.check(here.solve(inputs), there.solve(inputs), name);
            }
        });
    }

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
