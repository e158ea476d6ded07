package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.Operators;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Gradients with respect to operators of every kind, against differences and against plain loops.
final class OperatorGradientTest {
    private static final long SEED = 1303;

    private static Matrix whole(int rows, int columns, SplittableRandom random) {
        Matrix matrix = Matrix.zeros(Precision.F64, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(i, j, random.nextInt(-4, 5));
            }
        }
        return matrix;
    }

    private static Matrix uniform(Precision precision, int rows, int columns, SplittableRandom random) {
        Matrix matrix = Matrix.zeros(precision, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(i, j, random.nextDouble(-1, 1));
            }
        }
        return matrix;
    }

    /// `sum_s v_s' Op x_s` by the dense form.
    private static double value(LinearOperator operator, Matrix v, Matrix x) {
        double[] a = operator.toMatrix().toDoubleArray();
        double sum = 0;
        for (int s = 0; s < v.rows(); s++) {
            for (int i = 0; i < v.columns(); i++) {
                for (int j = 0; j < x.columns(); j++) {
                    sum += v.get(s, i) * a[i * x.columns() + j] * x.get(s, j);
                }
            }
        }
        return sum;
    }

    private static Matrix changed(Matrix letter, int i, int j, double by) {
        Matrix other = Matrix.of(letter.toDoubleArray(), letter.rows(), letter.columns());
        other.set(i, j, letter.get(i, j) + by);
        return other.frozen();
    }

    /// The function is of the first degree in each entry, so that a central difference is its derivative, whatever
    /// the step; with whole numbers neither has a rounding error.
    @Test
    void gradientsAreDifferences() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (LinearOperator operator : Operators.whole(SEED).all()) {
            Matrix v = whole(3, operator.rows(), random);
            Matrix x = whole(3, operator.columns(), random);
            OperatorGradient gradient = new OperatorGradient(operator);
            gradient.add(v, x);
            List<Matrix> letters = OperatorLetters.of(operator);
            List<Matrix> gradients = gradient.letters();
            assertEquals(letters.size(), gradients.size());
            for (int l = 0; l < letters.size(); l++) {
                Matrix letter = letters.get(l);
                Matrix actual = gradients.get(l);
                assertEquals(Precision.F64, actual.precision());
                assertEquals(letter.rows(), actual.rows());
                assertEquals(letter.columns(), actual.columns());
                // Of a large letter some entries are tried.
                int step = 1 + letter.rows() * letter.columns() / 60;
                for (int e = random.nextInt(step); e < letter.rows() * letter.columns(); e += step) {
                    int i = e / letter.columns();
                    int j = e % letter.columns();
                    List<Matrix> above = new ArrayList<>(letters);
                    List<Matrix> below = new ArrayList<>(letters);
                    above.set(l, changed(letter, i, j, 1));
                    below.set(l, changed(letter, i, j, -1));
                    double difference = (value(OperatorLetters.replace(operator, above), v, x)
                                    - value(OperatorLetters.replace(operator, below), v, x))
                            / 2;
                    assertEquals(
                            difference,
                            actual.get(i, j),
                            "%s, letter %d, entry (%d, %d), seed %d".formatted(operator, l, i, j, SEED));
                }
            }
        }
    }

    private static void assertBits(List<double[]> expected, List<Matrix> actual, String what) {
        assertEquals(expected.size(), actual.size());
        for (int l = 0; l < expected.size(); l++) {
            double[] values = actual.get(l).toDoubleArray();
            assertEquals(expected.get(l).length, values.length);
            for (int e = 0; e < values.length; e++) {
                // This makes every not-a-number the canonical one, which is what is returned.
                long bits = Double.doubleToLongBits(expected.get(l)[e]);
                assertEquals(
                        bits,
                        Double.doubleToRawLongBits(values[e]),
                        "%s, letter %d, entry %d: %s and %s, seed %d"
                                .formatted(what, l, e, expected.get(l)[e], values[e], SEED));
            }
        }
    }

    private static Matrix odd(Precision precision, int rows, int columns, SplittableRandom random) {
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0, Float.MAX_VALUE};
        Matrix matrix = uniform(precision, rows, columns, random);
        for (int k = 0; k < rows * columns; k++) {
            if (random.nextInt(40) == 0) {
                matrix.set(k / columns, k % columns, special[random.nextInt(special.length)]);
            }
        }
        return matrix;
    }

    /// Every kind, in the written order, in one call.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 16, 33})
    void theOrderIsTheWrittenOne(int samples) {
        SplittableRandom random = new SplittableRandom(SEED + samples);
        for (LinearOperator operator : Operators.uniform(SEED).all()) {
            Matrix v = uniform(Precision.F32, samples, operator.rows(), random);
            Matrix x = uniform(Precision.F64, samples, operator.columns(), random);
            OperatorGradient gradient = new OperatorGradient(operator);
            gradient.add(v, x);
            assertBits(PlainGradient.of(operator, v, x), gradient.letters(), operator + ", " + samples + " samples");
        }
    }

    /// Not-a-number and infinities reach what they are multiplied into, and nothing else.
    @Test
    void whatIsNotFiniteIsNotHidden() {
        SplittableRandom random = new SplittableRandom(SEED);
        int spoilt = 0;
        int entries = 0;
        for (LinearOperator operator : Operators.uniform(SEED).all()) {
            Matrix v = odd(Precision.F64, 2, operator.rows(), random);
            Matrix x = odd(Precision.F32, 2, operator.columns(), random);
            OperatorGradient gradient = new OperatorGradient(operator);
            gradient.add(v, x);
            List<double[]> expected = PlainGradient.of(operator, v, x);
            assertBits(expected, gradient.letters(), operator.toString());
            for (double[] letter : expected) {
                for (double value : letter) {
                    spoilt += Double.isNaN(value) ? 1 : 0;
                    entries++;
                }
            }
        }
        assertTrue(spoilt > 100 && spoilt < entries / 2, spoilt + " of " + entries);
        Matrix v = Matrix.ofRows(new double[] {1, 2, 3}, new double[] {1, Double.NaN, 1});
        Matrix x = Matrix.ofRows(new double[] {5, 7}, new double[] {0, 1});
        OperatorGradient gradient = new OperatorGradient(Operators.uniform(SEED).dense(3, 2));
        gradient.add(v, x);
        assertBits(List.of(new double[] {5, 8, Double.NaN, Double.NaN, 15, 22}), gradient.letters(), "dense");
    }

    /// Blocks of samples inside of a call, calls, threads, views with gaps: all the same chains.
    @Test
    void cutsAndThreadsDoNotMatter() {
        SplittableRandom random = new SplittableRandom(SEED);
        Operators operators = Operators.uniform(SEED);
        List<LinearOperator> some = List.of(
                operators.dense(5, 3),
                operators.dense(70, 61),
                operators.sparse(61, 40),
                operators.lowRank(30, 37, 3),
                operators.convolution(new ImageShape(3, 5, 7), 9, 3, 3, 1, 1, 1),
                operators.blockTriangular(),
                LinearOperator.sum(
                        LinearOperator.product(operators.dense(21, 8), operators.dense(8, 21)),
                        operators.diagonal(21)));
        int samples = 1100;
        for (LinearOperator operator : some) {
            Matrix v =
                    uniform(Precision.F64, samples, operator.rows() + 3, random).slice(0, 2, samples, operator.rows());
            Matrix x = uniform(Precision.F32, samples, operator.columns() + 1, random)
                    .slice(0, 1, samples, operator.columns());
            List<double[]> expected = PlainGradient.of(operator, v, x);
            OperatorGradient gradient = new OperatorGradient(operator);
            for (int threads : new int[] {1, 2, 3, 7}) {
                gradient.clear();
                gradient.add(v, x, threads);
                assertBits(expected, gradient.letters(), operator + " in one call, threads " + threads);
            }
            gradient.clear();
            int done = 0;
            while (done < samples) {
                int next = Math.min(samples, done + random.nextInt(40) * random.nextInt(10));
                gradient.add(v.slice(done, next), x.slice(done, next), 1 + random.nextInt(2));
                done = next;
            }
            assertBits(expected, gradient.letters(), operator + " in many calls");
        }
    }

    @Test
    void lettersAreCopies() {
        OperatorGradient gradient = new OperatorGradient(Operators.uniform(SEED).dense(1, 1));
        Matrix one = Matrix.ofRows(new double[] {1});
        gradient.add(one, one);
        List<Matrix> before = gradient.letters();
        gradient.add(one, one);
        assertEquals(1, before.getFirst().get(0, 0));
        assertTrue(before.getFirst().isImmutable());
        assertEquals(2, gradient.letters().getFirst().get(0, 0));
        gradient.clear();
        assertEquals(
                0L, Double.doubleToRawLongBits(gradient.letters().getFirst().get(0, 0)));
    }

    @Test
    void anInterruptDoesNotCutASumShort() {
        SplittableRandom random = new SplittableRandom(SEED);
        LinearOperator operator = Operators.uniform(SEED).dense(40, 30);
        Matrix v = uniform(Precision.F64, 300, 40, random);
        Matrix x = uniform(Precision.F64, 300, 30, random);
        OperatorGradient gradient = new OperatorGradient(operator);
        Thread.currentThread().interrupt();
        gradient.add(v, x, 2);
        assertTrue(Thread.interrupted());
        assertBits(PlainGradient.of(operator, v, x), gradient.letters(), "interrupted");
    }

    @Test
    void wrongArgumentsAreRefused() {
        OperatorGradient gradient = new OperatorGradient(Operators.uniform(SEED).dense(3, 4));
        Matrix v = Matrix.zeros(Precision.F64, 2, 3);
        Matrix x = Matrix.zeros(Precision.F64, 2, 4);
        assertEquals(
                "v is 2 x 4, expected 3 columns",
                assertThrows(ShapeException.class, () -> gradient.add(x, x)).getMessage());
        assertEquals(
                "x is 1 x 4, expected 2 x 4",
                assertThrows(ShapeException.class, () -> gradient.add(v, x.slice(0, 1)))
                        .getMessage());
        assertEquals(
                "0 threads, expected at least 1",
                assertThrows(IllegalArgumentException.class, () -> gradient.add(v, x, 0))
                        .getMessage());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64);
            Matrix confined = Matrix.of(memory, Precision.F64, 0, 2, 4, 4);
            gradient.add(v, confined);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> gradient.add(v, confined, 2))
                    .getMessage()
                    .contains("confined arena"));
        }
    }
}
