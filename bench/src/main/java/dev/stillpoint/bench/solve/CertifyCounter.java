package dev.stillpoint.bench.solve;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What the rounds of [CertifyBenchmark] took, in nanoseconds. The names of the fields are the labels of JMH's
/// results.
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class CertifyCounter {
    /// Rounds.
    public long rounds;

    /// Solves of the smaller fixed number of iterations.
    public long fewNanos;

    /// Solves of the larger one.
    public long manyNanos;

    /// Solves to convergence.
    public long plainNanos;

    /// The same with a certificate.
    public long certifiedNanos;

    /// Iterations of the samples of solves to convergence.
    public long iterations;

    /// Making the certificate, once for each round though it is made once.
    public long certificateNanos;

    /// For JMH.
    public CertifyCounter() {}
}
