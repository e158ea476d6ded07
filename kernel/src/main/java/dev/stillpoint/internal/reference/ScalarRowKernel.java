package dev.stillpoint.internal.reference;

import java.util.Arrays;

/// The scalar twin of the passes over a row, which is their specification.
public final class ScalarRowKernel implements RowKernel {
    /// The twin, which has no state.
    public ScalarRowKernel() {}

    @Override
    public int bits() {
        return 0;
    }

    @Override
    public void measure(double[] a, int size, double[] lanes) {
        Arrays.fill(lanes, 0, 2 * LANES, 0);
        for (int i = 0; i < size; i++) {
            int l = i % LANES;
            double value = Math.abs(a[i]);
            lanes[l] += value;
            if (value > lanes[LANES + l]) {
                lanes[LANES + l] = value;
            }
        }
    }

    @Override
    public int excess(double[] a, int size, double shift, double[] lanes) {
        Arrays.fill(lanes, 0, LANES, 0);
        int count = 0;
        for (int i = 0; i < size; i++) {
            double value = Math.abs(a[i]) - shift;
            if (value > 0) {
                lanes[i % LANES] += value;
                count++;
            }
        }
        return count;
    }

    @Override
    public int shrink(double[] a, int size, double shift, double rest, double[] x, double[] lanes) {
        Arrays.fill(lanes, 0, 2 * LANES, 0);
        int count = 0;
        for (int i = 0; i < size; i++) {
            double y = (Math.abs(a[i]) - shift) - rest;
            if (y > 0) {
                int l = i % LANES;
                double s = lanes[l];
                double sum = s + y;
                double back = sum - s;
                lanes[l] = sum;
                lanes[LANES + l] += (s - (sum - back)) + (y - back);
                x[i] = a[i] < 0 ? -y : y;
                count++;
            } else {
                x[i] = 0;
            }
        }
        return count;
    }

    @Override
    public int agreement(double[] x, double[] w, int size, double[] lanes) {
        Arrays.fill(lanes, 0, LANES, 0);
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (x[i] != 0) {
                lanes[i % LANES] += x[i] < 0 ? -w[i] : w[i];
                count++;
            }
        }
        return count;
    }

    @Override
    public void tangent(double[] x, double[] w, int size, double mean, double[] out) {
        for (int i = 0; i < size; i++) {
            out[i] = x[i] == 0 ? 0 : w[i] - (x[i] < 0 ? -mean : mean);
        }
    }
}
