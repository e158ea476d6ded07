package dev.stillpoint.internal.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StronglyConnectedComponentsTest {

    private static StronglyConnectedComponents of(double[][] a) {
        int n = a.length;
        int[] start = new int[n + 1];
        int[] column = new int[n * n];
        for (int i = 0; i < n; i++) {
            start[i + 1] = start[i];
            for (int j = 0; j < n; j++) {
                if (a[i][j] != 0) {
                    column[start[i + 1]++] = j;
                }
            }
        }
        return StronglyConnectedComponents.of(start, column);
    }

    private static double[][] random(Random random, int n, double density) {
        double[][] a = new double[n][n];
        for (double[] row : a) {
            Arrays.setAll(row, j -> random.nextDouble() < density ? 1 : 0);
        }
        return a;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 13, 40})
    void agreesWithTheTransitiveClosure(int n) {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            double[][] a = random(random, n, 1.5 * random.nextDouble() / n);
            boolean[][] reach = closure(a);
            StronglyConnectedComponents graph = of(a);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    String where = "n %d, seed %d, %d and %d".formatted(n, seed, i, j);
                    assertEquals(reach[i][j] && reach[j][i], graph.of(i) == graph.of(j), where);
                    assertTrue(!reach[i][j] || graph.of(j) <= graph.of(i), where + ": order");
                }
            }
        }
    }

    private static boolean[][] closure(double[][] a) {
        int n = a.length;
        boolean[][] reach = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                reach[i][j] = i == j || a[i][j] != 0;
            }
        }
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    reach[i][j] |= reach[i][k] && reach[k][j];
                }
            }
        }
        return reach;
    }

    @Test
    void membersAreIncreasingAndComplete() {
        StronglyConnectedComponents graph = of(new double[][] {{0, 0, 1, 0}, {0, 0, 0, 1}, {1, 0, 0, 0}, {1, 0, 0, 0}});
        assertEquals(3, graph.count());
        assertEquals(2, graph.largest());
        assertArrayEquals(new int[] {0, 2}, graph.members(0));
        assertArrayEquals(new int[] {3}, graph.members(1));
        assertArrayEquals(new int[] {1}, graph.members(2));
    }

    @Test
    void aPathOfAnyLengthNeedsNoRecursion() {
        int n = 1_000_000;
        int[] start = new int[n + 1];
        int[] column = new int[n - 1];
        for (int i = 0; i < n; i++) {
            start[i] = i;
            if (i < n - 1) {
                column[i] = i + 1;
            }
        }
        start[n] = n - 1;
        start[n - 1] = n - 1;
        StronglyConnectedComponents graph = StronglyConnectedComponents.of(start, column);
        assertEquals(n, graph.count());
        assertEquals(0, graph.of(n - 1));
    }
}
