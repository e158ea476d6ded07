package dev.stillpoint.internal.engine;

import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import java.util.List;
import java.util.function.Function;

/// A solver of a [Course], compiled; or the only one where the solver is no course.
///
/// @param recipe its iteration
/// @param patience iterations in which the residual has to halve, or 0
public record Leg(StepRecipe recipe, int patience) {
    /// The legs of a solver on a problem.
    ///
    /// @throws IllegalArgumentException when one of them cannot solve it
    public static List<Leg> compile(FixedPointProblem problem, Solver solver) {
        return legs(solver, each -> StepRecipe.compile(problem, each));
    }

    /// The legs of a solver on an adjoint equation, of which `problem` has the operators.
    ///
    /// @throws IllegalArgumentException when one of them cannot solve it
    public static List<Leg> compileAdjoint(FixedPointProblem problem, Solver solver) {
        return legs(solver, each -> StepRecipe.compileAdjoint(problem, each));
    }

    private static List<Leg> legs(Solver solver, Function<Solver, StepRecipe> recipe) {
        return solver instanceof Course(var legs)
                ? legs.stream()
                        .map(leg -> new Leg(recipe.apply(leg.solver()), leg.patience()))
                        .toList()
                : List.of(new Leg(recipe.apply(solver), Course.Leg.TO_THE_END));
    }
}
