package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.Rounding;
import java.util.Arrays;
import java.util.Optional;

/// Finds [ContractionWeights] for a non-negative matrix `M` with `lambda_PF(M) < 1`.
///
/// The Perron-Frobenius vector of a reducible matrix may have zeros, so the weights are put together from the
/// vectors of the components: with `kappa` between the eigenvalue and 1, a component's vector is multiplied by the
/// smallest factor for which `M w <= kappa w` holds in its rows, given the weights of the components it depends on.
/// Then every weight is lowered as far as `w >= 1` and `w_i >= (Mw)_i / kappa` allow, which keeps the inequality in
/// all rows. A few values of `kappa`, and `w = 1`, are tried; the weights whose error bound amplifies the residual
/// least are kept, provided that they pass the verification.
///
/// Cost: some hundred products with `M` at most. There may be no weights in the range of doubles (a strictly
/// triangular matrix of ones needs `2^n`); then the result is empty although the eigenvalue is below 1.
final class WeightSearch {
    /// `kappa = lambda + t (1 - lambda)` for these `t`.
    private static final double[] PARTS = {0x1p-6, 0.125, 0.25, 0.5, 0.75, 0.875};

    private static final int SWEEPS = 20;

    /// Room for the rounding of the scaling factor.
    private static final double MARGIN = 1 + 0x1p-40;

    private final NonNegativeMatrix m;
    private final PerronFrobenius eigenvalues;
    private final double[] inner;

    private WeightSearch(NonNegativeMatrix m, PerronFrobenius eigenvalues) {
        this.m = m;
        this.eigenvalues = eigenvalues;
        inner = new double[m.size()];
    }

    /// Weights of `m`, whose row `l` stands for the states of block `l`.
    static Optional<ContractionWeights> find(
            NonNegativeMatrix m, PerronFrobenius eigenvalues, ActivationBlocks blocks) {
        double lambda = eigenvalues.bounds().upper();
        if (!(lambda < 1)) {
            return Optional.empty();
        }
        WeightSearch search = new WeightSearch(m, eigenvalues);
        double[] ones = new double[m.size()];
        Arrays.fill(ones, 1);
        Optional<ContractionWeights> best = search.verify(ones, blocks);
        if (eigenvalues.count() == 1) {
            best = better(best, search.verify(eigenvalues.component(0).vector().clone(), blocks));
        }
        for (double part : PARTS) {
            double[] w = search.assemble(lambda + part * (1 - lambda));
            best = better(best, search.verify(w, blocks));
        }
        return best;
    }

    private static Optional<ContractionWeights> better(Optional<ContractionWeights> a, Optional<ContractionWeights> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        return b.get().amplification() < a.get().amplification() ? b : a;
    }

    private double[] assemble(double kappa) {
        double[] w = new double[m.size()];
        for (int c = 0; c < eigenvalues.count(); c++) {
            place(eigenvalues.component(c), kappa, w);
        }
        for (int sweep = 0; sweep < SWEEPS && lower(kappa, w); sweep++) {
            // Lowering is all there is to do.
        }
        return w;
    }

    /// Sets the weights of a component from those it depends on; the others are still zero.
    private void place(PerronFrobenius.Component component, double kappa, double[] w) {
        int[] members = component.members();
        double[] vector = component.vector();
        double factor = 1 / Arrays.stream(vector).min().orElse(1);
        for (int k = 0; k < members.length; k++) {
            inner[members[k]] = vector[k];
        }
        for (int k = 0; k < members.length; k++) {
            double outside = row(members[k], w);
            if (outside > 0) {
                double room = kappa * vector[k] - row(members[k], inner);
                factor = Math.max(factor, room > 0 ? outside / room * MARGIN : Double.POSITIVE_INFINITY);
            }
        }
        for (int member : members) {
            inner[member] = 0;
        }
        for (int k = 0; k < members.length; k++) {
            w[members[k]] = vector[k] * factor;
        }
    }

    /// One sweep of lowering; whether it lowered anything noticeably.
    private boolean lower(double kappa, double[] w) {
        boolean lowered = false;
        for (int c = 0; c < eigenvalues.count(); c++) {
            for (int i : eigenvalues.component(c).members()) {
                double needed = Math.max(1, row(i, w) / kappa * MARGIN);
                if (needed < w[i]) {
                    lowered |= needed < 0.999 * w[i];
                    w[i] = needed;
                }
            }
        }
        return lowered;
    }

    private double row(int i, double[] w) {
        double sum = 0;
        for (int p = m.start()[i]; p < m.start()[i + 1]; p++) {
            sum += m.upper()[p] * w[m.column()[p]];
        }
        return sum;
    }

    /// The weights with their smallest verified `kappa`, if that is below 1.
    private Optional<ContractionWeights> verify(double[] w, ActivationBlocks blocks) {
        double kappa = 0;
        for (int i = 0; i < w.length; i++) {
            int entries = m.start()[i + 1] - m.start()[i];
            boolean usable = w[i] > 0 && w[i] < Double.POSITIVE_INFINITY;
            if (!usable) {
                return Optional.empty();
            }
            if (entries > 0) {
                kappa = Math.max(kappa, Rounding.divideUp(Rounding.sumUp(row(i, w), entries), w[i]));
            }
        }
        return kappa < 1 ? Optional.of(new ContractionWeights(w, blocks, kappa)) : Optional.empty();
    }
}
