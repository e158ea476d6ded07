package dev.stillpoint.solver;

import java.util.List;
import java.util.stream.Collectors;

/// Several solvers, one after the other, sample by sample. A sample begins with the first; where its progress
/// stalls, and where it diverges, it goes on with the next, from the state with the least residual that it has
/// had. The iterations of all legs count together, up to the limit of the stopping rule.
///
/// Progress stalls where the least residual seen has not halved in `patience` iterations, counted from the leg's
/// first test and rounded up to whole check intervals. When a sample leaves, and which way it goes, depends on
/// that sample alone. [SolveResult#leg] says which leg a sample's state comes from.
///
/// @param legs at least one; all but the last have a patience
public record Course(List<Leg> legs) implements Solver {
    /// A part of the course.
    ///
    /// @param solver the solver
    /// @param patience iterations in which the residual has to halve, positive, or [#TO_THE_END]
    public record Leg(Solver solver, int patience) {
        /// The patience of the last leg.
        public static final int TO_THE_END = 0;

        /// Checks the parameters.
        ///
        /// @throws IllegalArgumentException when the patience is negative, or the solver cannot be a leg
        public Leg {
            if (patience < 0) {
                throw new IllegalArgumentException("patience is " + patience + ", expected at least 0");
            }
            if (solver instanceof Course || solver instanceof BackwardSubstitution) {
                throw new IllegalArgumentException(solver.name() + " cannot be a leg of a course");
            }
        }
    }

    /// Checks the legs.
    ///
    /// @throws IllegalArgumentException when there is none, or not all but the last have a patience
    public Course {
        legs = List.copyOf(legs);
        if (legs.isEmpty()) {
            throw new IllegalArgumentException("a course has at least one leg");
        }
        for (int i = 0; i < legs.size(); i++) {
            boolean last = i == legs.size() - 1;
            if (last != (legs.get(i).patience() == Leg.TO_THE_END)) {
                throw new IllegalArgumentException(
                        last ? "the last leg of a course has a patience" : "leg " + i + " of a course has no patience");
            }
        }
    }

    @Override
    public String name() {
        return "course";
    }

    @Override
    public String label() {
        return legs.stream().map(leg -> leg.solver().label()).collect(Collectors.joining(", then "));
    }
}
