package dev.stillpoint.internal.reference;

import static dev.stillpoint.internal.reference.ExactFunctions.DIGITS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The proximal maps of tanh and sigmoid against the equation that defines them, `G(p) = v` with
/// `G(p) = (1 - alpha) p + alpha phi^-1(p)`. `G` increases, so `G(p - d) <= v <= G(p + d)`, evaluated exactly, says
/// that the error of `p` is at most `d`.
class ScalarProxTest {
    private static final long SEED = 4711;

    /// In units of roundoff relative to `p`: 4 for the last tanh; and for the equation, whose errors count at most
    /// once in `tanh t` and a third in the gap, 4 and 32/3, and 4 for its three operations and the rounding of `t`.
    private static final double TANH_UNITS = 23;

    /// In units of roundoff: 4 for the last sigmoid, 4 for the one in the equation, 4 for its operations; the rounding
    /// of `t` counts `|t|` more, relative to `p`; the reflection 3.
    private static final double SIGMOID_UNITS = 15;

    private static double tanh(Panels width, double alpha, double v) {
        return width == Panels.F32 ? ScalarProxF32.tanh((float) alpha, (float) v) : ScalarProxF64.tanh(alpha, v);
    }

    private static double sigmoid(Panels width, double alpha, double v) {
        return width == Panels.F32 ? ScalarProxF32.sigmoid((float) alpha, (float) v) : ScalarProxF64.sigmoid(alpha, v);
    }

    private static BigDecimal exact(double x) {
        return new BigDecimal(x, DIGITS);
    }

    /// `(1 - alpha) p + alpha inverse`.
    private static BigDecimal left(double alpha, BigDecimal p, BigDecimal inverse) {
        return BigDecimal.ONE
                .subtract(exact(alpha))
                .multiply(p, DIGITS)
                .add(exact(alpha).multiply(inverse, DIGITS), DIGITS);
    }

    private static void checkTanh(Panels width, double alpha, double v) {
        double p = tanh(width, alpha, v);
        BigDecimal d = exact(Math.abs(p) * TANH_UNITS * width.u);
        String message = "%s alpha %s v %s p %s, seed %d".formatted(width, alpha, v, p, SEED);
        BigDecimal low = exact(p).subtract(d);
        BigDecimal high = exact(p).add(d);
        BigDecimal one = BigDecimal.ONE;
        assertTrue(Math.abs(p) <= 1, message);
        if (low.compareTo(one.negate()) > 0) {
            assertTrue(left(alpha, low, ExactFunctions.artanh(low)).compareTo(exact(v)) <= 0, message);
        }
        if (high.compareTo(one) < 0) {
            assertTrue(left(alpha, high, ExactFunctions.artanh(high)).compareTo(exact(v)) >= 0, message);
        }
    }

    private static void checkSigmoid(Panels width, double alpha, double v) {
        double p = sigmoid(width, alpha, v);
        String message = "%s alpha %s v %s p %s, seed %d".formatted(width, alpha, v, p, SEED);
        boolean upper = v > (1 - alpha) / 2;
        double relative = upper ? 1 : p - (p == 0 ? 0 : p * Math.log(p));
        double least = width == Panels.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
        BigDecimal d = exact(SIGMOID_UNITS * width.u * relative).add(exact(least));
        BigDecimal low = exact(p).subtract(d);
        BigDecimal high = exact(p).add(d);
        BigDecimal one = BigDecimal.ONE;
        assertTrue(p >= 0 && p <= 1, message);
        if (low.signum() > 0) {
            BigDecimal inverse = ExactFunctions.log(low.divide(one.subtract(low), DIGITS));
            assertTrue(left(alpha, low, inverse).compareTo(exact(v)) <= 0, message);
        }
        if (high.compareTo(one) < 0) {
            BigDecimal inverse = ExactFunctions.log(high.divide(one.subtract(high), DIGITS));
            assertTrue(left(alpha, high, inverse).compareTo(exact(v)) >= 0, message);
        }
    }

