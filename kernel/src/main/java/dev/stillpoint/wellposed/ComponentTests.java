package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.wellposed.BlockNorms.Norm;
import java.util.Optional;
import java.util.OptionalDouble;

/// Decides one diagonal block of the block-triangular form: a strongly connected component of activation blocks.
///
/// The whole model is well-posed if and only if every diagonal block is (IDL-21 Theorems 2.7 and 2.8), so each is
/// decided by whichever test does, the cheapest first:
///
/// * a single state: [ScalarComponent], which is exact;
/// * `lambda_PF(N) < 1` of the block;
/// * ReLU with an entry `a_ii >= 1`, in a block of any size: ill-posed. With `b_j` so negative for every other
///   state `j` that it stays at zero, the several solutions of the scalar equation are solutions of the model;
/// * ReLU with a non-negative block and `lambda_PF >= 1`: ill-posed. With `b > 0` every solution is positive, and
///   with the left Perron-Frobenius vector `u > 0` it would satisfy `u'x = lambda u'x + u'b > u'x`;
/// * piecewise linear activations and few states: [OrthantDeterminants], which is exact;
/// * softmax and max-pooling: `lambda_PF(N) < 1` in the 1-norm or the inf-norm of blocks;
/// * proximal activations: a positive [MonotoneMargin];
/// * the identity: `I - A` non-singular;
/// * [DiagonalLyapunov], which includes the 2-norm.
final class ComponentTests {
    private final SparseMatrix a;
    private final ActivationBlocks blocks;
    private final PerronFrobenius eigenvalues;

    /// What was decided.
    ///
    /// @param verdict what is proved of the block
    /// @param test the test that proved it; where nothing is proved, the last that was tried
    /// @param contracts whether the block's map is proved to be a contraction
    /// @param reason in words
    record Decision(Verdict verdict, Finding.Test test, boolean contracts, String reason) {}

    /// Tests for the blocks of `a`, where `eigenvalues` are those of `N(A, gamma)`.
    ComponentTests(SparseMatrix a, ActivationBlocks blocks, PerronFrobenius eigenvalues) {
        this.a = a;
        this.blocks = blocks;
        this.eigenvalues = eigenvalues;
    }

    /// Decides component `c`.
    Decision decide(int c) {
        PerronFrobenius.Component component = eigenvalues.component(c);
        int[] states = blocks.statesOf(component.members());
        double lambda = component.bounds().upper();
        if (states.length == 1) {
            double entry = a.diagonal(states[0]);
            Activation phi = blocks.activation(component.members()[0]);
            String reason = "state %d has %s".formatted(states[0], ScalarComponent.describe(phi, entry));
            return new Decision(ScalarComponent.decide(phi, entry), Finding.Test.TRIANGULAR, lambda < 1, reason);
        }
        if (lambda < 1) {
            return contraction(Finding.Test.PERRON_FROBENIUS, "lambda_PF <= " + Figures.upper(lambda) + " < 1");
        }
        ActivationBlocks own = blocks.select(component.members());
        Activation phi = own.activation();
        Optional<Decision> ill = phi instanceof Relu ? illPosedRelu(component, states) : Optional.empty();
        if (ill.isPresent()) {
            return ill.get();
        }
        OptionalDouble slope = negativeSlope(phi);
        boolean linear = slope.isPresent() && slope.getAsDouble() == 1;
        int exactLimit = linear ? OrthantDeterminants.LARGEST_LINEAR : OrthantDeterminants.LARGEST;
        if (slope.isPresent() && states.length <= exactLimit) {
            return orthants(states, slope.getAsDouble(), phi);
        }
        if (states.length > WellPosedness.DENSE_LIMIT) {
            return unknown(
                    Finding.Test.COMPONENTS,
                    "it has %d states, above the limit of %d for the dense tests"
                            .formatted(states.length, WellPosedness.DENSE_LIMIT));
        }
        return dense(own, states, linear);
    }

