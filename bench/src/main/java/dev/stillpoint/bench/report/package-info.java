/// From benchmarks to figures that can be compared.
///
/// [BenchmarkRun][dev.stillpoint.bench.report.BenchmarkRun] measures what
/// [RunSettings][dev.stillpoint.bench.report.RunSettings] asks for and gives a
/// [Measurement][dev.stillpoint.bench.report.Measurement] each, in per cent of the peak that the same run measured;
/// [TableReport][dev.stillpoint.bench.report.TableReport] and [JsonReport][dev.stillpoint.bench.report.JsonReport]
/// write them, stamped with the [Machine][dev.stillpoint.bench.report.Machine]. All but the run itself are values; a
/// run belongs to one thread, and only one run of a machine at a time means anything.
/// [SolverTable][dev.stillpoint.bench.report.SolverTable] is the page about the comparison of solvers.
@NullMarked
package dev.stillpoint.bench.report;

import org.jspecify.annotations.NullMarked;
