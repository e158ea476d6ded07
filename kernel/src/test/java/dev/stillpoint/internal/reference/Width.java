package dev.stillpoint.internal.reference;

import java.math.BigDecimal;
import java.util.random.RandomGenerator;

/// One of the two formats, with its elementary functions, as seen through `double`: every value of the format is one.
enum Width {
    F32(24, -126, 127, Float.MIN_VALUE, Float.MAX_VALUE) {
        @Override
        double exp(double x) {
            return ElementaryF32.exp((float) x);
        }

        @Override
        double expm1(double x) {
            return ElementaryF32.expm1((float) x);
        }

        @Override
        double tanh(double x) {
            return ElementaryF32.tanh((float) x);
        }

        @Override
        double tanhGap(double x) {
            return ElementaryF32.tanhGap((float) x, ElementaryF32.tanh((float) x));
        }

        @Override
        double sigmoid(double x) {
            return ElementaryF32.sigmoid((float) x);
        }

        @Override
        double round(double x) {
            return (float) x;
        }

        @Override
        double randomBits(RandomGenerator random) {
            return Float.intBitsToFloat(random.nextInt());
        }

        @Override
        double nextUp(double x) {
            return Math.nextUp((float) x);
        }
    },
    F64(53, -1022, 1023, Double.MIN_VALUE, Double.MAX_VALUE) {
        @Override
        double exp(double x) {
            return ElementaryF64.exp(x);
        }

        @Override
        double expm1(double x) {
            return ElementaryF64.expm1(x);
        }

        @Override
        double tanh(double x) {
            return ElementaryF64.tanh(x);
        }

        @Override
        double tanhGap(double x) {
            return ElementaryF64.tanhGap(x, ElementaryF64.tanh(x));
        }

        @Override
        double sigmoid(double x) {
            return ElementaryF64.sigmoid(x);
        }

        @Override
        double round(double x) {
            return x;
        }

        @Override
        double randomBits(RandomGenerator random) {
            return Double.longBitsToDouble(random.nextLong());
        }

        @Override
        double nextUp(double x) {
            return Math.nextUp(x);
        }
    };

    /// Bits of the significand, exponents of the least and the largest normal number, least and largest value.
    final int digits;

    final int minExponent;
    final int maxExponent;
    final double least;
    final double largest;

    Width(int digits, int minExponent, int maxExponent, double least, double largest) {
        this.digits = digits;
        this.minExponent = minExponent;
        this.maxExponent = maxExponent;
        this.least = least;
        this.largest = largest;
    }

    abstract double exp(double x);

    abstract double expm1(double x);

    abstract double tanh(double x);

    abstract double tanhGap(double x);

    abstract double sigmoid(double x);

    abstract double round(double x);

    abstract double randomBits(RandomGenerator random);

    abstract double nextUp(double x);

    double nextDown(double x) {
        return -nextUp(-x);
    }

    /// The error of `y`, in units in the last place of `exact`. The power of two after the largest value, where values
    /// round to infinity, stands for infinity and for all that is larger.
    double ulps(double y, BigDecimal exact) {
        if (Double.isNaN(y)) {
            return Double.POSITIVE_INFINITY;
        }
        if (exact.signum() == 0) {
            return y == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        BigDecimal overflow = power(maxExponent + 1);
        BigDecimal size = exact.abs().min(overflow);
        double rounded = size.doubleValue();
        int exponent = rounded < Double.MIN_NORMAL ? -1022 : Math.min(Math.getExponent(rounded), maxExponent);
        if (size.compareTo(power(exponent)) < 0) {
            exponent--;
        }
        int unit = Math.max(exponent, minExponent) - digits + 1;
        BigDecimal value = Double.isInfinite(y) ? overflow : new BigDecimal(y * exact.signum(), ExactFunctions.DIGITS);
        return value.subtract(size)
                .divide(power(unit), ExactFunctions.DIGITS)
                .abs()
                .doubleValue();
    }

    private static BigDecimal power(int exponent) {
        return ExactFunctions.power(exponent);
    }
}
