package dev.stillpoint.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The written order of sums, against one written down level by level.
class CanonicalSumTest {
    private static final long SEED = 31;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 16, 17, 24, 25, 41, 64, 65, 88, 100, 207, 1000})
    void sumFollowsTheOrder(int n) {
        SplittableRandom random = new SplittableRandom(SEED);
        int stride = 3;
        float[] a = new float[2 + n * stride];
        double[] b = new double[2 + n * stride];
        for (int i = 0; i < n; i++) {
            b[2 + i * stride] = random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(20));
            a[2 + i * stride] = (float) b[2 + i * stride];
        }
        List<Float> single = new ArrayList<>();
        List<Double> twice = new ArrayList<>();
        for (int tile = 0; tile < n; tile += 8) {
            float s = 0;
            double t = 0;
            for (int i = tile; i < Math.min(n, tile + 8); i++) {
                s += a[2 + i * stride];
                t += b[2 + i * stride];
            }
            single.add(s);
            twice.add(t);
        }
        int tiles = single.size();
        float[] singleTiles = new float[1 + 2 * tiles];
        double[] doubleTiles = new double[1 + 2 * tiles];
        for (int j = 0; j < tiles; j++) {
            singleTiles[1 + 2 * j + 1] = single.get(j);
            doubleTiles[1 + 2 * j + 1] = twice.get(j);
        }
        while (single.size() > 1) {
            List<Float> next = new ArrayList<>();
            List<Double> nextTwice = new ArrayList<>();
            for (int j = 0; j < single.size(); j += 2) {
                boolean paired = j + 1 < single.size();
                next.add(paired ? (Float) (single.get(j) + single.get(j + 1)) : single.get(j));
                nextTwice.add(paired ? (Double) (twice.get(j) + twice.get(j + 1)) : twice.get(j));
            }
            single = next;
            twice = nextTwice;
        }
        CanonicalSumF32.tree(singleTiles, 1, tiles, 2);
        CanonicalSumF64.tree(doubleTiles, 1, tiles, 2);
        assertEquals((float) single.getFirst(), CanonicalSumF32.sum(a, 2, stride, n));
        assertEquals((double) twice.getFirst(), CanonicalSumF64.sum(b, 2, stride, n));
        assertEquals((float) single.getFirst(), singleTiles[2]);
        assertEquals((double) twice.getFirst(), doubleTiles[2]);
        assertEquals(0, singleTiles[1], "the other lane");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9, 40, 207})
    void dotOfIntegersIsExact(int n) {
        float[] a = new float[2 * n];
        double[] b = new double[2 * n];
        double expected = 0;
        for (int i = 0; i < n; i++) {
            a[2 * i] = i % 17 - 8;
            b[2 * i] = i % 17 - 8;
            a[2 * i + 1] = i % 5;
            b[2 * i + 1] = i % 5;
            expected += b[2 * i] * b[2 * i + 1];
        }
        assertEquals((float) expected, CanonicalSumF32.dot(a, 0, a, 1, 2, n));
        assertEquals(expected, CanonicalSumF64.dot(b, 0, b, 1, 2, n));
    }

    @Test
    void dotIsFused() {
        double[] a = {1, 1 + 0x1p-30};
        double[] b = {-1 - 0x1p-29, 1 + 0x1p-30};
        assertEquals(0x1p-60, CanonicalSumF64.dot(a, 0, b, 0, 1, 2));
    }

    @Test
    void ofNothingIsZero() {
        assertEquals(0.0, CanonicalSumF64.sum(new double[0], 0, 1, 0));
        assertEquals(0.0f, CanonicalSumF32.dot(new float[0], 0, new float[0], 0, 1, 0));
    }
}
