package dev.stillpoint.internal.cpu;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.engine.BlockCourse;
import dev.stillpoint.internal.engine.EngineFactory;
import dev.stillpoint.internal.engine.ForwardPanel;
import dev.stillpoint.internal.engine.LaneMap;
import dev.stillpoint.internal.engine.PanelExecutor;
import dev.stillpoint.internal.engine.Shared;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.StoppingRule;
import org.jspecify.annotations.Nullable;

/// An engine of the CPU in one precision.
interface WorkerFactory extends EngineFactory {
    @Override
    Shared<ForwardPanel> forwards(BlockCourse.Pass pass, int columns);

    /// Packs a recipe; what is supplied are panels that are stepped by hand, one for a thread.
    Shared<PanelExecutor> panels(StepRecipe recipe, StoppingRule stopping);

    /// Packs `phi(F x + bias)`; what is supplied are open panels, one for a thread.
    Shared<LaneMap> maps(LinearOperator f, @Nullable Matrix bias, Activation phi);

    /// `outputs = bias + D inputs + C states`, on the calling thread.
    void predict(
            LinearOperator c,
            Matrix states,
            @Nullable LinearOperator d,
            Matrix inputs,
            @Nullable Matrix bias,
            Matrix outputs);
}
