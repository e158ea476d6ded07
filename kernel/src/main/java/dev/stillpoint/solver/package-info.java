/// Problems, solvers, stopping rules and results, all of them values.
///
/// A [FixedPointProblem][dev.stillpoint.solver.FixedPointProblem] says which equation, a
/// [Solver][dev.stillpoint.solver.Solver] by which method, a [StoppingRule][dev.stillpoint.solver.StoppingRule] how
/// far; a backend makes a plan of the three, and the plan returns a
/// [SolveResult][dev.stillpoint.solver.SolveResult]. Nothing here computes or holds a thread.
package dev.stillpoint.solver;
