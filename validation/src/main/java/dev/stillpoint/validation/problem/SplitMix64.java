package dev.stillpoint.validation.problem;

/// The generator SplitMix64, written out so that a seed means the same problem on every Java: a 64-bit counter
/// with an odd increment, and a finaliser that mixes it. Source: Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", OOPSLA 2014, figure 13 (finaliser: variant 13 of Stafford).
///
/// Mutable, for one thread.
public final class SplitMix64 {
    private static final long INCREMENT = 0x9E3779B97F4A7C15L;
    private static final int PIECE_BITS = 21;
    private static final long PIECE_MASK = (1L << PIECE_BITS) - 1;
    private static final double CENTRE = 3 * PIECE_MASK / 2.0;

    private long state;

    /// The generator of `seed`.
    public SplitMix64(long seed) {
        state = seed;
    }

    /// The generator of a named stream of `seed`. Each letter of a problem has its own, so that its values do not
    /// depend on the sizes of the others.
    public static SplitMix64 stream(long seed, char name) {
        return new SplitMix64(new SplitMix64(seed).nextLong() + name);
    }

    /// The next 64 bits.
    public long nextLong() {
        state += INCREMENT;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// The next number in [0, 1): a multiple of `2^-53`.
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /// The next whole number in [0, bound), from the upper bits of a product; the bias is below `bound * 2^-53`.
    public int nextInt(int bound) {
        return (int) (nextDouble() * bound);
    }

    /// The next bell-shaped number: mean 0, variance 1 (less `2^-42`), in (-3, 3), symmetric, never 0.
    ///
    /// The sum of three uniform numbers of 21 bits, centred: a normal distribution would need a logarithm, and
    /// thereby its rounding.
    public double nextBell() {
        long bits = nextLong();
        long sum =
                (bits & PIECE_MASK) + ((bits >>> PIECE_BITS) & PIECE_MASK) + ((bits >>> (2 * PIECE_BITS)) & PIECE_MASK);
        return (sum - CENTRE) * 0x1p-20;
    }
}
