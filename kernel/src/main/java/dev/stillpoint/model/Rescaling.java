package dev.stillpoint.model;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.wellposed.ContractionWeights;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import org.jspecify.annotations.Nullable;

/// A model with its state in other units, `x' = S^-1 x`, so that its map contracts in the plain maximum norm:
///
///     A' = S^-1 A S,   B' = S^-1 B,   bias' = S^-1 bias,   C' = C S,   D' = D
///
/// `S = diag(s)` are verified [ContractionWeights], which exist where `lambda_PF(N(A, gamma)) < 1`, and are the
/// same on all states of an activation block. The activation must be positively homogeneous, block after block,
/// so that `phi(Sz) = S phi(z)`. Then `|N(A', gamma)|_inf <= bound < 1`; with a componentwise activation of
/// constant 1, as ReLU, `N` is `|A'|`, and that is `|A'|_inf <= bound`.
///
/// **Accuracy.** The model is the same in real arithmetic but for the rounding of the entries, at most `3 u` of
/// each, `u = 2^-53`: stored ones are scaled, and computed ones (products, sums, low rank, convolutions) get a
/// diagonal factor on either side, which keeps their structure. The bound takes that into account. What is stored
/// is in FP64.
///
/// Immutable. Source: IDL-21 §2.5, (2.7).
public final class Rescaling {
    private final ImplicitModel model;
    private final ContractionWeights weights;
    private final double bound;

    private Rescaling(ImplicitModel model, ContractionWeights weights, double bound) {
        this.model = model;
        this.weights = weights;
        this.bound = bound;
    }

    /// Rescales a model. Cost: that of [WellPosedness#analyse], and one pass over the entries.
    ///
    /// @throws IllegalArgumentException when the activation is not positively homogeneous, `lambda_PF(N(A,
    ///     gamma))` was not found to be below 1, or an entry leaves the range of doubles; the message says which
    public static Rescaling of(ImplicitModel model) {
        if (!model.activation().isPositivelyHomogeneous()) {
            throw new IllegalArgumentException(
                    "activation %s is not positively homogeneous: only such states, as of relu, can be rescaled"
                            .formatted(model.activation().label()));
        }
        WellPosednessReport report = WellPosedness.analyse(model.a(), model.activation());
        ContractionWeights weights = report.weights()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no weights make the model a contraction: lambda_PF(N(A, gamma)) is %s, expected below 1"
                                .formatted(report.lambdaPf())));
        double[] s = weights.toArray();
        int largest = ActivationBlocks.of(model.activation(), model.stateSize()).largest();
        // The 2-norm of a block whose entries err by e of each errs by e sqrt(size) at most.
        double growth = Rounding.addUp(1, 4 * Rounding.UNIT * Rounding.sqrtUp(largest));
        double bound = Rounding.multiplyUp(weights.kappa(), growth);
        if (!(bound < 1)) {
            throw new IllegalArgumentException(
                    "the rounding of the entries may undo a contraction by %s".formatted(weights.kappa()));
        }
        OperatorScaling rows = new OperatorScaling(s, null);
        FixedPointProblem problem = new FixedPointProblem(
                new OperatorScaling(s, s).of(model.a()), rows.of(model.b()), bias(model.bias(), s), model.activation());
        return new Rescaling(
                new ImplicitModel(problem, new OperatorScaling(null, s).of(model.c()), model.d()), weights, bound);
    }

    private static @Nullable Matrix bias(@Nullable Matrix bias, double[] s) {
        if (bias == null) {
            return null;
        }
        double[] scaled = bias.toDoubleArray();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = OperatorScaling.scaled(scaled[i], 1, s[i]);
        }
        return Matrix.of(scaled, 1, scaled.length).frozen();
    }

    /// The rescaled model.
    public ImplicitModel model() {
        return model;
    }

    /// The weights `s`: `x_i = s_i x'_i`.
    public ContractionWeights weights() {
        return weights;
    }

    /// An upper bound, below 1, of `|N(A', gamma)|_inf`.
    public double bound() {
        return bound;
    }

    @Override
    public String toString() {
        return "rescaled: |N(A', gamma)|_inf <= " + bound;
    }
}
