package dev.stillpoint.internal.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JacobiSvdTest {
    private static final double UNIT = 0x1p-53;

    private static double[][] columns(int count, int length, double scale, Random random) {
        double[][] columns = new double[count][length];
        for (double[] column : columns) {
            for (int i = 0; i < length; i++) {
                column[i] = scale * random.nextGaussian();
            }
        }
        return columns;
    }

    private static double dot(double[] a, double[] b) {
        return DenseKernels.dot(a, b, a.length);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "5, 5", "3, 7", "20, 23", "13, 40"})
    void theFactorsAreOrthogonalAndGiveTheMatrixBack(int count, int length) {
        for (int seed = 0; seed < 10; seed++) {
            double scale = Math.scalb(1.0, (seed - 5) * 180);
            double[][] g = columns(count, length, scale, new Random(seed));
            JacobiSvd svd = JacobiSvd.ofColumns(g);
            String what = "seed " + seed;
            double norm = svd.value(0);
            // A rotation errs by a few units of what it rotates, and a column takes part in `count` a sweep.
            double bound = 60.0 * count * UNIT;
            for (int i = 0; i < count; i++) {
                assertTrue(i == 0 || svd.value(i) <= svd.value(i - 1), what);
                for (int j = 0; j < count; j++) {
                    assertEquals(i == j ? 1 : 0, dot(svd.right(i), svd.right(j)), bound, what);
                    double expected = i == j ? svd.value(i) / norm * (svd.value(i) / norm) : 0;
                    double product = 0;
                    for (int k = 0; k < length; k++) {
                        product += svd.scaledLeft(i)[k] / norm * (svd.scaledLeft(j)[k] / norm);
                    }
                    assertEquals(expected, product, bound, what);
                }
            }
            for (int column = 0; column < count; column++) {
                for (int k = 0; k < length; k++) {
                    double sum = 0;
                    for (int i = 0; i < count; i++) {
                        sum += svd.scaledLeft(i)[k] * svd.right(i)[column];
                    }
                    assertEquals(g[column][k] / norm, sum / norm, bound, what);
                }
            }
        }
    }

    @Test
    void knownValues() {
        // [[3, 0], [4, 5]] has the values 3 sqrt 5 and sqrt 5.
        JacobiSvd svd = JacobiSvd.ofColumns(new double[][] {{3, 4}, {0, 5}});
        assertEquals(3 * Math.sqrt(5), svd.value(0), 16 * UNIT * 7);
        assertEquals(Math.sqrt(5), svd.value(1), 16 * UNIT * 7);
        assertEquals(2, svd.size());
    }

    @Test
    void valuesOfVeryDifferentSizeKeepTheirDigits() {
        // Orthogonal columns, scaled.
        JacobiSvd svd = JacobiSvd.ofColumns(new double[][] {{1e-100, 1e-100, 0}, {1, -1, 0}, {0, 0, 0}});
        assertEquals(Math.sqrt(2), svd.value(0), 4 * UNIT);
        assertEquals(Math.sqrt(2) * 1e-100, svd.value(1), 4e-100 * UNIT);
        assertEquals(0, svd.value(2));
        assertArrayEquals(new double[] {0, 1, 0}, svd.right(0));
    }

    @Test
    void moreColumnsThanRowsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> JacobiSvd.ofColumns(new double[3][2]));
        assertEquals(0, JacobiSvd.ofColumns(new double[0][]).size());
    }

    @Test
    void dependentColumnsHaveZeroValues() {
        Random random = new Random(7);
        double[][] g = columns(3, 30, 1, random);
        double[][] six = {g[0], g[1], g[2], new double[30], new double[30], new double[30]};
        for (int i = 0; i < 30; i++) {
            six[3][i] = g[0][i] + g[1][i];
            six[4][i] = g[0][i] - g[2][i];
            six[5][i] = 2 * g[1][i];
        }
        JacobiSvd svd = JacobiSvd.ofColumns(six);
        assertTrue(svd.value(2) > 1);
        assertTrue(svd.value(3) < 60 * 6 * UNIT * svd.value(0), "value " + svd.value(3));
    }
}
