/// What the machine can do at most.
///
/// [FmaPeak][dev.stillpoint.bench.micro.FmaPeak] measures the peak of fused multiply-adds, the figure that every
/// other one is given in per cent of, and [ReadBandwidth][dev.stillpoint.bench.micro.ReadBandwidth] how fast a thread
/// reads an array, for solves of one sample; [FlopCounter][dev.stillpoint.bench.micro.FlopCounter] and
/// [ByteCounter][dev.stillpoint.bench.micro.ByteCounter] let a benchmark count
/// its own work, so that no report has to know its formulas. Benchmarks are driven by JMH, in JVMs of their
/// own.
@NullMarked
package dev.stillpoint.bench.micro;

import org.jspecify.annotations.NullMarked;
