package dev.stillpoint.internal.cpu;

import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.engine.PanelExecutor;
import dev.stillpoint.internal.engine.Shared;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.StoppingRule;

/// Iterations of a recipe for panels of samples on the CPU, stepped by hand, by the engine that the machine
/// prefers; all have the same bits.
public final class CpuIteration {
    private CpuIteration() {}

    /// Packs a recipe; what is supplied are panels, one for a thread.
    ///
    /// @param stopping what checks that are asked for test
    public static Shared<PanelExecutor> of(Precision precision, StepRecipe recipe, StoppingRule stopping) {
        return CpuEngine.available().getFirst().factory(precision).panels(recipe, stopping);
    }
}
