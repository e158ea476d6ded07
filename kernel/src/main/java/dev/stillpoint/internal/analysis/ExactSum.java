package dev.stillpoint.internal.analysis;

import java.util.Arrays;

/// An exact sum of doubles, of which the sign is asked.
///
/// The sum is kept as an expansion: components that do not overlap, in increasing size, whose exact sum is that of
/// all terms so far. A term is added to each component in turn, the rounding errors being the new components. The
/// last component that is not zero is larger than all others together, so its sign is that of the sum. Two or three
/// components are usual; the cost is seven operations a term and component.
///
/// Source: J. R. Shewchuk, Adaptive precision floating-point arithmetic and fast robust geometric predicates,
/// Discrete and Computational Geometry 18 (1997), grow-expansion with zero elimination.
public final class ExactSum {
    private double[] components = new double[8];
    private int count;

    private ExactSum() {}

    /// The sign of `sum_i |a_i| - bound`: -1, 0 or 1.
    ///
    /// @param a its first `n` values, finite, whose sum does not overflow
    /// @param bound finite
    public static int compareAbsolute(double[] a, int n, double bound) {
        ExactSum sum = new ExactSum();
        sum.add(-bound);
        for (int i = 0; i < n; i++) {
            sum.add(Math.abs(a[i]));
        }
        return sum.sign();
    }

    private void add(double term) {
        double sum = term;
        int kept = 0;
        for (int k = 0; k < count; k++) {
            double s = sum;
            double t = components[k];
            sum = s + t;
            double back = sum - s;
            double error = (s - (sum - back)) + (t - back);
            if (error != 0) {
                components[kept++] = error;
            }
        }
        if (kept == components.length) {
            components = Arrays.copyOf(components, 2 * kept);
        }
        components[kept] = sum;
        count = kept + 1;
    }

    private int sign() {
        for (int k = count - 1; k >= 0; k--) {
            if (components[k] != 0) {
                return components[k] > 0 ? 1 : -1;
            }
        }
        return 0;
    }
}
