/// Whole solves, timed.
///
/// [BenchmarkProblem][dev.stillpoint.bench.solve.BenchmarkProblem] is the problem, in the words of the validation
/// suite, for what is timed is what was verified; [SolveBenchmark][dev.stillpoint.bench.solve.SolveBenchmark]
/// solves it through the public interface, staging of inputs and writing of states included, for a known number of
/// iterations. [StragglerBenchmark][dev.stillpoint.bench.solve.StragglerBenchmark] solves a batch whose last sample
/// takes many more iterations than the others, and [LayersBenchmark][dev.stillpoint.bench.solve.LayersBenchmark] a
/// feed-forward network whose layers were found in one triangular matrix.
/// [ProjectionBenchmark][dev.stillpoint.bench.solve.ProjectionBenchmark] is the projection that keeps a model in
/// training well-posed. [CertifyBenchmark][dev.stillpoint.bench.solve.CertifyBenchmark]
/// solves with and without a certificate, in turn. Data are made and plans prepared outside the timed part.
///
/// [SolverComparison][dev.stillpoint.bench.solve.SolverComparison] is no JMH benchmark: it solves the
/// [SolverProblems][dev.stillpoint.bench.solve.SolverProblems], each by every
/// [Contender][dev.stillpoint.bench.solve.Contender], for iterations and residuals first and times beside them. A new
/// solver is a line in `Contender`, a new problem one in `SolverProblems`.
@NullMarked
package dev.stillpoint.bench.solve;

import org.jspecify.annotations.NullMarked;
