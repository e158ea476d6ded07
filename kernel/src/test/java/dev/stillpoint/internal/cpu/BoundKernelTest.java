package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.internal.reference.BoundKernel;
import dev.stillpoint.internal.reference.ScalarBoundKernel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The passes of a bound by vectors against their scalar twin, bit for bit.
final class BoundKernelTest {
    private static final double[] SPECIAL = {
        0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE, 1
    };

    /// Values that every kernel gets lane by lane: 16 lanes hold a whole number of strips of each.
    private static final int LANES = 16;

    private final Random random = new Random(11);

    /// Positive values of all sizes, one in sixteen a special one.
    private double[] values(int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(16) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : Math.scalb(random.nextDouble(), random.nextInt(40) - 20);
        }
        return values;
    }

    private double[] signed(int count) {
        double[] values = values(count);
        for (int i = 0; i < count; i++) {
            values[i] = random.nextBoolean() ? -values[i] : values[i];
        }
        return values;
    }

    /// The lanes of `[row][16]` from `lane` on as `[row][width]`, from 3 on.
    private static double[] strip(double[] panel, int rows, int lane, int width) {
        double[] strip = new double[3 + rows * width];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(panel, i * LANES + lane, strip, 3 + i * width, width);
        }
        return strip;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13, 64})
    void vectorsHaveTheBitsOfTheTwin(int rows) {
        for (int round = 0; round < 20; round++) {
            double[] f = signed(rows * LANES);
            double[] x = signed(rows * LANES);
            double share = -(round % 2);
            BoundKernel.Coefficients rounding =
                    new BoundKernel.Coefficients(values(rows), values(rows), values(rows), values(rows));
            double[] w = values(rows);
            double[] factor = values(LANES);
            double[][] expected = run(new ScalarBoundKernel(), rows, f, x, rounding, share, w, factor, LANES);
            for (BoundKernel kernel : CpuBoundKernels.available()) {
                for (int lanes = kernel.width(); lanes <= LANES; lanes *= 2) {
                    double[][] found = run(kernel, rows, f, x, rounding, share, w, factor, lanes);
                    for (int k = 0; k < found.length; k++) {
                        String where = "%d bits, %d lanes, %d rows, round %d, array %d"
                                .formatted(kernel.bits(), lanes, rows, round, k);
                        assertEquals(Arrays.toString(expected[k]), Arrays.toString(found[k]), where);
                    }
                }
            }
        }
    }

    /// All passes, in panels of `lanes` lanes; the results as `[row][16]` or by lane.
    private static double[][] run(
            BoundKernel kernel,
            int rows,
            double[] f,
            double[] x,
            BoundKernel.Coefficients rounding,
            double share,
            double[] w,
            double[] factor,
            int lanes) {
        double[] largestF = new double[LANES];
        double[] largestX = new double[LANES];
        double[] squares = new double[LANES];
        double[] errors = new double[LANES];
        double[] sums = new double[LANES];
        double[] weighted = new double[LANES];
        double[] errorSums = new double[LANES];
        double[] largest = new double[LANES];
        double[] residuals = new double[rows * LANES];
        double[] bounds = new double[rows * LANES];
        for (int begin = 0; begin < LANES; begin += lanes) {
            double[] r = new double[5 + rows * lanes];
            for (int lane = begin; lane < begin + lanes; lane += kernel.width()) {
                double[] ownF = strip(f, rows, lane, kernel.width());
                double[] ownX = strip(x, rows, lane, kernel.width());
                kernel.largest(ownF, 3, rows, largestF, lane);
                kernel.largest(ownX, 3, rows, largestX, lane);
                kernel.residual(
                        rounding,
                        ownF,
                        3,
                        ownX,
                        3,
                        share,
                        largestX,
                        largestF,
                        lane,
                        r,
                        5 + lane - begin,
                        lanes,
                        squares,
                        errors);
            }
            put(r, rows, lanes, residuals, begin);
            kernel.measure(r, 5, lanes, w, sums, weighted, begin);
            kernel.contract(r, 5, lanes, 0x1p-1000, 1.25, w, factor, errorSums, largest, begin);
            put(r, rows, lanes, bounds, begin);
        }
        return new double[][] {
            largestF, largestX, squares, errors, residuals, sums, weighted, bounds, errorSums, largest
        };
    }

    private static void put(double[] panel, int rows, int lanes, double[] to, int begin) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(panel, 5 + i * lanes, to, i * LANES + begin, lanes);
        }
    }
}
