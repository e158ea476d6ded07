package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.internal.analysis.StronglyConnectedComponents;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.wellposed.BlockNorms.Norm;
import dev.stillpoint.wellposed.Finding.Outcome;
import dev.stillpoint.wellposed.Finding.Test;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// Analyses whether `x = phi(Ax + b)` has exactly one solution for every `b`.
///
/// All figures are bounds for the matrix as stored, rounding included; a verdict rests on them alone. Where the
/// entries of an operator are computed (products, low rank, sums), they are for its dense form in FP64. The
/// sufficient conditions are those of [Finding.Test]; where none holds for the whole matrix, the strongly connected
/// components of the graph of activation blocks are decided one by one. With a blockwise activation everything is
/// taken over blocks: `lambda_PF(|A|)`, or a triangular `A`, then prove nothing.
///
/// Cost: about `5 n^3` operations and three dense matrices for `n` up to [#DENSE_LIMIT]. Above it the 2-norm, the
/// monotone margin and the Lipschitz constant are bounded through row and column sums alone, and the findings say
/// so; everything else is linear in the entries for a step of the iterations. Allocates what it needs, starts no
/// threads, and may be called from any.
///
/// Source: IDL-21 §2.1-2.5 and §8.1; IDL-19 §3; NTK-22 §2.3.2.
public final class WellPosedness {
    /// Largest number of states for which dense factorisations are done.
    public static final int DENSE_LIMIT = 4096;

    private final SparseMatrix a;
    private final Activation phi;
    private final ActivationBlocks blocks;
    private final double gamma;
    private final StronglyConnectedComponents graph;
    private final NonNegativeMatrix norms;
    private final PerronFrobenius eigenvalues;
    private final Bracket absolute;
    private final InducedNorms induced;
    private final Bracket normTwo;
    private final Bracket margin;
    private final Bracket lipschitz;
    private final OptionalDouble rankOne;
    private final Structure structure;

    private WellPosedness(SparseMatrix a, Activation phi) {
        this.a = a;
        this.phi = phi;
        blocks = ActivationBlocks.of(phi, a.size());
        gamma = blocks.gamma();
        norms = BlockNorms.of(a, blocks, BlockNorms.normOf(phi));
        graph = StronglyConnectedComponents.of(norms.start(), norms.column());
        eigenvalues = PerronFrobenius.of(norms, graph);
        absolute = blocks.isPlain()
                ? eigenvalues.bounds()
                : PerronFrobenius.of(NonNegativeMatrix.absolute(a)).bounds();
        induced = InducedNorms.of(a);
        if (a.size() <= DENSE_LIMIT) {
            double[][] dense = a.dense();
            normTwo = SpectralNorm.of(dense);
            margin = MonotoneMargin.margin(dense);
            lipschitz = MonotoneMargin.lipschitz(dense);
        } else {
            normTwo = induced.two();
            margin = InducedNorms.margin(a);
            lipschitz = InducedNorms.ofComplement(a).two();
        }
        rankOne = RankOne.bound(a);
        structure = Structure.of(a, blocks, graph, rankOne.isPresent());
    }

    /// Analyses the model `x = phi(Ax + b)`.
    ///
    /// @param a `A`, `(n, n)`, `n >= 1`
    /// @param phi the activation
    /// @throws ShapeException when `a` is not square, or `n` is no multiple of the activation's block size
    /// @throws IllegalArgumentException when an entry of `a` is not finite
    public static WellPosednessReport analyse(LinearOperator a, Activation phi) {
        SparseMatrix entries = SparseMatrix.of(a);
        phi.checkSize(entries.size());
        return new WellPosedness(entries, phi).report();
    }

    private WellPosednessReport report() {
        List<Finding> findings = new ArrayList<>();
        findings.add(perronFrobenius());
        findings.add(triangular(Test.DIAGONAL, structure.isDiagonal()));
        findings.add(triangular(Test.TRIANGULAR, structure.isTriangularUnderPermutation()));
        findings.add(monotone());
        findings.add(norm(Test.NORM_ONE, Norm.ONE, induced.one(), "|A|_1"));
        findings.add(norm(Test.NORM_TWO, Norm.TWO, normTwo, "|A|_2" + denseNote()));
        findings.add(norm(Test.NORM_INFINITY, Norm.INFINITY, induced.infinity(), "|A|_inf"));
        findings.add(rankOne());
        boolean settled = findings.stream().anyMatch(Finding::holds);
        boolean contraction = findings.stream().anyMatch(finding -> finding.holds() && isContraction(finding.test()));
        ComponentFindings components = settled
                ? ComponentFindings.notNeeded()
                : ComponentFindings.decide(new ComponentTests(a, blocks, eigenvalues), eigenvalues.count());
        findings.addAll(components.findings());
        return new WellPosednessReport(
                phi,
                components.verdict(),
                contraction || components.contracts(),
                condition(components, findings),
                eigenvalues.bounds(),
                absolute,
                induced.one(),
                normTwo,
                induced.infinity(),
                margin,
                lipschitz,
                WeightSearch.find(norms, eigenvalues, blocks),
                findings,
                structure);
    }

