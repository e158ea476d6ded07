/// Benchmarks, in per cent of what the machine can do.
///
/// [BenchMain][dev.stillpoint.bench.BenchMain] measures the machine's peak and whole solves in one run and prints a
/// table; the packages below hold the benchmarks and the report. Every measurement is made by JMH in a JVM of its
/// own.
@NullMarked
package dev.stillpoint.bench;

import org.jspecify.annotations.NullMarked;
