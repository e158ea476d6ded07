package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.Finding;
import dev.stillpoint.wellposed.Verdict;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MonotoneModelTest {
    private static Matrix random(Random random, int rows, int columns, double scale) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, _ -> scale * random.nextGaussian());
        }
        return Matrix.ofRows(values);
    }

    private static MonotoneModel model(Random random, int k, int n, double m, double scale) {
        return MonotoneModel.of(
                random(random, k, n, scale),
                random(random, n, n, scale),
                m,
                random(random, n, 2, 1),
                random(random, 1, n, 1),
                Activation.relu());
    }

    @Test
    void theMatrixIsThatOfTheFormula() {
        // Integers and quarters: exact. A'A = [[10, 2], [2, 8]], B - B' = [[0, 3], [-3, 0]].
        MonotoneModel model = MonotoneModel.of(
                Matrix.ofRows(new double[] {1, 2}, new double[] {3, 0}, new double[] {0, 2}),
                Matrix.ofRows(new double[] {5, 4}, new double[] {1, 7}),
                0.25,
                Matrix.ofRows(new double[] {1}, new double[] {2}),
                null,
                Activation.relu());
        assertArrayEquals(new double[] {-9.25, 1, -5, -7.25}, model.w().toDoubleArray());
        assertEquals(model.w(), model.problem().a().toMatrix());
    }

    @ParameterizedTest
    @CsvSource({"1,1,0.5,1", "20,20,0.1,0.3", "5,30,1.5,1", "40,12,0.01,2"})
    void theMarginIsThatOfTheMatrix(int k, int n, double m, double scale) {
        for (int seed = 0; seed < 5; seed++) {
            String where = "k %d, n %d, seed %d".formatted(k, n, seed);
            MonotoneModel model = model(new Random(seed), k, n, m, scale);
            WellPosednessReport report =
                    WellPosedness.analyse(model.problem().a(), model.problem().activation());
            assertTrue(model.margin(Precision.F64) <= report.monotoneMargin().upper(), where);
            // |A|^2 + 2|B| of gaussian entries is below 4 scale^2 (k + n) + 16 scale sqrt(n) by far.
            double size = 1 + m + 8 * scale * scale * (k + n) + 32 * scale * Math.sqrt(n);
            double analysis = 0x1p-38 * n * size;
            assertTrue(report.monotoneMargin().lower() >= m - analysis, where + ": " + report.monotoneMargin());
            if (k < n) {
                assertEquals(m, report.monotoneMargin().upper(), analysis, where);
            }
            assertTrue(model.margin(Precision.F64) >= m - 2.0 * n * (k + 8) * 0x1p-53 * size, where);
            assertEquals(Verdict.WELL_POSED, report.verdict(), where);
            assertTrue(report.finding(Finding.Test.MONOTONE).holds(), where);
            LinearOperator single = LinearOperator.dense(model.w().toImmutable(Precision.F32));
            double stored = WellPosedness.analyse(single, Activation.relu())
                    .monotoneMargin()
                    .upper();
            assertTrue(model.margin(Precision.F32) <= stored, where);
            assertTrue(model.margin(Precision.F32) < model.margin(Precision.F64), where);
            assertTrue(model.margin(Precision.F32) >= m - 2.0 * n * (0x1p-24 + (k + 8) * 0x1p-53) * size, where);
        }
    }

    /// Whether `I - (W + W')/2 - t I` is positive semidefinite, exactly, for 2 by 2 matrices.
    private static boolean isMargin(Matrix w, double t) {
        BigDecimal two = BigDecimal.valueOf(2);
        BigDecimal p = BigDecimal.ONE.subtract(new BigDecimal(w.get(0, 0))).subtract(new BigDecimal(t));
        BigDecimal r = BigDecimal.ONE.subtract(new BigDecimal(w.get(1, 1))).subtract(new BigDecimal(t));
        BigDecimal s = new BigDecimal(w.get(0, 1))
                .add(new BigDecimal(w.get(1, 0)))
                .negate()
                .divide(two);
        return p.signum() >= 0
                && r.signum() >= 0
                && p.multiply(r).subtract(s.multiply(s)).signum() >= 0;
    }

    @Test
    void theMarginHoldsExactlyWhereTheParameterDoesNot() {
        int roundedAway = 0;
        int roundedAwayInSingle = 0;
        for (int seed = 0; seed < 200; seed++) {
            // One row in A: A'A is singular, so that the exact margin is m.
            MonotoneModel model = model(new Random(seed), 1, 2, 0.3, 3);
            assertTrue(isMargin(model.w(), model.margin(Precision.F64)), "seed " + seed);
            Matrix single = model.w().toImmutable(Precision.F32);
            assertTrue(isMargin(single, model.margin(Precision.F32)), "seed " + seed);
            roundedAway += isMargin(model.w(), 0.3) ? 0 : 1;
            roundedAwayInSingle += isMargin(single, model.margin(Precision.F64)) ? 0 : 1;
        }
        assertTrue(roundedAway > 0 && roundedAwayInSingle > 0);
    }

    @Test
    void forwardBackwardSolvesIt() {
        // A = 0, B = [[0, -2], [0, 0]], m = 1 is W = [[0, -2], [2, 0]]: z* = (0.2, 1.4), L = sqrt 5.
        MonotoneModel model = MonotoneModel.of(
                Matrix.zeros(Precision.F64, 1, 2),
                Matrix.ofRows(new double[] {0, -2}, new double[] {0, 0}),
                1,
                Matrix.ofRows(new double[] {1, 0}, new double[] {0, 1}),
                null,
                Activation.relu());
        ImplicitModel implicit = model.model(LinearOperator.dense(Matrix.ofRows(new double[] {1, 1})));
        double tolerance = 16 * 0x1p-53;
        Matrix inputs = Matrix.ofRows(new double[] {3, 1});
        try (SolvePlan plan = Backend.cpu()
                .prepare(
                        implicit.problem(),
                        Solver.forwardBackward(0.2),
                        StoppingRule.mixed(tolerance),
                        new PlanOptions(Precision.F64, 1))) {
            // |e| <= (1 + L)/m |r| with |f(x)| < 1.5, and a sum of two.
            double bound = 2 * (1 + Math.sqrt(5)) * (2.5 * tolerance + 16 * 0x1p-53);
            Matrix outputs = implicit.predict(inputs, plan.solve(inputs).orThrow());
            assertEquals(1.6, outputs.get(0, 0), bound);
        }
    }

    @Test
    void whatIsNotWellPosedIsRefused() {
        Matrix a = Matrix.ofRows(new double[] {1, 2});
        Matrix b = Matrix.ofRows(new double[] {1, 2}, new double[] {3, 4});
        Matrix u = Matrix.ofRows(new double[] {1}, new double[] {2});
        Activation relu = Activation.relu();
        assertThrows(IllegalArgumentException.class, () -> MonotoneModel.of(a, b, 0, u, null, relu));
        assertThrows(IllegalArgumentException.class, () -> MonotoneModel.of(a, b, Double.NaN, u, null, relu));
        assertThrows(IllegalArgumentException.class, () -> MonotoneModel.of(a, b, 1, u, null, Activation.leakyRelu(2)));
        assertThrows(IllegalArgumentException.class, () -> MonotoneModel.of(a, b, 1e-18, u, null, relu));
        assertThrows(ShapeException.class, () -> MonotoneModel.of(a, b.slice(0, 1), 1, u, null, relu));
        assertThrows(ShapeException.class, () -> MonotoneModel.of(a, b, 1, u.slice(0, 1), null, relu));
        Matrix infinite = Matrix.ofRows(new double[] {1, Double.POSITIVE_INFINITY});
        assertThrows(IllegalArgumentException.class, () -> MonotoneModel.of(infinite, b, 1, u, null, relu));
    }
}
