package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Verdicts are never contradicted by the solutions that are found.
final class WellPosednessRandomTest {

    /// Whether some of `trials` right-hand sides, each made from a point so that a solution exists, has several.
    private static boolean severalSolutions(double[][] a, double slope, Random random, int trials) {
        int n = a.length;
        for (int k = 0; k < trials; k++) {
            double[] b =
                    PiecewiseLinear.image(a, slope, random.doubles(n, -1, 1).toArray());
            if (PiecewiseLinear.solutions(a, slope, b) != 1) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2})
    void smallPiecewiseLinearModelsAreDecidedAndRight(double slope) {
        Activation phi = slope == 0 ? Activation.relu() : Activation.leakyRelu(slope);
        Set<Finding.Test> seen = EnumSet.noneOf(Finding.Test.class);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(4);
            double[][] a = Matrices.random(random, n, 0.3 + 0.7 * random.nextDouble(), 0.2 + 1.2 * random.nextDouble());
            WellPosednessReport report = WellPosedness.analyse(Matrices.operator(a), phi);
            boolean several = severalSolutions(a, slope, random, 150);
            assertEquals(
                    several ? Verdict.ILL_POSED : Verdict.WELL_POSED,
                    report.verdict(),
                    "seed %d: %s".formatted(seed, report.condition()));
            report.findings().stream().filter(Finding::holds).forEach(finding -> seen.add(finding.test()));
        }
        assertTrue(
                seen.containsAll(EnumSet.of(
                        Finding.Test.PERRON_FROBENIUS,
                        Finding.Test.TRIANGULAR,
                        Finding.Test.MONOTONE,
                        Finding.Test.NORM_TWO,
                        Finding.Test.ORTHANTS)),
                "conditions met: " + seen);
    }

    @Test
    void largerReluModelsAreNeverContradicted() {
        int wellPosed = 0;
        int illPosed = 0;
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int n = 9;
            double[][] a = Matrices.random(random, n, 1, 0.05 + 0.3 * random.nextDouble());
            if (seed % 3 == 0) {
                for (double[] row : a) {
                    for (int j = 0; j < n; j++) {
                        row[j] = Math.abs(row[j]);
                    }
                }
            }
            WellPosednessReport report = WellPosedness.analyse(Matrices.operator(a), Activation.relu());
            String where = "seed %d: %s".formatted(seed, report.condition());
            switch (report.verdict()) {
                case WELL_POSED -> {
                    wellPosed++;
                    assertFalse(severalSolutions(a, 0, random, 4), where);
                }
                case ILL_POSED -> {
                    illPosed++;
                    // b = (1, .., 1) has no solution for a non-negative block with an eigenvalue above 1.
                    boolean none = PiecewiseLinear.solutions(a, 0, ones(n)) != 1;
                    assertTrue(none || severalSolutions(a, 0, random, 30), where);
                }
                case UNKNOWN -> {
                    // Nothing was claimed.
                }
            }
        }
        assertTrue(wellPosed > 10 && illPosed > 10, wellPosed + " and " + illPosed);
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void wellPosedTanhModelsHaveOneSolution() {
        int wellPosed = 0;
        int several = 0;
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(3);
            double[][] a = Matrices.random(random, n, 0.8, 0.3 + 2 * random.nextDouble());
            WellPosednessReport report = WellPosedness.analyse(Matrices.operator(a), Activation.tanh());
            boolean distinct = false;
            for (int k = 0; k < 5; k++) {
                distinct |= hasDistinctSolutions(a, random.doubles(n, -0.3, 0.3).toArray(), random);
            }
            wellPosed += report.verdict() == Verdict.WELL_POSED ? 1 : 0;
            several += distinct ? 1 : 0;
            boolean contradicted = distinct && report.verdict() == Verdict.WELL_POSED;
            assertFalse(contradicted, "seed %d: %s".formatted(seed, report.condition()));
        }
        assertTrue(wellPosed > 40 && several > 10, wellPosed + " and " + several);
    }

    /// Whether Newton's method for `x = tanh(Ax + b)` from several starts finds solutions that differ.
    private static boolean hasDistinctSolutions(double[][] a, double[] b, Random random) {
        int n = b.length;
        double[] first = new double[0];
        for (int start = 0; start < 12; start++) {
            double[] x = random.doubles(n, -1, 1).toArray();
            double residual = 1;
            for (int step = 0; step < 60 && residual > 1e-13; step++) {
                double[][] m = new double[n][n + 1];
                residual = 0;
                for (int i = 0; i < n; i++) {
                    double v = b[i];
                    for (int j = 0; j < n; j++) {
                        v += a[i][j] * x[j];
                    }
                    double t = Math.tanh(v);
                    for (int j = 0; j < n; j++) {
                        m[i][j] = (i == j ? 1 : 0) - (1 - t * t) * a[i][j];
                    }
                    m[i][n] = t - x[i];
                    residual = Math.max(residual, Math.abs(t - x[i]));
                }
                double[] step1 = PiecewiseLinear.solve(m);
                for (int i = 0; i < n; i++) {
                    x[i] += step1[i];
                }
            }
            if (residual <= 1e-13) {
                if (first.length == 0) {
                    first = x;
                }
                for (int i = 0; i < n; i++) {
                    if (Math.abs(x[i] - first[i]) > 1e-3) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
