package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillpoint.internal.reference.RowKernel;
import dev.stillpoint.internal.reference.ScalarRowKernel;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The passes over a row have the bits of the scalar twin for each width of vectors, and the twin has the order
/// that is written down.
final class RowKernelTest {
    private static final int LANES = RowKernel.LANES;

    private static int[] sizes() {
        return IntStream.concat(IntStream.rangeClosed(1, 40), IntStream.of(64, 100, 513, 1024))
                .toArray();
    }

    private static RowKernel kernel(int bits) {
        List<RowKernel> found = CpuRowKernels.available().stream()
                .filter(each -> each.bits() == bits)
                .toList();
        assumeTrue(!found.isEmpty(), "this machine has no vectors of " + bits + " bits");
        return found.getFirst();
    }

    /// A row of `n` values and zeros behind them: of one size, of many sizes, with zeros and ties, huge, or
    /// subnormal.
    private static double[] row(SplittableRandom random, int n, int kind) {
        double[] row = new double[RowKernel.size(n)];
        for (int i = 0; i < n; i++) {
            double value = random.nextGaussian();
            row[i] = switch (kind) {
                case 0 -> value;
                case 1 -> Math.scalb(value, random.nextInt(-80, 10));
                case 2 -> random.nextInt(-3, 4);
                case 3 -> value * 1e300;
                default -> value * 40 * Double.MIN_VALUE;
            };
        }
        return row;
    }

    @Test
    void theWidestVectorsComeFirstAndServeManyValues() {
        List<RowKernel> kernels = CpuRowKernels.available();
        assertEquals(0, kernels.getLast().bits());
        assertEquals(kernels.getFirst().bits(), CpuRowKernels.preferred(1 << 14).bits());
        assertEquals(0, CpuRowKernels.preferred((1 << 14) - 1).bits());
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyPassHasTheBitsOfTheTwin(int bits) {
        RowKernel vectors = kernel(bits);
        RowKernel twin = new ScalarRowKernel();
        for (int n : sizes()) {
            for (int kind = 0; kind < 5; kind++) {
                long seed = 1000L * n + kind;
                SplittableRandom random = new SplittableRandom(seed);
                String name = bits + " bits, n = " + n + ", kind " + kind + ", seed " + seed;
                double[] a = row(random, n, kind);
                double[] w = row(random, n, 0);
                double shift = Math.abs(a[random.nextInt(n)]);
                double rest = shift * (random.nextBoolean() ? 0x1p-30 : -0x1p-30);
                compare(twin, vectors, a, w, shift, rest, name);
                compare(twin, vectors, a, w, 0, 0, name + ", no shift");
            }
        }
    }

    private static void compare(
            RowKernel twin, RowKernel vectors, double[] a, double[] w, double shift, double rest, String name) {
        int size = a.length;
        double[] expected = new double[2 * LANES];
        double[] found = new double[2 * LANES];
        twin.measure(a, size, expected);
        vectors.measure(a, size, found);
        assertBits(expected, found, "measure, " + name);

        int count = twin.excess(a, size, shift, expected);
        assertEquals(count, vectors.excess(a, size, shift, found), "excess, " + name);
        assertBits(Arrays.copyOf(expected, LANES), Arrays.copyOf(found, LANES), "excess, " + name);

        double[] x = new double[size];
        double[] vectorX = new double[size];
        Arrays.fill(vectorX, Double.NaN);
        count = twin.shrink(a, size, shift, rest, x, expected);
        assertEquals(count, vectors.shrink(a, size, shift, rest, vectorX, found), "shrink, " + name);
        assertBits(expected, found, "shrink, " + name);
        assertBits(x, vectorX, "shrink, " + name);

        count = twin.agreement(x, w, size, expected);
        assertEquals(count, vectors.agreement(x, w, size, found), "agreement, " + name);
        assertBits(Arrays.copyOf(expected, LANES), Arrays.copyOf(found, LANES), "agreement, " + name);

        double[] out = new double[size];
        double[] vectorOut = w.clone();
        twin.tangent(x, w, size, 0.3, out);
        vectors.tangent(x, vectorOut, size, 0.3, vectorOut);
        assertBits(out, vectorOut, "tangent, " + name);
    }

    private static void assertBits(double[] expected, double[] found, String name) {
        assertArrayEquals(bits(expected), bits(found), name);
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    /// Chain `l` of the sum over 64 values takes every sixteenth, and the tree joins `l` and `l + 8` first. With
    /// powers of two that do not fit one significand every other order gives other bits.
    @Test
    void sumsHaveTheirWrittenOrder() {
        SplittableRandom random = new SplittableRandom(5);
        double[] a = row(random, 64, 1);
        double[] chains = new double[LANES];
        for (int i = 0; i < 64; i++) {
            chains[i % 16] = chains[i % 16] + Math.abs(a[i]);
        }
        double[] t = new double[8];
        Arrays.setAll(t, l -> chains[l] + chains[l + 8]);
        double sum = ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]));
        double[] lanes = new double[2 * LANES];
        new ScalarRowKernel().measure(a, 64, lanes);
        assertArrayEquals(chains, Arrays.copyOf(lanes, LANES), 0.0);
        assertEquals(Arrays.stream(a).map(Math::abs).max().orElseThrow(), RowKernel.largest(lanes));
        assertEquals(sum, RowKernel.sum(lanes));
    }

    /// The sum with its errors is exact where two doubles hold it: what is lost in chains, and where they join.
    @Test
    void errorsOfSumsAreKept() {
        double[] a = new double[1024];
        Arrays.fill(a, 0, 32, 1);
        Arrays.fill(a, 32, 1024, 0x1p-54);
        double[] lanes = new double[2 * LANES];
        assertEquals(1024, new ScalarRowKernel().shrink(a, 1024, 0, 0, new double[1024], lanes));
        RowKernel.sumWithErrors(lanes);
        assertEquals(32, lanes[0]);
        assertEquals(992 * 0x1p-54, lanes[LANES]);

        double[] joins = new double[LANES];
        Arrays.fill(joins, 0, 15, 0x1p-54);
        joins[15] = 1;
        assertEquals(16, new ScalarRowKernel().shrink(joins, LANES, 0, 0, new double[LANES], lanes));
        RowKernel.sumWithErrors(lanes);
        assertEquals(15 * 0x1p-54 + (1 - lanes[0]), lanes[LANES]);
    }
}
