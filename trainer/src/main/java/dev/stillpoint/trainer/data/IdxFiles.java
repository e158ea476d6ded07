package dev.stillpoint.opencl.internal;

import dev.stillpoint.matrix.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Triples of operands that are hard on arithmetic: every pair of special values, and seeded families around the
/// places where a shortcut goes wrong. The same on every machine; not-a-number is always the canonical one.
final class Operands {
    private static final long SEED = 0x5e1f_7e57L;
    private static final int FAMILY = 200;

    private final BinaryFormat format;
    private final List<long[]> triples;

    private Operands(BinaryFormat format, List<long[]> triples) {
        this.format = format;
        this.triples = triples;
    }

    /// The format.
    BinaryFormat format() {
        return format;
    }

    /// How many triples there are.
    int count() {
        return triples.size();
    }

    /// The bits of operand `which` (0, 1, 2 for `a`, `b`, `c`) of triple `i`.
    long bits(int which, int i) {
        return triples.get(i)[which];
    }

    /// The triples of a precision.
    static Operands of(Precision precision) {
        Builder builder = new Builder(BinaryFormat.of(precision));
        builder.specials();
        for (int i = 0; i < FAMILY; i++) {
            builder.anything();
            builder.nearOne();
            builder.cancelling();
            builder.tinyProduct();
            builder.tinyQuotient();
            builder.nearSquare();
            builder.halfwayToSingle();
        }
        return builder.build();
    }

    private static final class Builder {
        private final BinaryFormat format;
        private final SplittableRandom random = new SplittableRandom(SEED);
        private final List<long[]> triples = new ArrayList<>();

        Builder(BinaryFormat format) {
            this.format = format;
        }

        Operands build() {
            return new Operands(format, List.copyOf(triples));
        }

        private void add(long a, long b, long c) {
            triples.add(new long[] {format.canonical(a), format.canonical(b), format.canonical(c)});
        }

        /// All pairs of zeros, subnormals, the ends of the normal range, neighbours of 1, small integers, the
        /// ends of the integers, infinities and not-a-number.
        void specials() {
            long one = format.powerOfTwo(0);
            long smallest = format.powerOfTwo(1 - format.bias());
            long[] magnitudes = {
                0,
                1,
                2,
                3,
                smallest / 2,
                smallest - 1,
                smallest,
                smallest + 1,
                2 * smallest,
                one - 1,
                one,
                one + 1,
                one + 2,
                format.powerOfTwo(-1),
                format.powerOfTwo(-1) + 1,
                format.powerOfTwo(1),
                format.powerOfTwo(1) | (1L << (format.fractionBits() - 1)),
                format.powerOfTwo(format.fractionBits()) + 1,
                format.powerOfTwo(format.fractionBits() + 1) - 1,
                format.powerOfTwo(30),
                format.infinity() - 1,
                format.infinity(),
                format.nan()
            };
            int n = 2 * magnitudes.length;
            long[] values = new long[n];
            for (int i = 0; i < magnitudes.length; i++) {
                values[2 * i] = magnitudes[i];
                values[2 * i + 1] = magnitudes[i] | format.sign();
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    add(values[i], values[j], values[(5 * i + 11 * j + 3) % n]);
                }
            }
        }

        /// Any bits.
        void anything() {
            long mask = format.sign() | (format.sign() - 1);
            add(random.nextLong() & mask, random.nextLong() & mask, random.nextLong() & mask);
        }

        /// Any fractions, exponents near 0: most quotients and roots that are easy to round wrongly look like this.
        void nearOne() {
            add(scaled(-2, 2), scaled(-2, 2), scaled(-2, 2));
        }

        /// `c` takes away the rounded product: what remains is the rounding error, which only a fused multiply-add
        /// sees.
        void cancelling() {
            long a = scaled(-2, 2);
            long b = scaled(-2, 2);
            long product = Operation.MULTIPLY.apply(format.precision(), a, b, 0);
            add(a, b, product ^ format.sign());
        }

        /// Products and sums at the edge of the subnormals.
        void tinyProduct() {
            int edge = 1 - format.bias();
            int exponent = random.nextInt(edge, 0);
            int other = Math.max(edge, edge - exponent + random.nextInt(-format.fractionBits() - 2, 3));
            long subnormal = random.nextLong() & (format.fractionMask() | format.sign());
            add(scaled(exponent, exponent), scaled(other, other), subnormal);
        }

        /// Quotients at the edge of the subnormals.
        void tinyQuotient() {
            int edge = 1 - format.bias();
            int exponent = random.nextInt(0, format.fractionBits() + 2);
            int dividend = edge + random.nextInt(0, 4);
            add(scaled(dividend, dividend), scaled(exponent, exponent), scaled(edge, edge + 2));
        }

        /// A neighbour of a square, whose root is nearly halfway or nearly exact.
        void nearSquare() {
            long root = scaled(-3, 3);
            long square = Operation.MULTIPLY.apply(format.precision(), root, root, 0);
            add(square + random.nextInt(-1, 2), root, square ^ format.sign());
        }

        /// A neighbour of what is halfway between two FP32 numbers, normal or subnormal there. Nothing special in
        /// FP32.
        void halfwayToSingle() {
            BinaryFormat single = BinaryFormat.of(Precision.F32);
            int dropped = format.fractionBits() - single.fractionBits();
            if (dropped == 0) {
                return;
            }
            int exponent = random.nextBoolean()
                    ? random.nextInt(-3, 4)
                    : 1 - single.bias() - random.nextInt(0, single.fractionBits() + 2);
            int lost = dropped + Math.max(0, 1 - single.bias() - exponent);
            long bits = scaled(exponent, exponent);
            if (lost <= format.fractionBits()) {
                bits = (bits & -(1L << lost)) | (1L << (lost - 1));
            }
            add(bits + random.nextInt(-1, 2), scaled(-1, 1), scaled(-1, 1));
        }

        /// A number of any sign and fraction, with an exponent from `low` to `high`.
        private long scaled(int low, int high) {
            long fraction = random.nextLong() & (format.fractionMask() | format.sign());
            return fraction | format.powerOfTwo(random.nextInt(low, high + 1));
        }
    }
}
