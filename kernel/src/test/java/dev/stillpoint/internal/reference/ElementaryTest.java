package dev.stillpoint.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.internal.reference.FloatSweep.Case;
import dev.stillpoint.internal.reference.FloatSweep.Result;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The elementary functions against exact arithmetic. Errors are in units in the last place of the exact result; the
/// bounds are those of the rounding analysis in the functions' documentation.
class ElementaryTest {
    private static final long SEED = 20260117;
    private static final double LN_2 = StrictMath.log(2);

    /// A function, its exact counterpart on `[low, high]`, and the bound of its error.
    private record Subject(
            String name,
            DoubleUnaryOperator function,
            UnaryOperator<BigDecimal> exact,
            double low,
            double high,
            double bound) {

        void check(Width width, double x, String where) {
            if (!(x >= low && x <= high)) {
                return;
            }
            double ulps = width.ulps(function.applyAsDouble(x), exact.apply(new BigDecimal(x, ExactFunctions.DIGITS)));
            assertTrue(
                    ulps < bound,
                    () -> "%s %s(%s) = %s is wrong by %s ulp (%s)"
                            .formatted(width, name, Double.toHexString(x), function.applyAsDouble(x), ulps, where));
        }
    }

    /// The ranges end where the result is infinite, 0 or 1 beyond doubt; [#saturates] looks there.
    private static List<Subject> subjects(Width width) {
        return List.of(
                new Subject("exp", width::exp, ExactFunctions::exp, -800, 720, 1),
                new Subject("expm1", width::expm1, ExactFunctions::expm1, -800, 0, 2),
                new Subject("tanh", width::tanh, ExactFunctions::tanh, -width.largest, width.largest, 2),
                new Subject("tanhGap", width::tanhGap, ExactFunctions::tanhGap, 0, 100, 16),
                new Subject("sigmoid", width::sigmoid, ExactFunctions::sigmoid, -800, 800, 2));
    }

