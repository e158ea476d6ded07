package dev.stillpoint.bench.report;

/// What figures mean beside one another.
final class Ratios {
    private Ratios() {}

    /// A measurement with its speed over that of a peer.
    static Measurement ofSpeeds(Measurement measurement, Measurement peer) {
        Double own = measurement.gflops();
        Double other = peer.gflops();
        return own == null || other == null ? measurement : measurement.withRatio(own / other);
    }

    /// A solve of one sample with what it reads a second. Each value of a matrix is read once for the two operations
    /// that are counted for it: the `4 n^2` or `8 n^2` bytes of `A` count with every iteration, those of `B` once.
    ///
    /// @param most what one thread can read a second, in GB/s
    static Measurement ofReads(Measurement solve, double most) {
        Double gflops = solve.gflops();
        return gflops == null
                ? solve
                : solve.withBandwidth(gflops / 2 * solve.precision().bytes(), most);
    }

    /// A call with the bytes that it read and wrote a second.
    ///
    /// @param most what as many threads can read a second, in GB/s
    static Measurement ofBytes(Measurement call, long bytes, double most) {
        Double seconds = call.seconds();
        return seconds == null ? call : call.withBandwidth(1e-9 * bytes / seconds, most);
    }

    /// The time of a batch over the time that as many iterations take in a batch without a straggler.
    static double ofTimes(double seconds, long iterations, double steadySeconds, long steadyIterations) {
        return seconds / (iterations * (steadySeconds / steadyIterations));
    }
}
