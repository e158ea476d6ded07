package dev.stillpoint.internal.reference;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/// Compares the double-precision functions with exact arithmetic at random arguments and prints the largest error of
/// each; half of the arguments are uniform on a range, half have uniform bits within it (all uniform on short ranges).
public final class DoubleSample {
    private static final long SEED = 42;

    private DoubleSample() {}

    /// Takes the number of arguments a function, a million when none is given.
    public static void main(String[] arguments) {
        int count = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        sample("exp", ElementaryF64::exp, ExactFunctions::exp, -708, 710, count);
        sample("exp, subnormal results", ElementaryF64::exp, ExactFunctions::exp, -746, -708, count);
        sample("expm1", ElementaryF64::expm1, ExactFunctions::expm1, -40, 0, count);
        sample("tanh", ElementaryF64::tanh, ExactFunctions::tanh, -20, 20, count);
        sample("tanh, smallest quotients", ElementaryF64::tanh, ExactFunctions::tanh, 0.625, 0.7, count);
        sample("tanhGap", Width.F64::tanhGap, ExactFunctions::tanhGap, 0, 2, count);
        sample("sigmoid", ElementaryF64::sigmoid, ExactFunctions::sigmoid, -746, 40, count);
        sample("sigmoid, middle range", ElementaryF64::sigmoid, ExactFunctions::sigmoid, -8, 8, count);
    }

    private static void sample(
            String name,
            DoubleUnaryOperator function,
            UnaryOperator<BigDecimal> exact,
            double low,
            double high,
            int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        double worst = 0;
        double at = 0;
        for (int i = 0; i < count; i++) {
            double x = random.nextDouble(low, high);
            if (i % 2 == 1 && high - low > 1) {
                do {
                    x = Width.F64.randomBits(random);
                } while (!(x >= low && x <= high && Math.abs(x) > 1e-10));
            }
            double ulps =
                    Width.F64.ulps(function.applyAsDouble(x), exact.apply(new BigDecimal(x, ExactFunctions.DIGITS)));
            if (ulps > worst) {
                worst = ulps;
                at = x;
            }
        }
        System.out.printf("%s on [%s, %s]: %.4f ulp at %s%n", name, low, high, worst, Double.toHexString(at));
    }
}
