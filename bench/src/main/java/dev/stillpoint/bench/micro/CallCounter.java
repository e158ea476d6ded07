package dev.stillpoint.bench.micro;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What the calls of a benchmark's body took and did, and, apart from the others, the undisturbed ones: those
/// with a calm machine before and after them, see [CalmProbe]. The body counts. The names of the fields are the
/// labels of JMH's results.
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class CallCounter {
    /// Calls.
    public long calls;

    /// What they took, in nanoseconds.
    public long nanos;

    /// Their floating-point operations; a fused multiply-add counts two.
    public long flops;

    /// Undisturbed calls.
    public long calmCalls;

    /// What they took, in nanoseconds.
    public long calmNanos;

    /// Their floating-point operations.
    public long calmFlops;

    /// The highest speed of an undisturbed call, in GFLOP/s.
    public double best;

    /// For JMH.
    public CallCounter() {}
}
