package dev.stillpoint.backend;

import dev.stillpoint.adjoint.AdjointPlan;
import dev.stillpoint.adjoint.AdjointProblem;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;

/// Something that solves batches of fixed-point problems: the CPU engine, or an OpenCL device.
///
/// A backend is a light handle without resources of its own; what a plan needs, the plan owns. Selection is explicit:
/// a backend that is not available says why, and nothing falls back to another.
public interface Backend {
    /// The name, such as `cpu`.
    String name();

    /// The device, in words.
    String device();

    /// Prepares to solve `problem` for many inputs.
    ///
    /// @throws IllegalArgumentException when the solver cannot solve this problem
    SolvePlan prepare(FixedPointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options);

    /// Prepares with the default options.
    ///
    /// @throws IllegalArgumentException when the solver cannot solve this problem
    default SolvePlan prepare(FixedPointProblem problem, Solver solver, StoppingRule stopping) {
        return prepare(problem, solver, stopping, PlanOptions.defaults());
    }

    /// Prepares to solve the adjoint equations of a problem.
    ///
    /// @throws IllegalArgumentException when the solver cannot solve them
    /// @throws BackendUnavailableException when this backend solves no adjoint equations
    default AdjointPlan prepareAdjoint(
            AdjointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options) {
        throw new BackendUnavailableException(
                "backend '%s' does not solve adjoint equations: use 'cpu'".formatted(name()));
    }

    /// The CPU engine.
    static Backend cpu() {
        return Backends.open("cpu", null);
    }

    /// The backend called `name` on its first device.
    ///
    /// @throws BackendUnavailableException when there is none of that name, or it cannot work here, with the reason
    static Backend open(String name) {
        return Backends.open(name, null);
    }

    /// The backend called `name` on the device that `device` names by number or by a part of its name.
    ///
    /// @throws BackendUnavailableException when there is none of that name, or it cannot work here, with the reason
    static Backend open(String name, String device) {
        return Backends.open(name, device);
    }
}
