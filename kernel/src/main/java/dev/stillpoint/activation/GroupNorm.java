package dev.stillpoint.activation;

import java.math.BigDecimal;

/// Group norm over blocks: `phi(v)_i = (v_i - mean)/sqrt(var + eps)` with the mean and the population variance
/// `sum_i (v_i - mean)^2 / block` of the block.
///
/// Its Jacobian is `(I - 1 1'/block - p p'/block)/sqrt(var + eps)` with `p = phi(v)`: symmetric, and of norm
/// `1/sqrt(var + eps)` at most, which makes `1/sqrt(eps)` the Lipschitz constant in the 2-norm. It is no proximal
/// map: where that constant is above 1 it expands.
///
/// A block with a component that is infinite or not a number, or whose sum overflows, gives not-a-number; one whose
/// squares overflow gives zeros. A block of one value gives 0.
///
/// Source: NTK-22 §4.1; IDL-21 §2.1 (normalisation as a blockwise Lipschitz map).
///
/// @param block values of a block, at least 1
/// @param eps what is added to the variance, positive
public record GroupNorm(int block, double eps) implements Activation {
    /// What is added to the variance where nothing else is said.
    public static final double DEFAULT_EPS = 1e-5;

    /// Checks the parameters.
    ///
    /// @throws IllegalArgumentException when one is not positive, or `eps` is not a normal number of FP32
    public GroupNorm {
        if (block < 1) {
            throw new IllegalArgumentException("group norm block is " + block + ", expected a positive number");
        }
        if (!(eps >= Float.MIN_NORMAL && eps <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "eps of group norm is " + eps + ", expected a positive number that FP32 can hold");
        }
    }

    @Override
    public String label() {
        return "group-norm:" + block + (eps == DEFAULT_EPS ? "" : ":" + eps);
    }

    @Override
    public int blockSize() {
        return block;
    }

    /// `1/sqrt(eps)`, rounded up, in the 2-norm.
    @Override
    public Lipschitz lipschitz() {
        double constant = 1 / Math.sqrt(eps);
        while (new BigDecimal(constant).pow(2).multiply(new BigDecimal(eps)).compareTo(BigDecimal.ONE) < 0) {
            constant = Math.nextUp(constant);
        }
        return new Lipschitz(constant, Lipschitz.Norm.TWO);
    }

    @Override
    public boolean isProximal() {
        return false;
    }

    /// Only where it is constantly 0.
    @Override
    public boolean isPositivelyHomogeneous() {
        return block == 1;
    }

    @Override
    public double objective(double[] x) {
        throw Objective.none(this);
    }
}
