package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import java.util.Random;
import java.util.function.UnaryOperator;

/// Random balls of arguments, and norms of Jacobians in them.
final class Balls {
    private final Random random;

    Balls(long seed) {
        random = new Random(seed);
    }

    double uniform(double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    static double norm(double[] v) {
        double sum = 0;
        for (double value : v) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    double[] direction(int n) {
        double[] h = center(n, 1);
        double length = norm(h);
        for (int i = 0; i < n; i++) {
            h[i] /= length;
        }
        return h;
    }

    double[] center(int n, double size) {
        double[] c = new double[n];
        for (int i = 0; i < n; i++) {
            c[i] = size * random.nextGaussian();
        }
        return c;
    }

    static double[] moved(double[] c, double[] h, double d) {
        double[] t = c.clone();
        for (int i = 0; i < t.length; i++) {
            t[i] += d * h[i];
        }
        return t;
    }

    static double[] difference(double[] v, double[] w) {
        return moved(v, w, -1);
    }

    /// `|J(t)|_2`, from below.
    double jacobian(Activation phi, double[] t) {
        return norm(t.length, h -> phi.derivativeTimes(t, h), h -> phi.transposedDerivativeTimes(t, h));
    }

    /// `|M|_2`, from below, by power iteration with `M'M`.
    double norm(int n, UnaryOperator<double[]> times, UnaryOperator<double[]> transposedTimes) {
        double[] h = direction(n);
        double norm = 0;
        for (int k = 0; k < 60; k++) {
            double[] next = transposedTimes.apply(times.apply(h));
            norm = Math.sqrt(norm(next));
            if (norm == 0) {
                return 0;
            }
            for (int i = 0; i < h.length; i++) {
                h[i] = next[i] / (norm * norm);
            }
        }
        return norm;
    }
}
