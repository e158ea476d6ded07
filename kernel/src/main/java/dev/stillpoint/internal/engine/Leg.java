package dev.stillpoint.internal.engine;

import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import java.util.List;

/// A solver of a [Course], compiled; or the only one where the solver is no course.
///
/// @param recipe its iteration
/// @param patience iterations in which the residual has to halve, or 0
public record Leg(StepRecipe recipe, int patience) {
    /// The legs of a solver on a problem.
    ///
    /// @throws IllegalArgumentException when one of them cannot solve it
    public static List<Leg> compile(FixedPointProblem problem, Solver solver) {
        return solver instanceof Course(var legs)
                ? legs.stream()
                        .map(leg -> new Leg(StepRecipe.compile(problem, leg.solver()), leg.patience()))
                        .toList()
                : List.of(new Leg(StepRecipe.compile(problem, solver), Course.Leg.TO_THE_END));
    }
}
