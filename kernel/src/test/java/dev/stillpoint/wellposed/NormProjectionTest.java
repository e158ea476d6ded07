package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.internal.cpu.CpuRowKernels;
import dev.stillpoint.internal.reference.RowKernel;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The projection against the bisection, on the boundary and at the ends of the format.
final class NormProjectionTest {
    private static double[] project(double kappa, double... row) {
        return NormProjection.onto(kappa)
                .apply(Matrix.of(row, 1, row.length), 1)
                .toDoubleArray();
    }

    private static BigDecimal norm(double[] row) {
        BigDecimal norm = BigDecimal.ZERO;
        for (double value : row) {
            norm = norm.add(new BigDecimal(Math.abs(value)));
        }
        return norm;
    }

    /// Compares a projected row with the bisection. The result's threshold belongs to a radius between
    /// `(1 - 2^-48) kappa` and `kappa`, and two roundings make a value; FP32 loses up to a unit more. Where a
    /// radius is
    /// subnormal, shares of it are rounded to that grid.
    private static void assertProjection(
            double[] row, double kappa, double[] result, Precision precision, String message) {
        assertTrue(norm(result).compareTo(new BigDecimal(kappa)) <= 0, message + ": norm " + norm(result));
        L1Bisection bisection = new L1Bisection(row, kappa);
        long remain = Arrays.stream(result).filter(value -> value != 0).count();
        double least = precision == Precision.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
        double unit = precision == Precision.F32 ? 0x1p-23 + 0x1p-52 : 0x1p-52;
        for (int i = 0; i < row.length; i++) {
            double error = Math.abs(bisection
                    .project(row[i])
                    .subtract(new BigDecimal(result[i]))
                    .doubleValue());
            double bound = (0x1p-47 + 0x1p-70) * kappa / Math.max(1, remain) + unit * Math.abs(result[i]) + 2 * least;
            assertTrue(
                    error <= bound,
                    "%s: value %d is %s from the bisection's, bound %s".formatted(message, i, error, bound));
            assertTrue(result[i] == 0 || Math.signum(result[i]) == Math.signum(row[i]), message + ": sign of " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void rowsOfManyKindsAgreeWithTheBisection(Precision precision) {
        for (int n : new int[] {1, 2, 3, 7, 15, 16, 17, 33, 100}) {
            for (int kind = 0; kind < 6; kind++) {
                long seed = 100L * n + kind;
                SplittableRandom random = new SplittableRandom(seed);
                Matrix a = Matrix.zeros(precision, 6, n);
                for (int i = 0; i < 6; i++) {
                    for (int j = 0; j < n; j++) {
                        a.set(i, j, value(random, kind));
                    }
                }
                for (double kappa : new double[] {0.95, 1e-3, 3.7}) {
                    Matrix result = NormProjection.onto(kappa).apply(a, 1);
                    assertEquals(precision, result.precision());
                    for (int i = 0; i < 6; i++) {
                        String message = "%s, n = %d, kind %d, seed %d, row %d, kappa %s"
                                .formatted(precision, n, kind, seed, i, kappa);
                        double[] row = row(a, i);
                        double[] found = row(result, i);
                        if (norm(row).compareTo(new BigDecimal(kappa)) <= 0) {
                            assertBits(row, found, message);
                        } else {
                            assertProjection(row, kappa, found, precision, message);
                        }
                    }
                }
            }
        }
    }

    /// Of one size; of many; with ties and zeros; far apart; nearly alike; small.
    private static double value(SplittableRandom random, int kind) {
        double value = random.nextGaussian();
        return switch (kind) {
            case 0 -> value;
            case 1 -> Math.scalb(value, random.nextInt(-60, 3));
            case 2 -> random.nextInt(-2, 3);
            case 3 -> Math.pow(2, -random.nextInt(0, 40)) * (random.nextBoolean() ? 1 : -1);
            case 4 -> 1 + 0x1p-20 * random.nextInt(-3, 4);
            default -> value * 1e-3;
        };
    }

    private static double[] row(Matrix matrix, int i) {
        double[] row = new double[matrix.columns()];
        matrix.getRow(i, row, 0);
        return row;
    }

    private static void assertBits(double[] expected, double[] found, String message) {
        assertArrayEquals(bits(expected), bits(found), message);
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    @Test
    void longRowsAgreeWithTheBisection() {
        for (int n : new int[] {513, 1024}) {
            SplittableRandom random = new SplittableRandom(n);
            double[] row = random.doubles(n, -1, 1).toArray();
            for (double kappa : new double[] {0.9, 30, 200}) {
                assertProjection(
                        row, kappa, project(kappa, row), Precision.F64, "n = %d, kappa %s".formatted(n, kappa));
            }
        }
    }

    /// Newton's steps remove few values each where sizes are `1 - 2^-i`; a row of the same size everywhere has
    /// nothing to remove.
    @Test
    void rowsThatAreHardForNewtonAgreeWithTheBisection() {
        double[] closing = new double[53];
        Arrays.setAll(closing, i -> (i % 2 == 0 ? 1 : -1) * (1 - Math.scalb(1.0, -i - 1)));
        double[] even = new double[77];
        Arrays.fill(even, 0.1);
        double[] falling = new double[60];
        Arrays.setAll(falling, i -> Math.pow(0.7, i));
        for (double kappa : new double[] {0x1p-52, 1e-9, 0.9, 2.5}) {
            assertProjection(closing, kappa, project(kappa, closing), Precision.F64, "closing, kappa " + kappa);
            assertProjection(even, kappa, project(kappa, even), Precision.F64, "even, kappa " + kappa);
            assertProjection(falling, kappa, project(kappa, falling), Precision.F64, "falling, kappa " + kappa);
        }
    }

    @Test
    void hugeEntriesLoseNothing() {
        double[][] rows = {
            {1e30},
            {1e30, -1e30},
            {1e30, Math.nextDown(1e30), -1e30, 1},
            {Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE, 1e308},
            {Double.MAX_VALUE, Math.nextDown(Double.MAX_VALUE)},
            {0x1p60, 0x1p60 - 256, 0x1p60 - 512, 7},
            {0x1p53, 0x1p53 - 1, 0x1p53 - 2, -0x1p53}
        };
        for (double[] row : rows) {
            for (double kappa : new double[] {1e-10, 0.9, 3, 700}) {
                assertProjection(
                        row, kappa, project(kappa, row), Precision.F64, Arrays.toString(row) + ", kappa " + kappa);
            }
        }
        assertArrayEquals(new double[] {0, -1e12, 0}, project(1e12, 3, -1e300, 5), 1e12 * 0x1p-47);
        double kappa = 0x1p898;
        double[] large = {Double.MAX_VALUE, 0x1p899, -Double.MAX_VALUE, 0x1p898};
        assertProjection(large, kappa, project(kappa, large), Precision.F64, "largest kappa");
    }

    @Test
    void subnormalEntriesStayInTheBall() {
        double least = Double.MIN_VALUE;
        double[] same = {10 * least, -10 * least, 10 * least, 10 * least};
        assertProjection(same, 3 * least, project(3 * least, same), Precision.F64, "3 for four");
        assertProjection(same, 8 * least, project(8 * least, same), Precision.F64, "8 for four");
        double[] mixed = {Double.MIN_NORMAL, 5 * least, -3 * least, -Double.MIN_NORMAL};
        for (double kappa : new double[] {least, 7 * least, Double.MIN_NORMAL, Double.MIN_NORMAL + 2 * least}) {
            assertProjection(mixed, kappa, project(kappa, mixed), Precision.F64, "kappa " + kappa);
        }
        assertArrayEquals(new double[] {0.5 - 4 * least, -0.25}, project(0.75, 0.5 - 4 * least, -0.25), 0.0);
        Matrix singles = Matrix.of(new float[] {Float.MIN_VALUE * 9, -Float.MIN_NORMAL, 0x1p-127f}, 1, 3);
        double[] row = singles.toDoubleArray();
        double kappa = 0x1.8p-127;
        assertProjection(
                row, kappa, NormProjection.onto(kappa).apply(singles, 1).toDoubleArray(), Precision.F32, "FP32");
    }

    /// Sums that are exactly `kappa` in exact arithmetic only: in or out by the last bit of one value.
    @Test
    void theBoundaryIsExact() {
        assertBits(new double[] {0.25, -0.25, -0.0}, project(0.5, 0.25, -0.25, -0.0), "on the boundary");
        int inside = 0;
        int outside = 0;
        for (int n : new int[] {3, 16, 40, 1024}) {
            for (int trial = 0; trial < 20; trial++) {
                SplittableRandom random = new SplittableRandom(trial + 31L * n);
                double[] row = random.doubles(n, -1, 1).toArray();
                double nearest = norm(row).doubleValue();
                for (double kappa : new double[] {Math.nextDown(nearest), nearest, Math.nextUp(nearest)}) {
                    String message = "n = %d, trial %d, kappa %s".formatted(n, trial, kappa);
                    double[] found = project(kappa, row);
                    if (norm(row).compareTo(new BigDecimal(kappa)) <= 0) {
                        inside++;
                        assertBits(row, found, message);
                    } else {
                        outside++;
                        if (n <= 40) {
                            assertProjection(row, kappa, found, Precision.F64, message);
                        }
                        assertTrue(norm(found).compareTo(new BigDecimal(kappa)) <= 0, message);
                    }
                }
            }
        }
        assertTrue(inside > 80 && outside > 80, inside + " inside, " + outside + " outside");
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void projectingAgainChangesNothing(Precision precision) {
        Matrix a = random(precision, 60, 130, 9);
        for (double kappa : new double[] {1e-6, 0.99, 40}) {
            NormProjection projection = NormProjection.onto(kappa);
            Matrix once = projection.apply(a, 1);
            assertBits(once.toDoubleArray(), projection.apply(once, 1).toDoubleArray(), "kappa " + kappa);
        }
    }

    static Matrix random(Precision precision, int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Matrix a = Matrix.zeros(precision, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                a.set(i, j, random.nextGaussian());
            }
        }
        return a;
    }

    @Test
    void kappaZeroGivesZeros() {
        assertBits(new double[] {0, 0, 0}, project(0, 3, -4, Double.MIN_VALUE), "zeros");
        assertBits(new double[] {-0.0, 0}, project(0, -0.0, 0), "inside");
        assertBits(new double[] {0}, project(-0.0, 1), "minus zero");
    }

    /// In place, with gaps between rows, and of no rows or columns.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void viewsAndDestinations(Precision precision) {
        Matrix a = random(precision, 9, 20, 4);
        NormProjection projection = NormProjection.onto(1.5);
        double[] expected = projection.apply(a, 1).toDoubleArray();
        Matrix wide = Matrix.zeros(precision, 9, 31);
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < 31; j++) {
                wide.set(i, j, 77);
            }
            for (int j = 0; j < 20; j++) {
                wide.set(i, 3 + j, a.get(i, j));
            }
        }
        Matrix view = wide.slice(0, 3, 9, 20);
        projection.apply(view, view, 2);
        assertBits(expected, view.toDoubleArray(), "in place");
        for (int i = 0; i < 9; i++) {
            assertEquals(77, wide.get(i, 2));
            assertEquals(77, wide.get(i, 23));
        }
        assertEquals(0, projection.apply(Matrix.zeros(precision, 0, 5), 3).rows());
        assertEquals(0, projection.apply(Matrix.zeros(precision, 5, 0), 3).columns());
    }

    /// The bits of one thread and the scalar twin, whatever the number of threads and the engine; narrow vectors
    /// are slow, and have a few rows.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void threadsAndEnginesGiveTheSameBits(Precision precision) {
        Matrix a = random(precision, 100, 513, 21);
        Matrix w = random(precision, 100, 513, 22);
        RowKernel twin = CpuRowKernels.available().getLast();
        for (double kappa : new double[] {0.9, 410}) {
            NormProjection projection = NormProjection.onto(kappa);
            double[] expected = both(projection, a, w, 1, twin);
            for (int threads = 1; threads <= 4; threads++) {
                double[] found = both(projection, a, w, threads, CpuRowKernels.preferred(100 * 513));
                assertBits(expected, found, threads + " threads, kappa " + kappa);
            }
            expected = both(projection, a.slice(0, 9), w.slice(0, 9), 1, twin);
            for (RowKernel kernel : CpuRowKernels.available()) {
                double[] found = both(projection, a.slice(0, 9), w.slice(0, 9), 1, kernel);
                assertBits(expected, found, kernel.bits() + " bits, kappa " + kappa);
            }
        }
    }

    /// The projection, and behind it the derivative.
    private static double[] both(NormProjection projection, Matrix a, Matrix w, int threads, RowKernel kernel) {
        Matrix found = Matrix.zeros(a.precision(), 2 * a.rows(), a.columns());
        projection.apply(a, found.slice(0, a.rows()), threads, kernel);
        projection.derivative(a, w, found.slice(a.rows(), 2 * a.rows()), threads, kernel);
        return found.toDoubleArray();
    }
}
