/// Problems in one line: one description for validation and for benchmarks, so that what is timed is what was
/// verified, and for reports, so that a failure is reproduced from one line.
///
/// [ProblemSpec][dev.stillpoint.validation.problem.ProblemSpec] is the grammar; it generates a
/// [Problem][dev.stillpoint.validation.problem.Problem], the same bits on every machine, whose
/// [Verifier][dev.stillpoint.validation.problem.Verifier] holds an engine's results against the references.
///
/// Everything is immutable, but for the generator of random numbers, and may be used from any thread.
package dev.stillpoint.validation.problem;
