package dev.stillpoint.bench.solve;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.bench.micro.Median;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.util.ArrayList;
import java.util.List;

/// Solves a problem with every [Contender] and times those with which every sample converged.
///
/// Timed is the whole solve of a prepared plan on one thread. The solvers take turns, each round begun by
/// another, so that what disturbs the machine for a while disturbs all of them, and the median of each is kept. A
/// turn is two solves, of which the second is timed: a plan in use finds its memory in the caches. Choosing a
/// solver and preparing a plan are not timed.
public final class SolverComparison {
    /// When a sample is done: the rule of the command line with the tolerance 1e-5.
    public static final StoppingRule STOPPING = StoppingRule.mixed(1e-5);

    private static final long WARM_UP_NANOS = 150_000_000;

    private final Backend backend;
    private final int rounds;

    /// A comparison.
    ///
    /// @param rounds turns of each solver, at least 1
    public SolverComparison(Backend backend, int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds is " + rounds + ", expected at least 1");
        }
        this.backend = backend;
        this.rounds = rounds;
    }

    /// A problem, what is proved about it, and what each solver made of it.
    ///
    /// @param problem the problem
    /// @param report what is proved
    /// @param runs a run of each contender, in their order
    public record Row(SolverProblem problem, WellPosednessReport report, List<SolverRun> runs) {
        /// Copies the list.
        public Row {
            runs = List.copyOf(runs);
        }
    }

    /// Compares the solvers on one problem.
    public Row compare(SolverProblem problem, List<Contender> contenders) {
        var equation = problem.equation();
        List<SolverRun> runs = new ArrayList<>();
        List<Timed> timed = new ArrayList<>();
        try {
            for (Contender contender : contenders) {
                SolvePlan plan;
                Solver solver;
                try {
                    solver = contender.solver().apply(equation);
                    plan = backend.prepare(equation, solver, STOPPING, new PlanOptions(problem.precision(), 1));
                } catch (IllegalArgumentException refused) {
                    runs.add(SolverRun.refused(contender.label(), String.valueOf(refused.getMessage())));
                    continue;
                }
                Timed each = new Timed(plan, problem, runs.size(), rounds);
                timed.add(each);
                runs.add(SolverRun.of(contender.label(), solver.label(), plan.solve(problem.inputs())));
            }
            time(timed.stream()
                    .filter(each -> runs.get(each.index).isConverged())
                    .toList());
        } finally {
            timed.forEach(each -> each.plan.close());
        }
        for (Timed each : timed) {
            if (runs.get(each.index).isConverged()) {
                runs.set(each.index, runs.get(each.index).withNanos(each.median()));
            }
        }
        return new Row(problem, WellPosedness.analyse(equation.a(), equation.activation()), runs);
    }

    private void time(List<Timed> timed) {
        for (Timed each : timed) {
            long end = System.nanoTime() + WARM_UP_NANOS;
            do {
                each.solve();
            } while (System.nanoTime() < end);
        }
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < timed.size(); turn++) {
                Timed each = timed.get((turn + round) % timed.size());
                // Brings the plan's memory back into the caches, from which the others have driven it.
                each.solve();
                each.nanos[round] = each.solve();
            }
        }
    }

    private static final class Timed {
        private final SolvePlan plan;
        private final SolveRequest request;
        private final int samples;
        private final int index;
        private final double[] nanos;

        Timed(SolvePlan plan, SolverProblem problem, int index, int rounds) {
            this.plan = plan;
            this.index = index;
            samples = problem.inputs().rows();
            request = SolveRequest.of(problem.inputs())
                    .into(Matrix.zeros(problem.precision(), samples, problem.states()));
            nanos = new double[rounds];
        }

        long solve() {
            long start = System.nanoTime();
            plan.solve(request);
            return System.nanoTime() - start;
        }

        double median() {
            return Median.of(nanos) / samples;
        }
    }
}
