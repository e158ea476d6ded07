package dev.stillpoint.bench.solve;

import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.wellposed.SolverAdvisor;
import java.util.List;
import java.util.function.Function;

/// A solver of the comparison, as it is for somebody who gives its name and nothing else, or the one parameter that
/// stands behind the colon.
///
/// Sequential averaging is not among them: it chooses among many fixed points and is not made to reach one soon.
///
/// @param label its name in the table
/// @param solver the solver for an equation; an [IllegalArgumentException] refuses it
public record Contender(String label, Function<FixedPointProblem, Solver> solver) {
    /// The label of the one that chooses for itself.
    public static final String AUTO = "auto";

    /// All of them, in the order of the table's columns, [#AUTO] last.
    public static List<Contender> all() {
        return List.of(
                new Contender("picard", _ -> Solver.picard()),
                new Contender("picard:0.5", _ -> Solver.picard(0.5)),
                new Contender("anderson", _ -> Solver.anderson()),
                new Contender("anderson:50", _ -> Solver.anderson(50)),
                new Contender("broyden", _ -> Solver.broyden()),
                new Contender("newton", _ -> Solver.newton()),
                new Contender("backward-substitution", _ -> Solver.substitution()),
                new Contender(
                        "forward-backward",
                        problem -> SolverAdvisor.forwardBackward(problem.a(), problem.activation())
                                .solver()),
                new Contender(
                        "peaceman-rachford",
                        problem -> SolverAdvisor.peacemanRachford(problem.a(), problem.activation())
                                .solver()),
                new Contender(
                        "douglas-rachford",
                        problem -> SolverAdvisor.douglasRachford(problem.a(), problem.activation())
                                .solver()),
                new Contender(
                        AUTO,
                        problem -> SolverAdvisor.recommend(problem.a(), problem.activation())
                                .solver()));
    }
}
