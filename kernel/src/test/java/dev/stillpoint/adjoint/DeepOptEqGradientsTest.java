package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.model.opteq.DeepOptEqModel;
import dev.stillpoint.model.opteq.FeatureTerm;
import dev.stillpoint.model.opteq.OptEqModel;
import dev.stillpoint.operator.LinearOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Gradients of the parameters of deep optimization-induced models against differences of a loss.
final class DeepOptEqGradientsTest {
    private static final int N = 4;
    private static final int P = 3;
    private static final int Q = 2;

    private static final class Case {
        final DeepOptEqModel deep;
        final LinearOperator head;
        final LossDifferences loss;
        final Gradients letters;
        final DeepOptEqGradients gradients;

        Case(double alpha, int depth, FeatureTerm term, SplittableRandom random) {
            List<OptEqModel> units = new ArrayList<>();
            for (int l = 0; l < depth; l++) {
                units.add(unit(l, random));
            }
            deep = DeepOptEqModel.of(units, alpha, term);
            head = LinearOperator.dense(Batches.uniform(Q, N, 1, random));
            loss = new LossDifferences(deep.model(head), random);
            letters = loss.gradients(deep.model(head)).letters();
            gradients = DeepOptEqGradients.of(deep, letters);
        }

        /// Of different sizes and `mu`; `|W|_2^2` is below `mu`.
        private static OptEqModel unit(int l, SplittableRandom random) {
            int h = 3 + l;
            double mu = 0.7 + 0.4 * l;
            return OptEqModel.of(
                    Batches.uniform(h, N, 0.8 * Math.sqrt(mu / (h * N)), random),
                    Batches.uniform(h, P, 1, random),
                    Batches.uniform(1, h, 0.5, random),
                    mu,
                    l == 1 ? Activation.tanh() : Activation.relu());
        }

        double lossOf(DeepOptEqModel other) {
            return loss.of(other.model(head));
        }

        double lossOf(FeatureTerm term) {
            return lossOf(DeepOptEqModel.of(deep.units(), deep.alpha(), term));
        }

        double lossOf(int l, OptEqModel unit) {
            List<OptEqModel> units = new ArrayList<>(deep.units());
            units.set(l, unit);
            return lossOf(DeepOptEqModel.of(units, deep.alpha(), deep.term()));
        }

        void checkUnits() {
            for (int l = 0; l < deep.units().size(); l++) {
                int at = l;
                OptEqModel unit = deep.units().get(l);
                OptEqGradients of = gradients.units().get(l);
                Activation phi = unit.activation();
                Matrix bias = unit.bias();
                assertTrue(bias != null);
                assertEquals(List.of(), of.head());
                LossDifferences.DIFFERENCES.check(
                        "W of unit " + l,
                        unit.w(),
                        of.w(),
                        to -> lossOf(at, OptEqModel.of(to, unit.u(), bias, unit.mu(), phi)));
                LossDifferences.DIFFERENCES.check(
                        "U of unit " + l,
                        unit.u(),
                        of.u(),
                        to -> lossOf(at, OptEqModel.of(unit.w(), to, bias, unit.mu(), phi)));
                LossDifferences.DIFFERENCES.check(
                        "b of unit " + l,
                        bias,
                        of.bias(),
                        to -> lossOf(at, OptEqModel.of(unit.w(), unit.u(), to, unit.mu(), phi)));
                LossDifferences.DIFFERENCES.check(
                        "mu of unit " + l,
                        unit.mu(),
                        of.mu(),
                        to -> lossOf(at, OptEqModel.of(unit.w(), unit.u(), bias, to, phi)));
            }
        }

        void checkAlpha() {
            LossDifferences.DIFFERENCES.check(
                    "alpha",
                    deep.alpha(),
                    gradients.alpha().orElseThrow(),
                    to -> lossOf(DeepOptEqModel.of(deep.units(), to, deep.term())));
        }

