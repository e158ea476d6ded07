package dev.stillpoint.activation;

import dev.stillpoint.matrix.Precision;

/// Softmax over blocks: `phi(v)_i = exp(v_i)/sum_j exp(v_j)`, the proximal map of
///
///     f(x) = sum_i x_i ln(x_i) - |x|^2/2   on the simplex (x >= 0, sum_i x_i = 1),  +Inf elsewhere,
///
/// with `0 ln 0 = 0`. `prox_{alpha f}(v)` is the `x` on the simplex for which
/// `(1 - alpha) x_i + alpha ln(x_i) - v_i` is the same for all `i`.
///
/// In [#objective] a block is on the simplex when its sum is 1 within `2 block` units of roundoff, which allows for the
/// rounding of its components and of the sum.
///
/// Its Lipschitz constant in the 2-norm is 1/2. The exponentials are of `v_i - max v`, so that none overflows.
///
/// @param block values of a block, at least 1
public record Softmax(int block) implements Activation {
    /// Checks the block size.
    ///
    /// @throws IllegalArgumentException when it is not positive
    public Softmax {
        if (block < 1) {
            throw new IllegalArgumentException("softmax block is " + block + ", expected a positive number");
        }
    }

    @Override
    public String label() {
        return "softmax:" + block;
    }

    @Override
    public int blockSize() {
        return block;
    }

    @Override
    public Lipschitz lipschitz() {
        return new Lipschitz(0.5, Lipschitz.Norm.TWO);
    }

    @Override
    public boolean isProximal() {
        return true;
    }

    @Override
    public boolean isPositivelyHomogeneous() {
        return false;
    }

    @Override
    public double objective(double[] x) {
        checkSize(x.length);
        double total = 0;
        for (int first = 0; first < x.length; first += block) {
            double sum = 0;
            double value = 0;
            for (int i = first; i < first + block; i++) {
                sum += x[i];
                value += Objective.entropy(x[i]) - x[i] * x[i] / 2;
            }
            boolean outside = Math.abs(sum - 1) > 2.0 * block * Precision.F64.unitRoundoff();
            total += outside ? Double.POSITIVE_INFINITY : value;
        }
        return total;
    }
}
