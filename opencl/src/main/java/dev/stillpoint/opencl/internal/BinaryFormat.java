package dev.stillpoint.opencl.internal;

import dev.stillpoint.matrix.Precision;

/// The bits of an IEEE 754 format: sign, exponent, fraction, from the high end. Values are held in the low bits
/// of a `long`.
///
/// @param precision the format
/// @param exponentBits width of the exponent
/// @param fractionBits width of the fraction, without the hidden bit
record BinaryFormat(Precision precision, int exponentBits, int fractionBits) {
    /// The format of a precision.
    static BinaryFormat of(Precision precision) {
        return precision == Precision.F32 ? new BinaryFormat(precision, 8, 23) : new BinaryFormat(precision, 11, 52);
    }

    /// The name in messages: `FP32` or `FP64`.
    String label() {
        return precision == Precision.F32 ? "FP32" : "FP64";
    }

    /// What is added to an exponent to store it.
    int bias() {
        return (1 << (exponentBits - 1)) - 1;
    }

    /// The sign bit alone.
    long sign() {
        return 1L << (exponentBits + fractionBits);
    }

    /// The bits of the fraction, all ones.
    long fractionMask() {
        return (1L << fractionBits) - 1;
    }

    /// `2^exponent`, for the exponent of a normal number.
    long powerOfTwo(int exponent) {
        return (long) (exponent + bias()) << fractionBits;
    }

    /// Infinity.
    long infinity() {
        return powerOfTwo(bias() + 1);
    }

    /// The canonical not-a-number.
    long nan() {
        return infinity() | (1L << (fractionBits - 1));
    }

    /// Whether these are the bits of a not-a-number.
    boolean isNan(long bits) {
        return (bits & ~sign()) > infinity();
    }

    /// Whether these are the bits of a number that is neither zero nor normal.
    boolean isSubnormal(long bits) {
        long magnitude = bits & ~sign();
        return magnitude != 0 && magnitude <= fractionMask();
    }

    /// These bits, with the canonical not-a-number for any other.
    long canonical(long bits) {
        return isNan(bits) ? nan() : bits;
    }

    /// The bits in hexadecimal, all digits.
    String hex(long bits) {
        return precision == Precision.F32 ? "%08x".formatted(bits) : "%016x".formatted(bits);
    }
}