    /// Whether the condition of a test of the whole matrix makes the map a contraction in some norm.
    private static boolean isContraction(Test test) {
        return switch (test) {
            case PERRON_FROBENIUS, NORM_ONE, NORM_TWO, NORM_INFINITY, RANK_ONE -> true;
            default -> false;
        };
    }

    private String condition(ComponentFindings components, List<Finding> findings) {
        return switch (components.verdict()) {
            case WELL_POSED -> conditions(findings);
            case ILL_POSED -> "ill-posed: " + components.summary();
            case UNKNOWN ->
                "no condition holds: %s = %s, monotone margin %s, |A|_2 = %s with gamma = %s; %s"
                        .formatted(nameOfLambda(), eigenvalues.bounds(), margin, normTwo, gamma, components.summary());
        };
    }

    /// The first condition that holds, and the names of the others.
    private static String conditions(List<Finding> findings) {
        List<Finding> holding = findings.stream().filter(Finding::holds).toList();
        String others =
                holding.stream().skip(1).map(finding -> finding.test().label()).collect(Collectors.joining(", "));
        return holding.getFirst().detail() + (others.isEmpty() ? "" : "; also holds: " + others);
    }

    private String nameOfLambda() {
        return blocks.isPlain() ? "lambda_PF(|A|)" : "lambda_PF(N(A, gamma))";
    }

    private String denseNote() {
        return a.size() <= DENSE_LIMIT
                ? ""
                : " (from row and column sums: %d states exceed the limit of %d)".formatted(a.size(), DENSE_LIMIT);
    }

    private Finding perronFrobenius() {
        Bracket lambda = eigenvalues.bounds();
        return lambda.upper() < 1
                ? holds(Test.PERRON_FROBENIUS, nameOfLambda() + " <= " + Figures.upper(lambda.upper()) + " < 1")
                : fails(Test.PERRON_FROBENIUS, nameOfLambda() + " = " + lambda + ", not below 1");
    }

    private Finding triangular(Test test, boolean applies) {
        String shape = test.label() + (blocks.isComponentwise() ? "" : " over activation blocks");
        if (!applies) {
            return new Finding(test, Outcome.NOT_APPLICABLE, "A is not " + shape);
        }
        if (!blocks.isComponentwise()) {
            return new Finding(test, Outcome.NOT_APPLICABLE, "A is " + shape + "; its diagonal blocks decide");
        }
        for (int i = 0; i < a.size(); i++) {
            Activation own = blocks.activation(i);
            if (ScalarComponent.decide(own, a.diagonal(i)) != Verdict.WELL_POSED) {
                return fails(
                        test,
                        "A is %s, but state %d has %s"
                                .formatted(shape, i, ScalarComponent.describe(own, a.diagonal(i))));
            }
        }
        String how = test == Test.TRIANGULAR && !structure.isTriangular() ? " under a symmetric permutation" : "";
        return holds(test, "A is %s%s, with %s in every state".formatted(shape, how, range()));
    }

    private String range() {
        return phi instanceof BlockActivation ? "an a_ii that its activation allows" : ScalarComponent.range(phi);
    }

    private Finding monotone() {
        if (!phi.isProximal()) {
            return new Finding(Test.MONOTONE, Outcome.NOT_APPLICABLE, phi.label() + " is no proximal map");
        }
        return margin.lower() > 0
                ? holds(
                        Test.MONOTONE,
                        "I - (A + A')/2 >= m I with a monotone margin m >= %s > 0%s"
                                .formatted(Figures.lower(margin.lower()), denseNote()))
                : fails(Test.MONOTONE, "monotone margin %s, not above 0%s".formatted(margin, denseNote()));
    }

    private Finding norm(Test test, Norm norm, Bracket value, String name) {
        if (!BlockNorms.holdsIn(phi, norm)) {
            return new Finding(
                    test, Outcome.NOT_APPLICABLE, phi.label() + " has no Lipschitz constant in the " + norm.label());
        }
        double bound = gamma == 1 ? value.upper() : Rounding.multiplyUp(gamma, value.upper());
        String figure = (gamma == 1 ? "" : gamma + " ") + name + " <= " + Figures.upper(bound);
        return bound < 1 ? holds(test, figure + " < 1") : fails(test, figure + ", not below 1");
    }

    private Finding rankOne() {
        if (rankOne.isEmpty() || !blocks.isComponentwise()) {
            return new Finding(
                    Test.RANK_ONE,
                    Outcome.NOT_APPLICABLE,
                    rankOne.isEmpty() ? "A is not of rank one" : phi.label() + " is not componentwise");
        }
        double bound = gamma == 1 ? rankOne.getAsDouble() : Rounding.multiplyUp(gamma, rankOne.getAsDouble());
        String figure = "A = p q' with " + (gamma == 1 ? "" : gamma + " ") + "|p|'|q| <= " + Figures.upper(bound);
        return bound < 1 ? holds(Test.RANK_ONE, figure + " < 1") : fails(Test.RANK_ONE, figure + ", not below 1");
    }

    private static Finding holds(Test test, String detail) {
        return new Finding(test, Outcome.HOLDS, detail);
    }

    private static Finding fails(Test test, String detail) {
        return new Finding(test, Outcome.DOES_NOT_HOLD, detail);
    }
}
