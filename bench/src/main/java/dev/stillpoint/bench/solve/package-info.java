/// Whole solves, timed.
///
/// [BenchmarkProblem][dev.stillpoint.bench.solve.BenchmarkProblem] is the problem and
/// [SolveBenchmark][dev.stillpoint.bench.solve.SolveBenchmark] solves it through the public interface, staging of
/// inputs and writing of states included, for a number of iterations that is known beforehand. Plans are prepared
/// outside the timed part.
@NullMarked
package dev.stillpoint.bench.solve;

import org.jspecify.annotations.NullMarked;
