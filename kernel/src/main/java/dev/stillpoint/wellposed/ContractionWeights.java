package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;

/// Verified weights in which the map of a model contracts: `w > 0` with
///
///     N(A, gamma) w <= kappa w,   kappa < 1
///
/// The inequality is checked with rounding taken into account, so it holds exactly for the stored matrix and these
/// doubles. It makes `f(x) = phi(Ax + b)` a contraction by `kappa` in the norm `max_l |x_l|_p / w_l` over
/// activation blocks `l`, where `p` is the norm of the activation's Lipschitz constant. A state `x` with residual
/// `r = f(x) - x` then lies within
///
///     |x_l - x*_l|_p <= w_l max_h (|r_h|_p / w_h) / (1 - kappa)
///
/// of the fixed point. Immutable. Source: IDL-21 §2.5 and Theorem 2.2.
public final class ContractionWeights {
    private final double[] perBlock;
    private final ActivationBlocks blocks;
    private final double kappa;

    /// Keeps `perBlock`, which the caller must not write to afterwards.
    ContractionWeights(double[] perBlock, ActivationBlocks blocks, double kappa) {
        this.perBlock = perBlock;
        this.blocks = blocks;
        this.kappa = kappa;
    }

    /// The factor of contraction, an upper bound, in [0, 1).
    public double kappa() {
        return kappa;
    }

    /// How many states there are.
    public int stateSize() {
        return blocks.states();
    }

    /// The weight of state `i`: that of its block.
    ///
    /// @throws IndexOutOfBoundsException when there is no such state
    public double weight(int i) {
        return perBlock[blocks.blockOf(i)];
    }

    /// The weights of all states, constant on every block, in a new array.
    public double[] toArray() {
        double[] weights = new double[stateSize()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = perBlock[blocks.blockOf(i)];
        }
        return weights;
    }

    /// The factor from the residual to the error, both in the plain maximum norm over blocks:
    /// `max(w) / (min(w) (1 - kappa))`, to rounding.
    public double amplification() {
        double smallest = Double.POSITIVE_INFINITY;
        double largest = 0;
        for (double w : perBlock) {
            smallest = Math.min(smallest, w);
            largest = Math.max(largest, w);
        }
        return largest / smallest / (1 - kappa);
    }

    @Override
    public String toString() {
        return "contraction by " + Figures.upper(kappa) + " in weights of " + perBlock.length + " blocks";
    }
}