    @ParameterizedTest
    @EnumSource
    void solvesTheEquation(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 2000; i++) {
            double alpha =
                    width.round(i % 3 == 0 ? random.nextDouble(0.05, 3) : Math.exp(random.nextDouble(-13.8, 13.8)));
            double v = width.round(
                    switch (i % 4) {
                        case 0 -> random.nextDouble(-3, 3);
                        case 1 -> Math.exp(random.nextDouble(-40, 10));
                        case 2 -> -Math.exp(random.nextDouble(-40, 5));
                        default -> 1 - Math.exp(random.nextDouble(-30, 0));
                    });
            checkTanh(width, alpha, v);
            checkSigmoid(width, alpha, v);
        }
    }

    @ParameterizedTest
    @EnumSource
    void extremeStepsAndArguments(Panels width) {
        double[] steps = {1e-30, 1e-20, 1e-12, 1e-6, 1 - width.u, 1 + 2 * width.u, 1e6, 1e12, 1e20};
        double[] arguments = {1e-30, 1e-10, 1e-3, 0.25, 0.5, 1 - 4 * width.u, 1, 1 + 4 * width.u, 2, 88, 1e6, 1e30};
        for (double step : steps) {
            double alpha = width.round(step);
            for (double argument : arguments) {
                double v = width.round(argument);
                checkTanh(width, alpha, v);
                checkTanh(width, alpha, -v);
                checkSigmoid(width, alpha, v);
                checkSigmoid(width, alpha, -v);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void specialArguments(Panels width) {
        double largest = width == Panels.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        double least = width == Panels.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
        for (double alpha : new double[] {1e-30, 1e-6, 0.5, 2, 1e6, 1e30}) {
            for (double v : new double[] {Double.POSITIVE_INFINITY, largest}) {
                assertEquals(1.0, tanh(width, alpha, v), () -> "alpha " + alpha);
                assertEquals(-1.0, tanh(width, alpha, -v), () -> "alpha " + alpha);
                assertEquals(1.0, sigmoid(width, alpha, v), () -> "alpha " + alpha);
                assertEquals(0.0, sigmoid(width, alpha, -v), () -> "alpha " + alpha);
            }
            for (double v : new double[] {0.0, -0.0, least, -least, 0x1p-120, -0x1p-120}) {
                assertEquals(v, tanh(width, alpha, v), () -> "alpha " + alpha);
            }
            assertEquals(Double.NaN, tanh(width, alpha, Double.NaN));
            assertEquals(Double.NaN, sigmoid(width, alpha, Double.NaN));
        }
    }

    /// `A = 0`, `b = 2`: the fixed point of `x = tanh(Ax + b)` is `tanh 2`, which forward-backward finds through
    /// `prox_{alpha f}` and would miss with `tanh` itself.
    @ParameterizedTest
    @EnumSource
    void forwardBackwardEndsAtTanh(Panels width) {
        double alpha = 0.5;
        double x = 0;
        for (int i = 0; i < 200; i++) {
            x = tanh(width, alpha, width.round((1 - alpha) * x + alpha * 2));
        }
        // The iteration contracts by at most 1 - alpha; its map is wrong by the units above and two roundings.
        double bound = (TANH_UNITS + 2) * width.u / alpha;
        assertEquals(StrictMath.tanh(2), x, bound);
    }

    @Test
    void sigmoidIsAccurateForSmallResults() {
        // c p + alpha t = v with t = -60: p has a relative error of 60 units, not an absolute one.
        double alpha = 0.5;
        double p = StrictMath.exp(-60);
        double v = Math.fma(alpha, -60, (1 - alpha) * p);
        assertEquals(p, ScalarProxF64.sigmoid(alpha, v), p * 61 * SIGMOID_UNITS * 0x1p-53);
    }
}