        void checkHead() {
            LossDifferences.DIFFERENCES.check("head", head, gradients.head(), to -> loss.of(deep.model(to)));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.4,1", "0.4,3", "0.05,2", "1,2"})
    void gradientsAreThoseOfDifferences(double alpha, int depth) {
        Case of = new Case(alpha, depth, FeatureTerm.none(), new SplittableRandom(61));
        of.checkUnits();
        of.checkHead();
        if (alpha < 1) {
            of.checkAlpha();
        } else {
            assertEquals(OptionalDouble.empty(), of.gradients.alpha());
        }
    }

    /// One sided at a factor of 1, which nothing larger is allowed beside.
    @ParameterizedTest
    @ValueSource(doubles = {0.7, -0.4})
    void gradientsOfAFactor(double factor) {
        Case of = new Case(0.3, 2, new FeatureTerm.Scaling(factor), new SplittableRandom(62));
        of.checkUnits();
        of.checkAlpha();
        assertTrue(of.gradients.term() instanceof FeatureTermGradients.Scaling);
        if (of.gradients.term() instanceof FeatureTermGradients.Scaling(OptionalDouble found)) {
            LossDifferences.DIFFERENCES.check(
                    "factor", factor, found.orElseThrow(), to -> of.lossOf(new FeatureTerm.Scaling(to)));
        }
    }

    @Test
    void aFactorOfZeroHasNoGradient() {
        Case of = new Case(0.3, 2, FeatureTerm.squaredNormStep(1, 0.5), new SplittableRandom(63));
        of.checkUnits();
        of.checkAlpha();
        assertEquals(new FeatureTermGradients.Scaling(OptionalDouble.empty()), of.gradients.term());
    }

    @ParameterizedTest
    @ValueSource(strings = {"elastic-net", "huber", "log-cosh", "box", "no-step"})
    void gradientsOfPieces(String name) {
        FeatureTerm term = switch (name) {
            case "elastic-net" -> FeatureTerm.elasticNet(0.05, 0.3);
            case "huber" -> FeatureTerm.huberStep(0.8, 0.2, 0.5);
            case "log-cosh" -> FeatureTerm.logCoshStep(0.8, 0.5);
            case "box" -> FeatureTerm.box(0, 0.3);
            case "no-step" -> FeatureTerm.huberStep(0, 0.2, 0.5);
            default -> throw new IllegalArgumentException(name);
        };
        Case of = new Case(0.3, 2, term, new SplittableRandom(64));
        of.checkUnits();
        of.checkAlpha();
        List<FeatureTerm.Piece> pieces = ((FeatureTerm.Separable) term).pieces();
        List<FeatureTermGradients.Piece> gradients = ((FeatureTermGradients.Separable) of.gradients.term()).pieces();
        assertEquals(pieces.size(), gradients.size());
        for (int k = 0; k < pieces.size(); k++) {
            int at = k;
            FeatureTerm.Piece piece = pieces.get(k);
            FeatureTermGradients.Piece found = gradients.get(k);
            if (piece.weight() == 0) {
                assertEquals(OptionalDouble.empty(), found.weight());
            } else {
                LossDifferences.DIFFERENCES.check(
                        "weight " + k,
                        piece.weight(),
                        found.weight().orElseThrow(),
                        to -> of.lossOf(with(
                                pieces, at, new FeatureTerm.Piece(to, piece.phi(), piece.slope(), piece.shift()))));
            }
            LossDifferences.DIFFERENCES.check(
                    "slope " + k,
                    piece.slope(),
                    found.slope(),
                    to -> of.lossOf(
                            with(pieces, at, new FeatureTerm.Piece(piece.weight(), piece.phi(), to, piece.shift()))));
            LossDifferences.DIFFERENCES.check(
                    "shift " + k,
                    piece.shift(),
                    found.shift(),
                    to -> of.lossOf(
                            with(pieces, at, new FeatureTerm.Piece(piece.weight(), piece.phi(), piece.slope(), to))));
        }
    }

    private static FeatureTerm with(List<FeatureTerm.Piece> pieces, int at, FeatureTerm.Piece piece) {
        List<FeatureTerm.Piece> changed = new ArrayList<>(pieces);
        changed.set(at, piece);
        return new FeatureTerm.Separable(changed);
    }

    @Test
    void gradientsOfAnAffineTerm() {
        SplittableRandom random = new SplittableRandom(65);
        Matrix f = Batches.uniform(2, N, 0.5, random);
        FeatureTerm term = FeatureTerm.leastSquaresStep(f, Batches.uniform(1, 2, 1, random), 0.5);
        Case of = new Case(0.3, 2, term, random);
        of.checkUnits();
        of.checkAlpha();
        FeatureTerm.Affine affine = (FeatureTerm.Affine) term;
        FeatureTermGradients.Affine gradients = (FeatureTermGradients.Affine) of.gradients.term();
        LossDifferences.DIFFERENCES.check(
                "M", affine.m(), gradients.m(), to -> of.lossOf(new FeatureTerm.Affine(to, affine.c())));
        LossDifferences.DIFFERENCES.check(
                "c", affine.c(), gradients.c(), to -> of.lossOf(new FeatureTerm.Affine(affine.m(), to)));
    }

    /// With `L = 2` and no term `K_01 = (1 - alpha)/(2 - alpha)` and `K_02 = 1/(2 - alpha)`, where `d^2` cancels.
    /// At most a dozen roundings of terms of at most 1.
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1e-3, 1e-9, 1e-15})
    void coefficientsKeepTheirDigitsWhereAlphaIsSmall(double alpha) {
        LayerCoefficients coefficients = new LayerCoefficients(alpha, 2, 1);
        double exact = 1 / ((2 - alpha) * (2 - alpha));
        assertEquals(-exact, coefficients.byAlpha(0, 1), 12 * 0x1p-53);
        assertEquals(exact, coefficients.byAlpha(0, 2), 12 * 0x1p-53);
        assertEquals(exact, coefficients.byAlpha(1, 1), 12 * 0x1p-53);
        assertEquals(-exact, coefficients.byAlpha(1, 2), 12 * 0x1p-53);
    }

    @Test
    void gradientsOfAnotherModelAreRefused() {
        SplittableRandom random = new SplittableRandom(66);
        Case two = new Case(0.4, 2, FeatureTerm.none(), random);
        Case three = new Case(0.4, 3, FeatureTerm.none(), random);
        ShapeException units = assertThrows(ShapeException.class, () -> DeepOptEqGradients.of(two.deep, three.letters));
        assertEquals("gradients of 15 letters of A, expected 8", units.getMessage());
        ImplicitModel model = two.deep.model(two.head);
        Gradients outputs = new Gradients(new ImplicitModel(
                model.problem(), LinearOperator.dense(Batches.uniform(Q, model.stateSize(), 1, random)), null));
        ShapeException found = assertThrows(ShapeException.class, () -> DeepOptEqGradients.of(two.deep, outputs));
        assertEquals("gradients of 1 letters of the outputs' operator after the head, expected 4", found.getMessage());
    }
}
