package dev.stillpoint.adjoint;

/// How the coefficients of the block form of a deep model change with what they are made from.
///
/// With `d = 1 - alpha`, `L` layers, `T_R = rho I` (0 for other terms) and `S = 1 + d + ... + d^(L-1)`, that of
/// `s_j` in `z_l` is
///
///     K_lj = H d^(l + L - j) + (j <= l ? alpha d^(l - j) : 0),   H = rho alpha/D,   D = (1 - rho) + rho alpha S,
///
/// and `dH/dalpha = rho ((1 - rho) + rho alpha^2 S_1)/D^2` with `S_1 = sum_k k d^(k-1)`, `dH/drho = alpha/D^2`:
/// neither subtracts what is nearly equal, also where `alpha` is small and `rho = 1`.
final class LayerCoefficients {
    private final double alpha;
    private final int depth;
    private final double h;
    private final double hByAlpha;
    private final double hByFactor;

    LayerCoefficients(double alpha, int depth, double factor) {
        this.alpha = alpha;
        this.depth = depth;
        double powers = 0;
        double slopes = 0;
        for (int k = depth - 1; k >= 0; k--) {
            powers += decay(k);
            slopes += decayByBase(k);
        }
        double divisor = (1 - factor) + factor * alpha * powers;
        h = factor * alpha / divisor;
        hByAlpha = factor * ((1 - factor) + factor * alpha * alpha * slopes) / divisor / divisor;
        hByFactor = alpha / divisor / divisor;
    }

    /// `d^k`.
    double decay(int k) {
        return k == 0 ? 1 : Math.exp(k * Math.log1p(-alpha));
    }

    /// `k d^(k-1)`: minus what `d^k` changes by with `alpha`.
    double decayByBase(int k) {
        return k == 0 ? 0 : k * decay(k - 1);
    }

    /// `dK_lj/dalpha`, `j` in `1 .. L`.
    double byAlpha(int l, int j) {
        int around = l + depth - j;
        double change = hByAlpha * decay(around) - h * decayByBase(around);
        return j > l ? change : change + (decay(l - j) - alpha * decayByBase(l - j));
    }

    /// `dK_lj/drho`, `j` in `1 .. L`.
    double byFactor(int l, int j) {
        return hByFactor * decay(l + depth - j);
    }
}
