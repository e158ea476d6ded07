package dev.stillpoint.activation;

/// Max-pooling over blocks, as a map of the block into itself:
///
///     phi(v) = (max_i v_i, 0, ..., 0)
///
/// The activation of an implicit model has as many results as arguments (IDL-21 §2.1), so the maximum stands in the
/// first component of its block and the others are zero, whatever reads them. A layer that pools a window gathers
/// the window's values into a block, and what follows reads the block's first component.
///
/// Because one component alone is not zero, the constant 1 holds in the 2-norm, and in the 1-norm and the inf-norm
/// too: `|max u - max v| <= |u - v|_inf`. The same maximum in all components would have it in the inf-norm only.
///
/// Of equal components the first counts as the maximum: the Jacobian is `e_0 e_k'` with that index `k`, which is
/// not symmetric. It is no proximal map. A block with a component that is not a number gives not-a-number.
///
/// @param block values of a block, at least 1
public record MaxPool(int block) implements Activation {
    /// Checks the block size.
    ///
    /// @throws IllegalArgumentException when it is not positive
    public MaxPool {
        if (block < 1) {
            throw new IllegalArgumentException("max-pool block is " + block + ", expected a positive number");
        }
    }

    @Override
    public String label() {
        return "max-pool:" + block;
    }

    @Override
    public int blockSize() {
        return block;
    }

    @Override
    public Lipschitz lipschitz() {
        return new Lipschitz(1, Lipschitz.Norm.TWO);
    }

    @Override
    public boolean isProximal() {
        return false;
    }

    @Override
    public boolean isPositivelyHomogeneous() {
        return true;
    }

    @Override
    public double objective(double[] x) {
        throw Objective.none(this);
    }
}
