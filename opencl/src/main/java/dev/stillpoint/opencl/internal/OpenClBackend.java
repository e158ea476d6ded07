package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.internal.engine.EnginePlan;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;

/// The OpenCL backend on one device. Each plan has a session of its own there.
///
/// @param calls the checker of its calls, which counts what is open
/// @param found the device
/// @param cache where compiled programs are kept
/// @param tunings how kernels are cut to the device
public record OpenClBackend(ClCalls calls, Described found, ProgramCache cache, Tunings tunings) implements Backend {
    @Override
    public String name() {
        return DeviceListing.BACKEND;
    }

    @Override
    public String device() {
        return found.name() + " (" + found.driver() + ")";
    }

    /// @throws DeviceException when the device fails, such as for lack of memory; nothing stays there
    @Override
    public SolvePlan prepare(FixedPointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options) {
        DeviceSession session = DeviceSession.open(calls, found, cache);
        try {
            return new EnginePlan(
                    new OpenClFactory(session, options.precision(), tunings), problem, solver, stopping, options);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }
}
