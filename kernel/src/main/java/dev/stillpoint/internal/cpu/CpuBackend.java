package dev.stillpoint.internal.cpu;

import dev.stillpoint.adjoint.AdjointPlan;
import dev.stillpoint.adjoint.AdjointProblem;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.internal.engine.EngineAdjointPlan;
import dev.stillpoint.internal.engine.EnginePlan;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;

/// The CPU backend on one of its engines.
///
/// @param engine the engine
record CpuBackend(CpuEngine engine) implements Backend {
    static final String NAME = "cpu";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        return engine.label() + ", " + System.getProperty("os.arch");
    }

    @Override
    public SolvePlan prepare(FixedPointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options) {
        return new EnginePlan(engine.factory(options.precision()), problem, solver, stopping, options);
    }

    @Override
    public AdjointPlan prepareAdjoint(
            AdjointProblem problem, Solver solver, StoppingRule stopping, PlanOptions options) {
        WorkerFactory factory = engine.factory(options.precision());
        return new EngineAdjointPlan(
                factory,
                (forward, inputs, states, points) ->
                        factory.predict(forward.a(), states, forward.b(), inputs, forward.bias(), points),
                problem,
                solver,
                stopping,
                options);
    }
}
