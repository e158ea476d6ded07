package dev.stillpoint.bench.micro;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// The floating-point operations that a benchmark's body did, counted by the body itself.
///
/// JMH divides the count by the time and adds threads up. A throughput benchmark whose unit of time is the
/// nanosecond thus reports GFLOP/s under the name of the field. A fused multiply-add counts two.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class FlopCounter {
    /// Operations since JMH last set it to zero. Its name is the label of JMH's result.
    public long flops;

    /// For JMH.
    public FlopCounter() {}
}
