package dev.stillpoint.wellposed;

import dev.stillpoint.solver.Solver;

/// A solver and why it was chosen.
///
/// @param solver the solver
/// @param reason one line for humans
public record SolverChoice(Solver solver, String reason) {}
