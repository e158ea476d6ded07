package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.engine.BlockCourse;
import dev.stillpoint.internal.engine.BlockPass;
import dev.stillpoint.internal.engine.EngineFactory;
import dev.stillpoint.internal.engine.Runner;
import dev.stillpoint.internal.engine.Shared;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.StoppingRule;

/// A device as an engine: everything of a plan is in one session, and one thread, the caller's, feeds it.
final class OpenClFactory implements EngineFactory {
    private final DeviceSession session;
    private final Precision precision;
    private final Tuning tuning;

    OpenClFactory(DeviceSession session, Precision precision, Tunings tunings) {
        this.session = session;
        this.precision = precision;
        tuning = tunings.choose(session.device(), precision);
        if (precision == Precision.F64 && !session.device().fp64()) {
            throw new BackendUnavailableException(
                    session.device().name() + " has no FP64: use the precision f32, or the backend 'cpu'");
        }
    }

    @Override
    public int threads(int asked) {
        return 1;
    }

    @Override
    public int lanes() {
        return tuning.lanes();
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Shared<? extends Runner> runners(StepRecipe recipe, StoppingRule stopping, int patience) {
        check(recipe);
        return new Shared<>(0, () -> new DeviceRunner(session, recipe, stopping, patience, precision, tuning));
    }

    private void check(StepRecipe recipe) {
        if (RecipeTable.needsDouble(recipe, precision) && !session.device().fp64()) {
            throw refusal("the inverse norm, which is computed in FP64, on a device that has none");
        }
        if (recipe.linearised()) {
            throw refusal("adjoint equations");
        }
    }

    @Override
    public Shared<? extends BlockPass> forwards(BlockCourse.Pass pass, int columns) {
        if (pass.blocks().stream().anyMatch(block -> block.triangle() != null)) {
            throw refusal("substitution");
        }
        return new Shared<>(0, () -> new DevicePass(session, pass, columns, precision, tuning));
    }

    private static BackendUnavailableException refusal(String what) {
        return new BackendUnavailableException("the backend 'opencl' does not run %s: use 'cpu'".formatted(what));
    }

    @Override
    public void close() {
        session.close();
    }
}
