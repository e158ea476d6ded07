package dev.stillpoint.validation.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReferenceActivationTest {
    private static final double UNIT = 0x1p-53;

    private static Stream<Activation> activations() {
        return Stream.of(
                Activation.relu(),
                Activation.leakyRelu(0.1),
                Activation.leakyRelu(0.75),
                Activation.identity(),
                Activation.tanh(),
                Activation.sigmoid(),
                Activation.softmax(1),
                Activation.softmax(2),
                Activation.softmax(6));
    }

    /// These, and those that have no proximal form.
    private static Stream<Activation> maps() {
        return Stream.concat(
                activations(),
                Stream.of(
                        Activation.groupNorm(2, 1),
                        Activation.groupNorm(6, 1),
                        Activation.maxPool(2),
                        Activation.maxPool(3),
                        Activation.gate(Activation.sigmoid(), Activation.tanh()),
                        Activation.gate(Activation.sigmoid(), Activation.sigmoid()),
                        Activation.parse("blocks:relu@1/group-norm:2:1@2/softmax:3@3")));
    }

    private static double[] any(Random random, int size, double range) {
        double[] v = new double[size];
        for (int i = 0; i < size; i++) {
            v[i] = random.nextInt(8) == 0
                    ? Math.scalb(2 * random.nextDouble() - 1, -random.nextInt(40))
                    : range * (2 * random.nextDouble() - 1);
        }
        return v;
    }

    /// The double form against the double-double one. Softmax has an exponential of 2 roundings with an argument of
    /// one rounding of at most 12, six additions and a division.
    @ParameterizedTest
    @MethodSource("maps")
    void bothFormsAgree(Activation activation) {
        ReferenceActivation phi = ReferenceActivation.of(activation);
        for (long seed = 0; seed < 200; seed++) {
            double[] v = any(new Random(seed), 6, 6);
            double[] x = phi.value(v);
            DoubleDouble[] exact = phi.value(DoubleDouble.of(v));
            for (int i = 0; i < 6; i++) {
                double roundings = phi.blockSize() > 1 ? 2 + 12 + 6 + 1 : Thresholds.ELEMENTARY_ROUNDINGS;
                assertEquals(
                        0,
                        DoubleDouble.of(x[i]).minus(exact[i]).high(),
                        roundings * UNIT * Math.abs(x[i]),
                        activation.label() + " seed " + seed);
            }
        }
    }

    @Test
    void tanhAndLogisticSatisfyTheirIdentities() {
        ReferenceActivation tanh = ReferenceActivation.of(Activation.tanh());
        ReferenceActivation logistic = ReferenceActivation.of(Activation.sigmoid());
        for (long seed = 0; seed < 500; seed++) {
            double v = any(new Random(seed), 1, 20)[0];
            double t = tanh.value(new double[] {v})[0];
            double s = logistic.value(new double[] {v})[0];
            // tanh(v) = 2 s(2v) - 1: both sides rounded a few times at magnitude 1.
            assertEquals(t, 2 * logistic.value(new double[] {2 * v})[0] - 1, 12 * UNIT, "seed " + seed);
            assertEquals(-t, tanh.value(new double[] {-v})[0], "odd, seed " + seed);
            assertEquals(1, s + logistic.value(new double[] {-v})[0], 12 * UNIT, "seed " + seed);
            // sinh/cosh have 2.5 units in the last place each.
            assertEquals(StrictMath.sinh(v) / StrictMath.cosh(v), t, 16 * UNIT * Math.abs(t), "seed " + seed);
        }
    }

    @Test
    void softmaxOfLogarithmsIsTheirShare() {
        ReferenceActivation softmax = ReferenceActivation.of(Activation.softmax(3));
        double[] x = softmax.value(new double[] {
            StrictMath.log(1), StrictMath.log(2), StrictMath.log(5), 7 + StrictMath.log(3), 7, 7 + StrictMath.log(4)
        });
        assertArrayEquals(new double[] {0.125, 0.25, 0.625, 0.375, 0.125, 0.5}, x, 24 * UNIT);
        double[] extreme = softmax.value(new double[] {1e300, -1e300, 1e300});
        assertArrayEquals(new double[] {0.5, 0, 0.5}, extreme);
    }

    @Test
    void piecewiseLinearMapsAreExact() {
        double[] v = {-2, -0.0, 0.0, 3, Double.NaN};
        assertArrayEquals(
                new double[] {0, -0.0, 0, 3, Double.NaN},
                ReferenceActivation.of(Activation.relu()).value(v));
        assertArrayEquals(
                new double[] {0, Double.POSITIVE_INFINITY},
                ReferenceActivation.of(Activation.relu())
                        .value(new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}));
        assertArrayEquals(
                new double[] {-0.5, -0.0, 0, 3, Double.NaN},
                ReferenceActivation.of(Activation.leakyRelu(0.25)).value(v));
        assertArrayEquals(v, ReferenceActivation.of(Activation.identity()).value(v));
        assertArrayEquals(
                new double[] {0, 5, 5, 5, 5},
                ReferenceActivation.of(Activation.relu()).derivativeTimes(v, new double[] {5, 5, 5, 5, 5}));
    }

    /// `(phi(v + hw) - phi(v - hw))/2h` in double-double arithmetic: a third derivative of at most 2 in magnitude
    /// along `w`, `|w|_2 < 3`, leaves `27 h^2`, and the derivative itself has some ten roundings.
    @ParameterizedTest
    @MethodSource("maps")
    void derivativesAreThoseOfTheMap(Activation activation) {
        ReferenceActivation phi = ReferenceActivation.of(activation);
        double h = 0x1p-30;
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            double[] v = any(random, 6, 4);
            double[] w = new double[6];
            DoubleDouble[] up = new DoubleDouble[6];
            DoubleDouble[] down = new DoubleDouble[6];
            boolean kink = false;
            for (int i = 0; i < 6; i++) {
                w[i] = 2 * random.nextDouble() - 1;
                up[i] = DoubleDouble.of(v[i]).plus(h * w[i]);
                down[i] = DoubleDouble.of(v[i]).plus(-h * w[i]);
                kink |= Math.abs(v[i]) <= h;
            }
            if (kink) {
                continue;
            }
            double[] product = phi.derivativeTimes(v, w);
            DoubleDouble[] above = phi.value(up);
            DoubleDouble[] below = phi.value(down);
            for (int i = 0; i < 6; i++) {
                double slope = above[i].minus(below[i]).high() / (2 * h);
                assertEquals(slope, product[i], 27 * h * h + 40 * UNIT, activation.label() + " seed " + seed);
            }
        }
    }

    /// A Lipschitz constant holds for all pairs, and is nearly attained where the map is steepest, near 0.
    @ParameterizedTest
    @MethodSource("maps")
    void theLipschitzConstantHoldsAndIsAttained(Activation activation) {
        ReferenceActivation phi = ReferenceActivation.of(activation);
        double steepest = 0;
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            double[] v = any(random, 6, seed % 2 == 0 ? 3 : 0.01);
            double[] w = any(random, 6, seed % 2 == 0 ? 3 : 0.01);
            double[] before = new double[6];
            double[] after = new double[6];
            double[] one = phi.value(v);
            double[] other = phi.value(w);
            for (int i = 0; i < 6; i++) {
                before[i] = v[i] - w[i];
                after[i] = one[i] - other[i];
            }
            double[] distance = phi.blockNorms(before);
            double[] image = phi.blockNorms(after);
            for (int l = 0; l < distance.length; l++) {
                double bound = phi.lipschitz() * distance[l] + 60 * UNIT;
                assertTrue(image[l] <= bound, activation.label() + " seed " + seed);
                if (distance[l] > 1e-4) {
                    steepest = Math.max(steepest, image[l] / distance[l]);
                }
            }
        }
        // Softmax of one value is constant; the constant of six is attained at (1/2, 1/2, 0, 0, 0, 0) alone.
        // That of a gate is approached where one of its values goes to infinity.
        boolean attained = (phi.blockSize() == 1 && phi.lipschitz() != 0.5) || phi.blockSize() == 2;
        if (attained && !(phi instanceof GateReference)) {
            assertTrue(steepest > 0.99 * phi.lipschitz(), activation.label() + ": " + steepest);
        }
    }

    @ParameterizedTest
    @MethodSource("activations")
    void proxWithStepOneIsTheMap(Activation activation) {
        ReferenceActivation phi = ReferenceActivation.of(activation);
        for (long seed = 0; seed < 50; seed++) {
            double[] v = any(new Random(seed), 6, 5);
            double[] x = phi.value(v);
            double[] prox = phi.prox(1, v);
            for (int i = 0; i < 6; i++) {
                assertEquals(x[i], prox[i], 24 * UNIT * Math.abs(x[i]), activation.label() + " seed " + seed);
            }
        }
    }

    /// The optimality condition in 80 digits. A change of `x` by a unit in the last place changes
    /// `(1 - alpha) x + alpha t`, `x = phi(t)`, by that times `(1 - alpha) + alpha/phi'(t)`.
    @Test
    void proxSolvesItsOptimalityCondition() {
        MathContext digits = new MathContext(80);
        for (Activation activation : new Activation[] {Activation.tanh(), Activation.sigmoid()}) {
            ReferenceActivation phi = ReferenceActivation.of(activation);
            boolean tanh = activation.equals(Activation.tanh());
            for (long seed = 0; seed < 80; seed++) {
                Random random = new Random(seed);
                double alpha = Math.scalb(1 + random.nextDouble(), random.nextInt(9) - 5);
                double v = any(random, 1, 6)[0];
                double x = phi.prox(alpha, new double[] {v})[0];
                String what = activation.label() + " alpha " + alpha + " v " + v + " x " + x;
                if (x == 1) {
                    // Rounding to 1 takes 1 - phi(t) of at most 2^-54, which t above 18 gives.
                    assertTrue(v > 1 - alpha + 18 * alpha, what);
                    continue;
                }
                if (x == -1) {
                    assertTrue(v < -(1 - alpha + 18 * alpha), what);
                    continue;
                }
                // phi(t) = x where t = log((1 + x)/(1 - x))/2, or log(x/(1 - x)): solved by Newton's method in
                // decimals.
                BigDecimal t = inverse(tanh, new BigDecimal(x), digits);
                BigDecimal left = BigDecimal.ONE
                        .subtract(new BigDecimal(alpha))
                        .multiply(new BigDecimal(x))
                        .add(new BigDecimal(alpha).multiply(t));
                double slope = tanh ? (1 - x) * (1 + x) : x * (1 - x);
                double sensitivity = Math.abs(1 - alpha) + alpha / slope;
                double ulp = Math.ulp(x) * 2;
                assertEquals(0, left.subtract(new BigDecimal(v)).doubleValue(), ulp * sensitivity, what);
            }
        }
    }

    private static BigDecimal inverse(boolean tanh, BigDecimal x, MathContext digits) {
        BigDecimal ratio = tanh
                ? BigDecimal.ONE.add(x).divide(BigDecimal.ONE.subtract(x), digits)
                : x.divide(BigDecimal.ONE.subtract(x), digits);
        BigDecimal logarithm = new BigDecimal(StrictMath.log(ratio.doubleValue()));
        for (int step = 0; step < 4; step++) {
            BigDecimal e = DoubleDoubleTest.exp(logarithm.negate());
            logarithm = logarithm.add(ratio.multiply(e, digits).subtract(BigDecimal.ONE), digits);
        }
        return tanh ? logarithm.divide(BigDecimal.TWO, digits) : logarithm;
    }

    @Test
    void groupNormOfABlock() {
        ReferenceActivation phi = ReferenceActivation.of(Activation.groupNorm(4, 11));
        // Mean 4, variance 5, root 4: all exact.
        double[] v = {1, 3, 5, 7, -2, -2, -2, -2};
        assertArrayEquals(new double[] {-0.75, -0.25, 0.25, 0.75, 0, 0, 0, 0}, phi.value(v));
        assertThrows(IllegalStateException.class, () -> phi.prox(1, v));
    }

    @Test
    void maxPoolOfABlock() {
        ReferenceActivation phi = ReferenceActivation.of(Activation.maxPool(3));
        double[] v = {1, 4, 4, -7, -9, -8};
        assertArrayEquals(new double[] {4, 0, 0, -7, 0, 0}, phi.value(v));
        assertArrayEquals(new double[] {2, 0, 0, 4, 0, 0}, phi.derivativeTimes(v, new double[] {1, 2, 3, 4, 5, 6}));
        assertThrows(IllegalStateException.class, () -> phi.prox(1, v));
    }

    /// The block sums to 1, and `alpha log x + (1 - alpha) x - v` is the same for all: the logarithm of a rounded
    /// `x` is off by a unit of `alpha`, and its own rounding and that of `v` are of the magnitude of the terms.
    @Test
    void proxOfSoftmaxSolvesItsOptimalityCondition() {
        ReferenceActivation phi = ReferenceActivation.of(Activation.softmax(5));
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            double alpha = Math.scalb(1 + random.nextDouble(), random.nextInt(9) - 5);
            double[] v = any(random, 5, 6);
            double[] x = phi.prox(alpha, v);
            double sum = 0;
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            double terms = 0;
            for (int i = 0; i < 5; i++) {
                sum += x[i];
                double multiplier = alpha * StrictMath.log(x[i]) + (1 - alpha) * x[i] - v[i];
                low = Math.min(low, multiplier);
                high = Math.max(high, multiplier);
                terms = Math.max(terms, alpha * (2 + Math.abs(StrictMath.log(x[i]))) + Math.abs(1 - alpha) + 6);
            }
            String what = "seed " + seed + " alpha " + alpha;
            assertEquals(1, sum, 10 * UNIT, what);
            assertEquals(0, high - low, 2 * 6 * UNIT * terms, what);
        }
    }

    /// Leaky ReLU of slope `s` is the proximal map of `(1/s - 1) x^2/2` for `x < 0`: the step `alpha` makes the
    /// slope `1/(1 + alpha (1/s - 1))`.
    @Test
    void proxOfPiecewiseLinearMapsIsKnown() {
        double[] v = {-3, -0.0, 2};
        assertArrayEquals(
                new double[] {0, -0.0, 2},
                ReferenceActivation.of(Activation.relu()).prox(7, v));
        assertArrayEquals(v, ReferenceActivation.of(Activation.identity()).prox(7, v));
        double[] leaky = ReferenceActivation.of(Activation.leakyRelu(0.2)).prox(0.5, v);
        assertEquals(-1, leaky[0], 4 * UNIT);
        assertEquals(2, leaky[2]);
        assertFalse(ReferenceActivation.of(Activation.leakyRelu(1.5)).isProximal());
        assertThrows(
                IllegalStateException.class,
                () -> ReferenceActivation.of(Activation.leakyRelu(1.5)).prox(1, v));
    }
}