    private Optional<Decision> illPosedRelu(PerronFrobenius.Component component, int[] states) {
        for (int i : states) {
            if (a.diagonal(i) >= 1) {
                return Optional.of(new Decision(
                        Verdict.ILL_POSED,
                        Finding.Test.TRIANGULAR,
                        false,
                        "state %d has a_ii = %s, and a ReLU model needs a_ii < 1".formatted(i, a.diagonal(i))));
            }
        }
        double lambda = component.bounds().lower();
        if (lambda >= 1 && isNonNegative(states)) {
            return Optional.of(new Decision(
                    Verdict.ILL_POSED,
                    Finding.Test.PERRON_FROBENIUS,
                    false,
                    "the %d states around state %d have a non-negative block with lambda_PF >= %s, and ReLU needs it below 1"
                            .formatted(states.length, states[0], Figures.lower(lambda))));
        }
        return Optional.empty();
    }

    private boolean isNonNegative(int[] states) {
        boolean[] inside = new boolean[a.size()];
        for (int i : states) {
            inside[i] = true;
        }
        for (int i : states) {
            for (int p = a.start()[i]; p < a.start()[i + 1]; p++) {
                if (a.value()[p] < 0 && inside[a.column()[p]]) {
                    return false;
                }
            }
        }
        return true;
    }

    private static OptionalDouble negativeSlope(Activation phi) {
        return switch (phi) {
            case Relu _ -> OptionalDouble.of(0);
            case LeakyRelu(double slope) -> OptionalDouble.of(slope);
            case Identity _ -> OptionalDouble.of(1);
            default -> OptionalDouble.empty();
        };
    }

    private Decision orthants(int[] states, double slope, Activation phi) {
        boolean wellPosed = OrthantDeterminants.isWellPosed(a.principal(states), slope);
        String what =
                "of the block of the %d states around state %d, the determinants of I - A D, over all slopes D of %s,"
                        .formatted(states.length, states[0], phi.label());
        return new Decision(
                wellPosed ? Verdict.WELL_POSED : Verdict.ILL_POSED,
                Finding.Test.ORTHANTS,
                false,
                what + (wellPosed ? " have one sign" : " do not have one sign"));
    }

    private Decision dense(ActivationBlocks own, int[] states, boolean linear) {
        Activation phi = own.activation();
        double[][] block = a.principal(states);
        if (!own.isComponentwise()) {
            SparseMatrix part = SparseMatrix.of(block, a.unit());
            for (Norm norm : Norm.values()) {
                if (norm != BlockNorms.normOf(phi) && BlockNorms.holdsIn(phi, norm)) {
                    double lambda = PerronFrobenius.of(BlockNorms.of(part, own, norm))
                            .bounds()
                            .upper();
                    if (lambda < 1) {
                        return contraction(
                                Finding.Test.PERRON_FROBENIUS,
                                "lambda_PF <= %s < 1 in the %s of blocks"
                                        .formatted(Figures.upper(lambda), norm.label()));
                    }
                }
            }
        }
        if (phi.isProximal()) {
            double margin = MonotoneMargin.margin(block).lower();
            if (margin > 0) {
                return new Decision(
                        Verdict.WELL_POSED,
                        Finding.Test.MONOTONE,
                        false,
                        "monotone margin >= " + Figures.lower(margin) + " > 0");
            }
        }
        if (linear && MonotoneMargin.isComplementNonSingular(block)) {
            return new Decision(Verdict.WELL_POSED, Finding.Test.ORTHANTS, false, "I - A is non-singular");
        }
        if (BlockNorms.holdsIn(phi, Norm.TWO) && states.length <= DiagonalLyapunov.LARGEST) {
            double bound = DiagonalLyapunov.bound(block, own);
            if (bound < 1) {
                return contraction(
                        Finding.Test.DIAGONAL_LYAPUNOV,
                        "gamma |D A D^-1|_2 <= %s < 1 for a diagonal D".formatted(Figures.upper(bound)));
            }
            return unknown(
                    Finding.Test.DIAGONAL_LYAPUNOV,
                    "no test decides it; gamma |D A D^-1|_2 stays at " + Figures.upper(bound)
                            + " or above over the diagonal D that were tried");
        }
        return unknown(Finding.Test.COMPONENTS, "no test decides it");
    }

    private static Decision contraction(Finding.Test test, String reason) {
        return new Decision(Verdict.WELL_POSED, test, true, reason);
    }

    private static Decision unknown(Finding.Test test, String reason) {
        return new Decision(Verdict.UNKNOWN, test, false, reason);
    }
}
