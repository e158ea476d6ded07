package dev.stillpoint.activation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.ShapeException;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Group norm, max-pooling and parts with different activations, where they differ from all others.
final class BlockwiseActivationTest {
    private static final long SEED = 1729;
    private static final double U = 0x1p-53;

    private static double[] random(SplittableRandom random, int n, double size) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = size * random.nextDouble(-1, 1);
        }
        return x;
    }

    @Test
    void blockwiseMapsThatAreNoProximalMaps() {
        for (Activation phi : List.of(Activation.groupNorm(2), Activation.maxPool(2))) {
            assertFalse(phi.isProximal());
            assertThrows(IllegalStateException.class, () -> phi.prox(1, new double[2]));
            assertThrows(IllegalStateException.class, () -> phi.objective(new double[2]));
        }
        assertEquals(new Lipschitz(1, Lipschitz.Norm.TWO), Activation.maxPool(4).lipschitz());
        assertEquals(2, Activation.groupNorm(4, 0.25).lipschitz().constant());
        for (double eps : new double[] {1e-5, 0.1, 3, 7e-30}) {
            BigDecimal constant =
                    new BigDecimal(Activation.groupNorm(4, eps).lipschitz().constant());
            BigDecimal square = constant.pow(2).multiply(new BigDecimal(eps));
            assertTrue(square.compareTo(BigDecimal.ONE) >= 0, "the constant is rounded up");
            assertEquals(1, square.doubleValue(), 8 * U);
        }
    }

    /// The mean of the result is 0 and its mean square `var/(var + eps)`, to their roundings.
    @Test
    void groupNormOfABlock() {
        double[] p = Activation.groupNorm(4, 11).value(new double[] {1, 3, 5, 7, -2, -2, -2, -2});
        // Mean 4, squares 9 + 1 + 1 + 9, variance 5, root 4: all exact.
        assertArrayEquals(new double[] {-0.75, -0.25, 0.25, 0.75, 0, 0, 0, 0}, p);
        double[] spoilt =
                Activation.groupNorm(2).value(new double[] {Double.POSITIVE_INFINITY, 0, Double.NaN, 1, 2, 2});
        for (int i = 0; i < 4; i++) {
            assertTrue(Double.isNaN(spoilt[i]));
        }
        assertEquals(0, spoilt[4]);
    }

    @Test
    void maxPoolOfABlock() {
        Activation phi = Activation.maxPool(3);
        double[] v = {1, 4, 4, -7, -9, -8, 1, Double.NaN, 2};
        double nan = Double.NaN;
        assertArrayEquals(new double[] {4, 0, 0, -7, 0, 0, nan, nan, nan}, phi.value(v));
        double[] w = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertArrayEquals(new double[] {2, 0, 0, 4, 0, 0, nan, nan, nan}, phi.derivativeTimes(v, w));
        assertArrayEquals(new double[] {0, 1, 0, 4, 0, 0, nan, nan, nan}, phi.transposedDerivativeTimes(v, w));
    }

    /// `w'(J v) = (J'w)'v` for the directions, to the roundings of products of some ten operations.
    @Test
    void transposedDerivative() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (String label : List.of(
                "relu",
                "tanh",
                "softmax:4",
                "group-norm:4:1.0",
                "max-pool:4",
                "max-pool:1",
                "blocks:tanh@3/max-pool:2@4/group-norm:5@5")) {
            Activation phi = Activation.parse(label);
            double[] v = random(random, 12, 2);
            double[] right = random(random, 12, 1);
            double[] left = random(random, 12, 1);
            double[] forth = phi.derivativeTimes(v, right);
            double[] back = phi.transposedDerivativeTimes(v, left);
            double difference = 0;
            double size = 0;
            for (int i = 0; i < 12; i++) {
                difference += left[i] * forth[i] - back[i] * right[i];
                size += Math.abs(left[i] * forth[i]) + Math.abs(back[i] * right[i]);
            }
            double constant = phi.lipschitz().constant();
            assertTrue(Math.abs(difference) <= 64 * U * (size + constant), () -> phi.label() + " seed " + SEED);
        }
    }

    @Test
    void partsActOnTheirOwnValues() {
        Activation phi = Activation.parse("blocks:relu@3/softmax:2@4/leaky-relu:0.5@1");
        double[] v = {-1, 2, -3, 0.5, 0.25, 1, -1, -2};
        double[] w = {1, 2, 3, 4, 5, 6, 7, 8};
        double[] soft = {0.5, 0.25, 1, -1};
        double[] softW = {4, 5, 6, 7};
        Activation softmax = Activation.softmax(2);
        assertArrayEquals(joined(new double[] {0, 2, 0}, softmax.value(soft), -1), phi.value(v));
        assertArrayEquals(
                joined(new double[] {0, 2, 0}, softmax.derivativeTimes(soft, softW), 4), phi.derivativeTimes(v, w));
        assertArrayEquals(
                joined(new double[] {0, 2, 0}, softmax.prox(3, soft), -2 * 0.5 / (0.5 + 3 * 0.5)), phi.prox(3, v));
        double[] x = joined(new double[] {0, 2, 0}, new double[] {0, 1, 0.5, 0.5}, -2);
        assertEquals(
                softmax.objective(new double[] {0, 1, 0.5, 0.5})
                        + Activation.leakyRelu(0.5).objective(new double[] {-2}),
                phi.objective(x));
        assertThrows(ShapeException.class, () -> phi.value(new double[16]));
        assertEquals(8, phi.blockSize());
        assertTrue(phi.isProximal() && !phi.isPositivelyHomogeneous() && !phi.isComponentwise());
        assertFalse(Activation.parse("blocks:relu@3/max-pool:2@4").isProximal());
        assertTrue(Activation.parse("blocks:relu@3/max-pool:2@4").isPositivelyHomogeneous());
        assertEquals(
                3,
                Activation.parse("blocks:leaky-relu:3@3/sigmoid@4").lipschitz().constant());
    }

    private static double[] joined(double[] first, double[] second, double last) {
        return Stream.of(first, second, new double[] {last})
                .flatMapToDouble(DoubleStream::of)
                .toArray();
    }

    @Test
    void partsAreSimplified() {
        BlockActivation inner = (BlockActivation) Activation.parse("blocks:relu@3/tanh@1");
        Activation outer = Activation.blocks(
                new BlockActivation.Part(inner, 4),
                new BlockActivation.Part(Activation.tanh(), 2),
                new BlockActivation.Part(inner, 4));
        assertEquals("blocks:relu@3/tanh@3/relu@3/tanh@1", outer.label());
        assertThrows(ShapeException.class, () -> new BlockActivation.Part(inner, 8));
        assertThrows(IllegalArgumentException.class, () -> new BlockActivation(List.of()));
    }
}
