package dev.stillpoint.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The read-out solves the normal equations.
final class RidgeReadoutTest {
    private static Matrix states(int samples, int n, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        Matrix states = Matrix.zeros(Precision.F64, samples, n);
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < n - 1; j++) {
                states.set(i, j, random.nextDouble(-1, 1));
            }
            states.set(i, n - 1, 1);
        }
        return states;
    }

    private static int[] labels(int samples, int classes, long seed) {
        SplitMix64 random = new SplitMix64(~seed);
        int[] labels = new int[samples];
        for (int i = 0; i < samples; i++) {
            labels[i] = (int) (random.nextDouble() * classes);
        }
        return labels;
    }

    /// The gradient `(X'X + mu I) C' - X'T` vanishes to the backward error of Cholesky, a small multiple of
    /// `n u |X'X + mu I| |C|` (Higham, 10.4), and of forming the products, `samples u |X|' |X| |C|` at most.
    @ParameterizedTest
    @CsvSource({"5, 2, 2", "207, 13, 3", "1100, 31, 10", "20, 31, 3"})
    void theGradientVanishes(int samples, int n, int classes) {
        long seed = samples;
        Matrix x = states(samples, n, seed);
        int[] labels = labels(samples, classes, seed);
        RidgeReadout fit = RidgeReadout.fit(x, labels, classes, Progress.none());
        assertEquals(classes, fit.c().rows());
        assertEquals(n, fit.c().columns());
        for (int k = 0; k < classes; k++) {
            double largest = 0;
            for (int j = 0; j < n; j++) {
                largest = Math.max(largest, Math.abs(fit.c().get(k, j)));
            }
            for (int j = 0; j < n; j++) {
                double gradient = j < n - 1 ? fit.penalty() * fit.c().get(k, j) : 0;
                for (int i = 0; i < samples; i++) {
                    double error = labels[i] == k ? -1 : 0;
                    for (int m = 0; m < n; m++) {
                        error += fit.c().get(k, m) * x.get(i, m);
                    }
                    gradient += x.get(i, j) * error;
                }
                // |X| has entries of at most 1, so each term of the products is at most samples * n * max|C|.
                double scale = n * (samples + fit.penalty()) * largest + samples;
                double tolerance = 8 * (n + samples) * 0x1p-53 * scale;
                assertEquals(0, gradient, tolerance, "class %d, unit %d, seed %d".formatted(k, j, seed));
            }
        }
    }

    @Test
    void classesThatAreLinearAreFound() {
        int samples = 60;
        Matrix states = Matrix.zeros(Precision.F32, samples, 4);
        int[] labels = new int[samples];
        for (int i = 0; i < samples; i++) {
            labels[i] = i * 7 % 3;
            states.set(i, labels[i], 1);
            states.set(i, 3, 1);
        }
        RidgeReadout fit = RidgeReadout.fit(states, labels, 3, Progress.none());
        // A penalty of mu costs at most mu |C|^2 = 3 mu of squared error over the 48 samples of the fit, whose mean
        // diagonal of X'X is 24; the smallest is 24e-8. The samples held out are the same three.
        assertTrue(fit.penalty() <= 24e-8 * 1.5, "penalty " + fit.penalty());
        assertTrue(fit.heldOutError() <= 3 * 24e-8, "error " + fit.heldOutError());
        // The same cost bounds the squared errors of the 20 samples of a class together.
        double largest = Math.sqrt(3 * fit.penalty() / 20);
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < 3; j++) {
                double output = fit.c().get(k, j) + fit.c().get(k, 3);
                assertEquals(k == j ? 1 : 0, output, largest, "class %d of sample of class %d".formatted(k, j));
            }
        }
    }

    @Test
    void equalStatesGiveEqualBits() {
        Matrix states = states(600, 9, 4);
        int[] labels = labels(600, 4, 4);
        RidgeReadout first = RidgeReadout.fit(states, labels, 4, Progress.none());
        RidgeReadout second = RidgeReadout.fit(states, labels, 4, Progress.none());
        assertArrayEquals(first.c().toDoubleArray(), second.c().toDoubleArray());
        assertEquals(first.penalty(), second.penalty());
    }

    @Test
    void anInterruptIsHeeded() {
        Matrix states = states(10, 3, 1);
        int[] labels = labels(10, 2, 1);
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> RidgeReadout.fit(states, labels, 2, Progress.none()));
        assertTrue(Thread.interrupted());
    }
}
