package dev.stillpoint.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.ExactProduct;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.Operators;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The twin's products against exact arithmetic.
final class PanelProductTest {
    private static final long SEED = 1618;
    private static final int LANES = 3;
    private static final int OFFSET = 5;

    private static double[] numbers(int n, SplittableRandom random, boolean whole) {
        double[] numbers = new double[n];
        Arrays.setAll(numbers, i -> whole ? random.nextInt(-9, 10) : (float) random.nextDouble(-1, 1));
        return numbers;
    }

    private static double[] product(LinearOperator operator, double[] x, double[] z, boolean single) {
        return single ? productF32(operator, x, z) : productF64(operator, x, z);
    }

    private static double[] productF64(LinearOperator operator, double[] x, double[] z) {
        PanelProductF64 product = PanelProductF64.of(operator);
        double[] panel = new double[OFFSET + x.length];
        System.arraycopy(x, 0, panel, OFFSET, x.length);
        double[] t = new double[OFFSET + 1 + z.length];
        System.arraycopy(z, 0, t, OFFSET + 1, z.length);
        double[] scratch = new double[2 + product.scratch(LANES)];
        Arrays.fill(scratch, Double.NaN);
        product.multiply(panel, OFFSET, t, OFFSET + 1, t, OFFSET + 1, LANES, scratch, 2);
        return Arrays.copyOfRange(t, OFFSET + 1, t.length);
    }

    private static double[] productF32(LinearOperator operator, double[] x, double[] z) {
        PanelProductF32 product = PanelProductF32.of(operator);
        float[] panel = new float[OFFSET + x.length];
        for (int i = 0; i < x.length; i++) {
            panel[OFFSET + i] = (float) x[i];
        }
        float[] from = new float[z.length];
        for (int i = 0; i < z.length; i++) {
            from[i] = (float) z[i];
        }
        float[] t = new float[OFFSET + z.length];
        float[] scratch = new float[2 + product.scratch(LANES)];
        Arrays.fill(scratch, Float.NaN);
        product.multiply(panel, OFFSET, from, 0, t, OFFSET, LANES, scratch, 2);
        double[] result = new double[z.length];
        Arrays.setAll(result, i -> t[OFFSET + i]);
        return result;
    }

    private static BigDecimal[] lane(double[] panel, int lane) {
        BigDecimal[] values = new BigDecimal[panel.length / LANES];
        Arrays.setAll(values, i -> new BigDecimal(panel[i * LANES + lane]));
        return values;
    }

    /// Whole numbers small enough for every sum to be exact: a fault of an index is a wrong number.
    @Test
    void wholeNumbersAreExact() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (LinearOperator operator : Operators.whole(SEED).all()) {
            double[] x = numbers(operator.columns() * LANES, random, true);
            double[] z = numbers(operator.rows() * LANES, random, true);
            for (boolean single : new boolean[] {true, false}) {
                double[] t = product(operator, x, z, single);
                for (int l = 0; l < LANES; l++) {
                    BigDecimal[] exact = ExactProduct.of(operator, lane(x, l));
                    for (int i = 0; i < exact.length; i++) {
                        double expected = exact[i].doubleValue() + z[i * LANES + l];
                        assertTrue(Math.abs(expected) < 0x1p23, "sums are to be exact in FP32");
                        assertEquals(expected, t[i * LANES + l], operator + " seed " + SEED);
                    }
                }
            }
        }
    }

    /// The error of chains of `k` roundings is at most `gamma_k` times the same sum of magnitudes.
    @Test
    void errorsAreWithinTheBound() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (LinearOperator operator : Operators.uniform(SEED).all()) {
            double[] x = numbers(operator.columns() * LANES, random, false);
            double[] z = numbers(operator.rows() * LANES, random, false);
            for (boolean single : new boolean[] {true, false}) {
                double ku = ExactProduct.roundings(operator) * (single ? 0x1p-24 : 0x1p-53);
                BigDecimal gamma = new BigDecimal(ku / (1 - ku));
                double[] t = product(operator, x, z, single);
                for (int l = 0; l < LANES; l++) {
                    BigDecimal[] exact = ExactProduct.of(operator, lane(x, l));
                    BigDecimal[] magnitude = ExactProduct.magnitude(operator, lane(x, l));
                    for (int i = 0; i < exact.length; i++) {
                        BigDecimal begin = new BigDecimal(z[i * LANES + l]);
                        BigDecimal error = new BigDecimal(t[i * LANES + l])
                                .subtract(exact[i])
                                .subtract(begin);
                        BigDecimal bound = gamma.multiply(magnitude[i].add(begin.abs()));
                        assertTrue(error.abs().compareTo(bound) <= 0, operator + " seed " + SEED);
                    }
                }
            }
        }
    }

    /// A convolution has the bits of its sparse form, whose order is the same.
    @Test
    void convolutionsAreTheirSparseForms() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (ConvolutionOperator operator : Operators.uniform(SEED).convolutions()) {
            double[] x = numbers(operator.columns() * LANES, random, false);
            double[] z = numbers(operator.rows() * LANES, random, false);
            for (boolean single : new boolean[] {true, false}) {
                double[] t = product(operator, x, z, single);
                double[] sparse = product(operator.toSparse(), x, z, single);
                for (int i = 0; i < t.length; i++) {
                    assertEquals(
                            Double.doubleToRawLongBits(sparse[i]),
                            Double.doubleToRawLongBits(t[i]),
                            operator + " " + i);
                }
            }
        }
    }

    /// What is not stored is not multiplied: an infinite component spoils the rows that have an entry for it, no
    /// others.
    @Test
    void absentEntriesDoNothing() {
        LinearOperator sparse =
                LinearOperator.sparse(2, 2, new int[] {0, 1, 2}, new int[] {0, 1}, Matrix.of(new float[] {2, 0}, 1, 2));
        double[] x = {Double.POSITIVE_INFINITY, 1, 1, Double.POSITIVE_INFINITY, 1, 1};
        double[] t = product(sparse, x, new double[6], false);
        assertEquals(Double.POSITIVE_INFINITY, t[0]);
        assertTrue(Double.isNaN(t[3]), "a stored zero is multiplied");
        assertEquals(2, t[1]);
    }
}