    @ParameterizedTest
    @EnumSource
    void randomBitPatterns(Width width) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Subject> subjects = subjects(width);
        for (int i = 0; i < 4000; i++) {
            double bits = width.randomBits(random);
            double uniform = width.round(random.nextDouble(-30, 30));
            double wide = width.round(random.nextDouble(-750, 720));
            double close = width.round(random.nextDouble(-1, 1));
            for (Subject subject : subjects) {
                subject.check(width, bits, "seed " + SEED);
                subject.check(width, uniform, "seed " + SEED);
                subject.check(width, wide, "seed " + SEED);
                subject.check(width, close, "seed " + SEED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyExponent(Width width) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (Subject subject : subjects(width)) {
            for (int e = width.minExponent - width.digits + 1; e <= width.maxExponent; e++) {
                double power = Math.scalb(1.0, e);
                for (double x : new double[] {
                    power, width.nextDown(power), width.nextUp(power), width.round(power * random.nextDouble(1, 2))
                }) {
                    subject.check(width, x, "exponent " + e);
                    subject.check(width, -x, "exponent " + e);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void reductionBoundaries(Width width) {
        for (Subject subject : subjects(width)) {
            for (int k = -2200; k <= 2100; k += k < -240 || k > 240 ? 7 : 1) {
                double x = width.round(k * (LN_2 / 2));
                double half = width.round(k * (LN_2 / 4));
                for (double near : new double[] {
                    x, width.nextDown(x), width.nextUp(x), half, width.nextDown(half), width.nextUp(half)
                }) {
                    subject.check(width, near, "k = " + k);
                }
            }
            for (double small : new double[] {0.625, width.nextDown(0.625), width.nextUp(0.625)}) {
                subject.check(width, small, "the end of the series");
                subject.check(width, -small, "the end of the series");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void overflowAndUnderflow(Width width) {
        // The neighbours of the largest argument whose exponential is finite, and of the ends of the subnormal range.
        double log = StrictMath.log(2);
        double high = (width.maxExponent + 1) * log;
        double subnormal = width.minExponent * log;
        double low = (width.minExponent - width.digits) * log;
        for (Subject subject : subjects(width)) {
            for (double edge : new double[] {high, subnormal, low, low + log}) {
                double x = width.round(edge);
                for (int i = 0; i < 40; i++) {
                    x = width.nextDown(x);
                }
                for (int i = 0; i < 80; i++) {
                    subject.check(width, x, "edge " + edge);
                    subject.check(width, -x, "edge " + edge);
                    x = width.nextUp(x);
                }
            }
        }
        assertEquals(Double.POSITIVE_INFINITY, width.exp(width.round(high + 1e-4)));
        assertTrue(width.exp(width.round(high - 1e-4)) <= width.largest);
        assertEquals(0.0, width.exp(width.round(low - 1e-4)));
        assertEquals(width.least, width.exp(width.round(low + 1e-4)));
        assertEquals(width.least, width.sigmoid(width.round(low + 1e-4)));
    }

    @ParameterizedTest
    @EnumSource
    void saturates(Width width) {
        for (double x : new double[] {800, 1e6, 1e38, width.largest, Double.POSITIVE_INFINITY}) {
            double large = width.round(x);
            assertEquals(Double.POSITIVE_INFINITY, width.exp(large));
            assertEquals(0.0, width.exp(-large));
            assertEquals(-1.0, width.expm1(-large));
            assertEquals(1.0, width.tanh(large));
            assertEquals(-1.0, width.tanh(-large));
            assertEquals(1.0, width.sigmoid(large));
            assertEquals(0.0, width.sigmoid(-large));
        }
    }

    @ParameterizedTest
    @EnumSource
    void zerosAndTinyArguments(Width width) {
        for (double zero : new double[] {0.0, -0.0}) {
            assertEquals(1.0, width.exp(zero));
            assertEquals(zero, width.tanh(zero));
            assertEquals(0.5, width.sigmoid(zero));
            assertEquals(0.0, width.expm1(zero));
        }
        for (int e = width.minExponent - width.digits + 1; e < -width.digits / 2 - 1; e++) {
            double x = Math.scalb(1.0, e);
            assertEquals(x, width.tanh(x));
            assertEquals(-x, width.tanh(-x));
            double y = width.nextUp(width.nextUp(x));
            assertEquals(y, width.tanh(y));
        }
    }

    @ParameterizedTest
    @EnumSource
    void notANumber(Width width) {
        assertEquals(Double.NaN, width.exp(Double.NaN));
        assertEquals(Double.NaN, width.expm1(Double.NaN));
        assertEquals(Double.NaN, width.tanh(Double.NaN));
        assertEquals(Double.NaN, width.tanhGap(Double.NaN));
        assertEquals(Double.NaN, width.sigmoid(Double.NaN));
    }

    @Test
    void notANumberOfAnyPayload() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 10_000; i++) {
            int payload = random.nextInt(1, 1 << 23);
            float x = Float.intBitsToFloat((random.nextBoolean() ? 0xff800000 : 0x7f800000) | payload);
            double y = Double.longBitsToDouble(
                    (random.nextBoolean() ? 0xfffL : 0x7ffL) << 52 | random.nextLong(1, 1L << 52));
            assertTrue(Float.isNaN(ElementaryF32.exp(x)) && Double.isNaN(ElementaryF64.exp(y)));
            assertTrue(Float.isNaN(ElementaryF32.expm1(x)) && Double.isNaN(ElementaryF64.expm1(y)));
            assertTrue(Float.isNaN(ElementaryF32.tanh(x)) && Double.isNaN(ElementaryF64.tanh(y)));
            assertTrue(Float.isNaN(ElementaryF32.sigmoid(x)) && Double.isNaN(ElementaryF64.sigmoid(y)));
        }
    }

    @Test
    void tanhIsOdd() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 100_000; i++) {
            float x = Float.intBitsToFloat(random.nextInt() & Integer.MAX_VALUE);
            double y = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
            assertEquals(-ElementaryF32.tanh(x), ElementaryF32.tanh(-x), () -> "tanh(" + x + ")");
            assertEquals(-ElementaryF64.tanh(y), ElementaryF64.tanh(-y), () -> "tanh(" + y + ")");
        }
    }

    private static List<Case> cases() {
        return Case.ALL;
    }

    /// The whole range of single precision in strides. The limits are the figures that the full sweep found, rounded
    /// up; they are far inside of the bounds and notice a change of a single operation.
    @ParameterizedTest
    @MethodSource("cases")
    void singlePrecisionSweep(Case function) {
        Result found = function.sweep(2503);
        double limit = switch (function.name()) {
            case "exp" -> 0.78;
            case "expm1" -> 1.25;
            case "tanh" -> 1.40;
            default -> 1.50;
        };
        assertTrue(found.ulps() < limit, () -> function + " " + found);
        if (!function.name().equals("expm1")) {
            assertEquals(0, found.reversals(), () -> function + " " + found);
        }
    }
}
