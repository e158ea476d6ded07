package dev.stillpoint.validation.problem;

import java.util.Arrays;

/// The Perron-Frobenius eigenvalue of a nonnegative matrix, from above.
///
/// For every `v > 0` the eigenvalue is at most `max_i (Nv)_i / v_i` (Collatz and Wielandt); a power iteration
/// makes `v` such that the bound is nearly attained. Cyclic matrices of a known period are iterated a whole period
/// at a time, for which they are not cyclic any more.
final class PerronRoot {
    private static final int MAX_ROUNDS = 300;
    private static final int PATIENCE = 10;
    private static final double SPREAD = 1e-12;
    private static final double FLOOR = 1e-200;

    private PerronRoot() {}

    /// An estimate of the eigenvalue of `n`, at least as large as it but for rounding.
    static double estimate(double[][] n, int period) {
        double[] v = new double[n.length];
        Arrays.fill(v, 1);
        double best = Double.POSITIVE_INFINITY;
        int sinceImproved = 0;
        for (int round = 0; round < MAX_ROUNDS && sinceImproved < PATIENCE; round++) {
            double[] w = v;
            for (int k = 0; k < period; k++) {
                w = times(n, w);
            }
            double largest = 0;
            double highest = 0;
            double lowest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < w.length; i++) {
                largest = Math.max(largest, w[i]);
                highest = Math.max(highest, w[i] / v[i]);
                lowest = Math.min(lowest, w[i] / v[i]);
            }
            sinceImproved = highest < best * (1 - SPREAD) ? 0 : sinceImproved + 1;
            best = Math.min(best, highest);
            if (largest == 0 || highest - lowest <= SPREAD * highest) {
                break;
            }
            v = new double[w.length];
            for (int i = 0; i < w.length; i++) {
                v[i] = Math.max(w[i] / largest, FLOOR);
            }
        }
        return period == 1 ? best : StrictMath.pow(best, 1.0 / period);
    }

    private static double[] times(double[][] n, double[] v) {
        double[] w = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            double sum = 0;
            for (int j = 0; j < v.length; j++) {
                sum += n[i][j] * v[j];
            }
            w[i] = sum;
        }
        return w;
    }
}
