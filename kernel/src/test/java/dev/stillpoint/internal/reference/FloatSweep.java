package dev.stillpoint.internal.reference;

import java.util.List;

/// Compares a single-precision function with a double-precision reference over the numbers of a range, in order.
///
/// `main` takes all 2^32 arguments of each function (`exp`, `expm1`, `tanh`, `sigmoid`, or those named) and prints the
/// largest error and whether the function is monotone; it takes minutes.
public final class FloatSweep {
    /// A single-precision function.
    @FunctionalInterface
    interface Function {
        float at(float x);
    }

    /// Its reference, with an error that does not count.
    @FunctionalInterface
    interface Reference {
        double at(double x);
    }

    /// A function, its reference and its largest argument.
    record Case(String name, Function function, Reference reference, float last) {
        static final List<Case> ALL = List.of(
                new Case("exp", ElementaryF32::exp, StrictMath::exp, Float.POSITIVE_INFINITY),
                new Case("expm1", ElementaryF32::expm1, StrictMath::expm1, 0),
                new Case("tanh", ElementaryF32::tanh, StrictMath::tanh, Float.POSITIVE_INFINITY),
                new Case("sigmoid", ElementaryF32::sigmoid, FloatSweep::sigmoid, Float.POSITIVE_INFINITY));

        /// Every `stride`-th argument.
        Result sweep(int stride) {
            return FloatSweep.sweep(function, reference, last, stride);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// What a sweep found.
    ///
    /// @param arguments arguments compared
    /// @param ulps largest error, in units in the last place of the exact result
    /// @param at its argument
    /// @param reversals how often a larger argument had a smaller result
    /// @param reversedAt the last such argument
    record Result(long arguments, double ulps, float at, long reversals, float reversedAt) {}

    /// Where single precision rounds to infinity; stands for it.
    private static final double OVERFLOW = 0x1p128;

    private FloatSweep() {}

    private static Result sweep(Function function, Reference reference, float last, int stride) {
        long arguments = 0;
        long reversals = 0;
        double worst = 0;
        float at = 0;
        float reversedAt = Float.NaN;
        float previous = Float.NEGATIVE_INFINITY;
        // In the order of the numbers: negative ones from -Infinity up to -0, then the others.
        long infinity = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
        for (long i = -infinity - 1; i <= infinity; i += stride) {
            float x = Float.intBitsToFloat(i < 0 ? (int) (-i - 1) | Integer.MIN_VALUE : (int) i);
            if (x > last) {
                break;
            }
            float y = function.at(x);
            double exact = Math.min(reference.at(x), OVERFLOW);
            double value = Math.min(y, OVERFLOW);
            double unit = Math.scalb(1.0, Math.clamp(Math.getExponent(exact), -126, 127) - 23);
            double error = Math.abs(value - exact) / unit;
            if (!(error <= worst)) {
                worst = error;
                at = x;
            }
            if (y < previous) {
                reversals++;
                reversedAt = x;
            }
            previous = y;
            arguments++;
        }
        return new Result(arguments, worst, at, reversals, reversedAt);
    }

    private static double sigmoid(double x) {
        double z = StrictMath.exp(-Math.abs(x));
        return (x < 0 ? z : 1) / (1 + z);
    }

    /// Sweeps all arguments.
    public static void main(String[] names) {
        for (Case function : Case.ALL) {
            if (names.length == 0 || List.of(names).contains(function.name())) {
                System.out.println(function + " " + function.sweep(1));
            }
        }
    }
}
