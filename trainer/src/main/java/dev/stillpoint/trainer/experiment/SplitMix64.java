package dev.stillpoint.trainer.experiment;

/// The SplitMix64 generator: the same numbers for a seed on every platform and in every release.
///
/// The state advances by `0x9e3779b97f4a7c15`, and is mixed by two multiply-xorshift rounds. Not for cryptography. Not
/// safe for use by several threads. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014, with Stafford's variant 13 of the mixing function.
public final class SplitMix64 {
    private long state;

    /// A generator.
    ///
    /// @param seed any number; equal seeds give equal sequences
    public SplitMix64(long seed) {
        state = seed;
    }

    /// The next 64 bits.
    public long nextLong() {
        state += 0x9e3779b97f4a7c15L;
        long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /// The next number, uniform on the multiples of `2^-53` in [0, 1).
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /// The next number, uniform between `low` and `high`.
    public double nextDouble(double low, double high) {
        return low + (high - low) * nextDouble();
    }
}
