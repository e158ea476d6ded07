package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.wellposed.Finding.Outcome;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WellPosednessTest {

    private static WellPosednessReport analyse(Activation phi, double[]... a) {
        return WellPosedness.analyse(Matrices.operator(a), phi);
    }

    private static WellPosednessReport relu(double[]... a) {
        return analyse(Activation.relu(), a);
    }

    @Test
    void minusTwoIsMonotoneAndNotPerronFrobenius() {
        WellPosednessReport report = relu(new double[] {-2, 0}, new double[] {0, -2});
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertEquals(new Bracket(2, 2), report.lambdaPf());
        assertTrue(report.monotoneMargin().contains(3));
        assertTrue(report.finding(Finding.Test.MONOTONE).holds());
        assertFalse(report.finding(Finding.Test.PERRON_FROBENIUS).holds());
        assertTrue(report.weights().isEmpty());
        assertFalse(report.contraction());
        assertTrue(report.condition().contains("monotone"), report.condition());
    }

    @Test
    void perronFrobeniusWithoutMonotonicity() {
        WellPosednessReport report = relu(new double[] {.5, 0}, new double[] {2, -.5});
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertEquals(new Bracket(0.5, 0.5), report.lambdaPf());
        assertFalse(report.finding(Finding.Test.MONOTONE).holds());
        assertTrue(report.finding(Finding.Test.TRIANGULAR).holds());
        assertEquals("lambda_PF(|A|) <= 0.5 < 1; also holds: triangular", report.condition());
        assertTrue(report.weights().isPresent());
    }

    @Test
    void theRotationOfTheThesis() {
        WellPosednessReport report = relu(new double[] {0, -2}, new double[] {2, 0});
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertTrue(report.monotoneMargin().contains(1));
        assertTrue(report.lipschitz().contains(Math.sqrt(5)));
        assertTrue(report.lambdaPf().contains(2));
        assertTrue(report.condition().contains("monotone margin m >= 0.99999"), report.condition());
    }

    @Test
    void aNormOfFourWithAnEigenvalueBelowOne() {
        WellPosednessReport report = relu(new double[] {0, 4}, new double[] {0.125, 0});
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertTrue(report.lambdaPf().contains(Math.sqrt(0.5)));
        assertEquals(new Bracket(4, 4), report.normInfinity());
        assertEquals("lambda_PF(|A|) <= 0.7071067812 < 1", report.condition());
    }

    @Test
    void triangularMatricesWithALargeNegativeDiagonal() {
        // Remark 2.5: A_11 < -1, so lambda_PF(|A|) > 1.
        WellPosednessReport report = relu(new double[] {-3, 5, 1}, new double[] {0, 0.5, 7}, new double[] {0, 0, -9});
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertEquals("A is triangular, with a_ii < 1 in every state", report.condition());
        WellPosednessReport permuted = relu(new double[] {0.5, 0, 7}, new double[] {5, -3, 1}, new double[] {0, 0, -9});
        assertEquals(Verdict.WELL_POSED, permuted.verdict());
        assertTrue(permuted.condition().contains("under a symmetric permutation"), permuted.condition());
    }

    @Test
    void triangularMatricesWithALargeDiagonalAreIllPosed() {
        WellPosednessReport report = relu(new double[] {-3, 5, 1}, new double[] {0, 1, 7}, new double[] {0, 0, -9});
        assertEquals(Verdict.ILL_POSED, report.verdict());
        assertEquals("ill-posed: state 1 has a_ii = 1.0, and relu needs a_ii < 1", report.condition());
        assertEquals(
                Verdict.ILL_POSED,
                relu(new double[] {2, 0, 7}, new double[] {5, -3, 1}, new double[] {0, 0, -9})
                        .verdict());
    }

    @Test
    void diagonalAndRankOne() {
        WellPosednessReport diagonal = relu(new double[] {-30, 0}, new double[] {0, 0.99});
        assertTrue(diagonal.finding(Finding.Test.DIAGONAL).holds());
        assertEquals(
                Verdict.ILL_POSED,
                relu(new double[] {-30, 0}, new double[] {0, 1.5}).verdict());
        WellPosednessReport rankOne =
                relu(new double[] {1.5 * 0.5, -1.5 * 8}, new double[] {0.5 * 0.03125, -0.25 * 0.5});
        assertTrue(rankOne.structure().rankOne() || rankOne.lambdaPf().upper() < 1);
        WellPosednessReport product = relu(new double[] {0.75, 12}, new double[] {0.0078125, 0.125});
        // p = (1.5, 1/64), q = (1/2, 8): |p|'|q| = 0.875.
        assertTrue(product.finding(Finding.Test.RANK_ONE).holds());
        assertEquals(
                "A = p q' with |p|'|q| <= 0.8750000001 < 1",
                product.finding(Finding.Test.RANK_ONE).detail());
        assertTrue(product.normTwo().lower() > 1);
    }

    @Test
    void softmaxWithTwoFixedPointsIsNotWellPosed() {
        WellPosednessReport report = analyse(Activation.softmax(2), new double[] {0, -10}, new double[] {0, 0});
        assertEquals(new Bracket(0, 0), report.lambdaPfAbsolute());
        assertTrue(report.lambdaPf().contains(5));
        assertEquals(Verdict.UNKNOWN, report.verdict());
        assertEquals(
                Outcome.NOT_APPLICABLE, report.finding(Finding.Test.TRIANGULAR).outcome());
        assertEquals(
                Outcome.NOT_APPLICABLE, report.finding(Finding.Test.RANK_ONE).outcome());
        assertFalse(report.contraction());
        assertTrue(report.weights().isEmpty());
    }

    @Test
    void softmaxOverBlocks() {
        double[] zero = new double[4];
        // Strictly block triangular: a cascade of two layers.
        WellPosednessReport cascade =
                analyse(Activation.softmax(2), new double[] {0, 0, 9, -7}, new double[] {0, 0, 3, 8}, zero, zero);
        assertEquals(Verdict.WELL_POSED, cascade.verdict());
        assertEquals(new Bracket(0, 0), cascade.lambdaPf());
        assertEquals(
                cascade.weights().orElseThrow().weight(0),
                cascade.weights().orElseThrow().weight(1));
        // The same, with a block on the diagonal that is too large.
        WellPosednessReport inner = analyse(
                Activation.softmax(2),
                new double[] {0, 0, 9, -7},
                new double[] {0, 0, 3, 8},
                new double[] {0, 0, 0, -10},
                zero);
        assertEquals(Verdict.UNKNOWN, inner.verdict());
    }

    @Test
    void softmaxInTheNormThatHelps() {
        // |A|_inf = 1.9 where |A|_2 = 2.69: half of one is below 1, half of the other is not.
        WellPosednessReport row = analyse(Activation.softmax(2), new double[] {1.9, 0}, new double[] {1.9, 0});
        assertTrue(row.lambdaPf().lower() > 1);
        assertTrue(row.finding(Finding.Test.NORM_INFINITY).holds());
        assertEquals(Verdict.WELL_POSED, row.verdict());
        // Two such blocks with a coupling that spoils the norms of the whole.
        WellPosednessReport blocks = analyse(
                Activation.softmax(2),
                new double[] {1.9, 0, 50, 0},
                new double[] {1.9, 0, 0, 50},
                new double[] {0, 0, 1.9, 0},
                new double[] {0, 0, 1.9, 0});
        assertEquals(Verdict.WELL_POSED, blocks.verdict());
        assertTrue(blocks.finding(Finding.Test.COMPONENTS).holds());
        assertTrue(blocks.contraction());
        assertTrue(blocks.weights().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"sigmoid, 3.9, WELL_POSED", "tanh, 0.99, WELL_POSED", "tanh, 1.5, UNKNOWN", "sigmoid, 5, UNKNOWN"})
    void gammaScalesTheEigenvalue(String label, double a, Verdict expected) {
        WellPosednessReport report = analyse(Activation.parse(label), new double[] {0, a}, new double[] {a, 0});
        assertEquals(expected, report.verdict());
        double gamma = label.equals("sigmoid") ? 0.25 : 1;
        assertEquals(gamma * a, report.lambdaPf().upper(), 40 * 0x1p-53 * a);
        assertEquals(a, report.lambdaPfAbsolute().upper(), 40 * 0x1p-53 * a);
    }

    @Test
    void expandingLeakyRelu() {
        WellPosednessReport report = analyse(Activation.leakyRelu(-3), new double[] {0, 0.3}, new double[] {0.3, 0});
        assertTrue(report.lambdaPf().contains(0.3 * 3));
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertFalse(report.finding(Finding.Test.MONOTONE).holds());
    }

    @Test
    void theIdentityIsDecidedByTheDeterminant() {
        assertEquals(
                Verdict.WELL_POSED,
                analyse(Activation.identity(), new double[] {3, 1}, new double[] {2, 3})
                        .verdict());
        assertEquals(
                Verdict.ILL_POSED,
                analyse(Activation.identity(), new double[] {2, 1}, new double[] {1, 2})
                        .verdict());
        // Beyond the limit of exact determinants: far from singular, hence proved.
        WellPosednessReport large = WellPosedness.analyse(
                Matrices.operator(Matrices.random(new Random(1), 80, 1, 3)), Activation.identity());
        assertEquals(Verdict.WELL_POSED, large.verdict());
        assertTrue(large.condition().contains("non-singular"), large.condition());
    }

    @Test
    void componentsAreDecidedEachByItsOwnTest() {
        // A state that is monotone, two states that contract, a triangular rest: no condition holds for the whole.
        double[][] a = {
            {-3, 0, 0, 0, 100, 0},
            {9, 0, 4, 0, 100, 0},
            {9, 0.125, 0, 0, 0, 7},
            {9, 9, 9, -20, 5, 5},
            {0, 0, 0, 0, 0, -2},
            {0, 0, 0, 0, 2, 0}
        };
        for (Activation phi : new Activation[] {Activation.relu(), Activation.tanh()}) {
            WellPosednessReport report = WellPosedness.analyse(Matrices.operator(a), phi);
            assertEquals(4, report.structure().components());
            assertEquals(Verdict.WELL_POSED, report.verdict(), phi.label());
            assertTrue(report.finding(Finding.Test.COMPONENTS).holds(), phi.label());
            assertFalse(report.contraction());
        }
        assertTrue(WellPosedness.analyse(Matrices.operator(a), Activation.tanh())
                .condition()
                .contains("1 by Perron-Frobenius, 2 by triangular, 1 by monotone"));
        a[5][4] = -2;
        assertEquals(
                Verdict.UNKNOWN,
                WellPosedness.analyse(Matrices.operator(a), Activation.tanh()).verdict());
        a[3][3] = 1.5;
        assertEquals(
                Verdict.ILL_POSED,
                WellPosedness.analyse(Matrices.operator(a), Activation.tanh()).verdict());
    }

    @Test
    void diagonalLyapunovWhereNothingElseHolds() {
        // D Q D^-1 with a rotation Q by 40 degrees: not Perron-Frobenius, not monotone for this D.
        double c = 0.97 * Math.cos(0.7);
        double s = 0.97 * Math.sin(0.7);
        WellPosednessReport report = analyse(Activation.tanh(), new double[] {c, -64 * s}, new double[] {s / 64, c});
        assertTrue(report.lambdaPf().lower() > 1
                && report.monotoneMargin().upper() < 0
                && report.normTwo().lower() > 1);
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertTrue(report.finding(Finding.Test.DIAGONAL_LYAPUNOV).holds());
        assertTrue(report.contraction());
    }

    @Test
    void illPosedReluBeyondTriangularMatrices() {
        Random random = new Random(3);
        double[][] a = Matrices.random(random, 12, 1, 1);
        a[7][7] = 1;
        assertEquals(
                Verdict.ILL_POSED,
                WellPosedness.analyse(Matrices.operator(a), Activation.relu()).verdict());
        for (double[] row : a) {
            for (int j = 0; j < 12; j++) {
                row[j] = Math.min(0.5, Math.abs(row[j]));
            }
        }
        WellPosednessReport report = WellPosedness.analyse(Matrices.operator(a), Activation.relu());
        assertEquals(Verdict.ILL_POSED, report.verdict());
        assertTrue(report.condition().contains("lambda_PF >= "), report.condition());
    }

    @Test
    void figuresOfTheFormulaMatrix() {
        WellPosednessReport report =
                WellPosedness.analyse(Matrices.operator(Matrices.formula(150, true)), Activation.tanh());
        // numpy, see Matrices.formula; the tolerance is that of the shifts that are tried.
        assertEquals(6.73650696921708, report.lambdaPf().upper(), 0x1p-38 * 7);
        assertEquals(3.250346692509844, report.normTwo().upper(), 0x1p-38 * 4);
        assertEquals(-1.475101453906638, report.monotoneMargin().lower(), 0x1p-38 * 150);
        assertEquals(3.802044728679006, report.lipschitz().upper(), 0x1p-38 * 4);
        assertEquals(Verdict.UNKNOWN, report.verdict());
        assertTrue(report.condition().startsWith("no condition holds: lambda_PF(|A|) = 6.73651"), report.condition());
    }

    @Test
    void beyondTheDenseLimitTheFindingsSayWhatIsCoarse() {
        int n = WellPosedness.DENSE_LIMIT + 1;
        Matrix matrix = Matrix.zeros(Precision.F32, n, n);
        for (int i = 0; i < n; i++) {
            matrix.set(i, (i + 1) % n, 0.5);
        }
        WellPosednessReport report = WellPosedness.analyse(LinearOperator.dense(matrix.frozen()), Activation.relu());
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertTrue(report.lambdaPf().contains(0.5));
        assertTrue(report.monotoneMargin().contains(0.5));
        assertTrue(report.finding(Finding.Test.MONOTONE).detail().contains("4097 states exceed the limit of 4096"));
        assertTrue(report.finding(Finding.Test.NORM_TWO).detail().contains("4097 states exceed the limit of 4096"));
    }

    @Test
    void badOperandsAreRefused() {
        LinearOperator wide = LinearOperator.dense(Matrix.of(new double[6], 2, 3));
        ShapeException shape = assertThrows(ShapeException.class, () -> WellPosedness.analyse(wide, Activation.relu()));
        assertEquals("A is 2 x 3, expected a square matrix of at least one row", shape.getMessage());
        LinearOperator three = LinearOperator.dense(Matrix.of(new double[9], 3, 3));
        assertThrows(ShapeException.class, () -> WellPosedness.analyse(three, Activation.softmax(2)));
    }
}
