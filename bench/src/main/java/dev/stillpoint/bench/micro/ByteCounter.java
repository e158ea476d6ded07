package dev.stillpoint.bench.micro;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// The bytes that a benchmark's body read, counted by the body itself: in GB/s where the unit of time is the
/// nanosecond, as [FlopCounter] is in GFLOP/s.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class ByteCounter {
    /// Bytes since JMH last set it to zero. Its name is the label of JMH's result.
    public long bytes;

    /// For JMH.
    public ByteCounter() {}
}
