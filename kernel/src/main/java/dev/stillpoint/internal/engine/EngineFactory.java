package dev.stillpoint.internal.engine;

import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.solver.BackwardSubstitution;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.List;

/// An engine in one precision: packs what the threads of a plan share, and makes what each has of its own. What
/// it holds beside Java's memory is given back when the plan is closed that it was made for.
public interface EngineFactory extends AutoCloseable {
    /// How many threads work on a solve.
    ///
    /// @param asked what the options of the plan say
    default int threads(int asked) {
        return asked;
    }

    @Override
    default void close() {}

    /// Lanes of a panel at least.
    int lanes();

    /// The precision.
    Precision precision();

    /// Packs a recipe; what is supplied are runners, one for a thread.
    ///
    /// @param patience iterations in which the residual of a sample has to halve, or 0
    Shared<? extends Runner> runners(StepRecipe recipe, StoppingRule stopping, int patience);

    /// Packs a pass; what is supplied are what makes it, one for a thread.
    ///
    /// @param columns values `(x, u)` of a sample
    Shared<? extends BlockPass> forwards(BlockCourse.Pass pass, int columns);

    /// Packs the adjoint equation of which `problem` has the operators; what is supplied are runners, one for a
    /// thread.
    default Shared<? extends Worker> adjoints(FixedPointProblem problem, Solver solver, StoppingRule stopping) {
        return runners(Leg.compileAdjoint(problem, solver), stopping);
    }

    /// Packs a problem; what is supplied are workers, one for a thread. A block triangular problem is solved
    /// block after block, a triangular one by substitution where that is the solver.
    default Shared<? extends Worker> workers(FixedPointProblem problem, Solver solver, StoppingRule stopping) {
        if (solver instanceof BackwardSubstitution) {
            return workers(Substitution.compile(problem, precision()), stopping.withMaxIterations(1));
        }
        if (!(problem.a() instanceof BlockTriangularOperator a)) {
            return runners(Leg.compile(problem, solver), stopping);
        }
        return workers(BlockCourse.compile(problem, a, solver), stopping);
    }

    /// Packs the legs of a course, all at once.
    private Shared<Runner> course(List<Leg> legs, StoppingRule stopping) {
        int n = legs.getFirst().recipe().operator().rows();
        int p = legs.getFirst().recipe().inputValues();
        List<Shared<? extends Runner>> packed = legs.stream()
                .<Shared<? extends Runner>>map(leg -> runners(leg.recipe(), stopping, leg.patience()))
                .toList();
        long bytes = packed.stream().mapToLong(Shared::bytes).sum();
        return new Shared<>(
                bytes,
                switch (precision()) {
                    case F32 -> () -> new CourseRunnerF32(make(packed), n, p, stopping.maxIterations(), lanes());
                    case F64 -> () -> new CourseRunnerF64(make(packed), n, p, stopping.maxIterations(), lanes());
                });
    }

    private static List<Runner> make(List<Shared<? extends Runner>> packed) {
        return packed.stream().<Runner>map(Shared::make).toList();
    }

    private Shared<? extends Runner> runners(List<Leg> legs, StoppingRule stopping) {
        return legs.size() == 1 ? runners(legs.getFirst().recipe(), stopping, 0) : course(legs, stopping);
    }

    private Shared<? extends Worker> workers(BlockCourse course, StoppingRule stopping) {
        StoppingRule own = course.stopping(stopping);
        int columns = course.n() + course.p();
        List<PackedStage> stages = course.stages().stream()
                .<PackedStage>map(stage -> switch (stage) {
                    case BlockCourse.Implicit block -> new PackedStage.Block(block, runners(block.legs(), own));
                    case BlockCourse.Check(var recipe) -> new PackedStage.Check(runners(recipe, stopping, 0));
                    case BlockCourse.Pass pass -> new PackedStage.Pass(pass, forwards(pass, columns));
                })
                .toList();
        long bytes = stages.stream().mapToLong(PackedStage::bytes).sum();
        if (stages.size() == 1 && stages.getFirst() instanceof PackedStage.Pass(var _, var panels)) {
            int values = Math.max(course.n(), course.p());
            return new Shared<Worker>(
                    bytes,
                    switch (precision()) {
                        case F32 -> () -> new ForwardWorkerF32(panels.make(), values);
                        case F64 -> () -> new ForwardWorkerF64(panels.make(), values);
                    });
        }
        return new Shared<Worker>(
                bytes,
                switch (precision()) {
                    case F32 -> () -> new BlockWorkerF32(course, stages, lanes());
                    case F64 -> () -> new BlockWorkerF64(course, stages, lanes());
                });
    }
}
