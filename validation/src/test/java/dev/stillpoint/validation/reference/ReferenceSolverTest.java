package dev.stillpoint.validation.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.Solver;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReferenceSolverTest {
    private static final MathContext DIGITS = new MathContext(60);
    private static final double[] NONE = {};

    /// `x = phi(Ax + bias)`, without inputs.
    private static ReferenceEquation equation(Activation activation, double[][] a, double[] bias) {
        return ReferenceEquation.of(
                Matrix.ofRows(a),
                Matrix.ofRows(new double[a.length][0]),
                Matrix.ofRows(bias),
                ReferenceActivation.of(activation));
    }

    private static ReferenceSolution solve(ReferenceEquation equation) {
        ReferenceSolution solution = ReferenceSolver.of(equation).solve(NONE);
        assertTrue(solution.isSolved(), () -> "residual " + solution.residual());
        return solution;
    }

    @Test
    void monotoneClosedForm() {
        ReferenceSolution solution =
                solve(equation(Activation.relu(), new double[][] {{0, -2}, {2, 0}}, new double[] {3, 1}));
        assertArrayEquals(new double[] {0.2, 1.4}, solution.state(), 0x1p-53);
        assertTrue(solution.errorBound().orElseThrow() < 0x1p-85, "bound " + solution.errorBound());
    }

    @Test
    void weightedContractionClosedForm() {
        ReferenceSolution solution =
                solve(equation(Activation.relu(), new double[][] {{0, 4}, {0.125, 0}}, new double[] {1, 1}));
        assertArrayEquals(new double[] {10, 2.25}, solution.state());
        assertEquals(0, solution.residual());
    }

    @Test
    void withoutAFeedbackTheSolutionIsTheMap() {
        double[] bias = {0.5, -2, 1e-3, 7};
        ReferenceSolution solution = solve(equation(Activation.tanh(), new double[4][4], bias));
        for (int i = 0; i < 4; i++) {
            BigDecimal exact = DoubleDoubleTest.tanh(new BigDecimal(bias[i]));
            DoubleDouble found = solution.accurateState()[i];
            BigDecimal error = exact.subtract(new BigDecimal(found.high())).subtract(new BigDecimal(found.low()));
            assertEquals(0, error.doubleValue(), 0x1p-90, "component " + i);
        }
    }

    /// Equal logits give equal shares whatever the feedback, when every row of `A` is the same within a block.
    @Test
    void softmaxClosedForm() {
        double[][] a = {{0.3, -0.2, 0.5}, {0.3, -0.2, 0.5}, {0.3, -0.2, 0.5}};
        double[] bias = {0, StrictMath.log(2), StrictMath.log(5)};
        ReferenceSolution solution = solve(equation(Activation.softmax(3), a, bias));
        assertArrayEquals(new double[] {0.125, 0.25, 0.625}, solution.state(), 0x1p-52);
    }

    /// `x = tanh(2x - 1/2)` has three solutions: one is found, and no bound is claimed.
    @Test
    void withoutAProofThereIsNoBound() {
        ReferenceSolution solution = ReferenceSolver.of(
                        equation(Activation.tanh(), new double[][] {{2}}, new double[] {-0.5}))
                .solve(NONE);
        assertTrue(solution.isSolved(), "solved");
        assertTrue(solution.errorBound().isEmpty(), "no bound");
    }

    /// `x = x + 1` has no solution.
    @Test
    void anUnsolvableProblemSaysSo() {
        ReferenceSolution solution = ReferenceSolver.of(
                        equation(Activation.identity(), new double[][] {{1}}, new double[] {1}))
                .solve(NONE);
        assertFalse(solution.isSolved());
        assertEquals(1, solution.residual());
    }

    @Test
    void inputsThatAreNotFiniteAreNotSolved() {
        ReferenceEquation equation = ReferenceEquation.of(
                Matrix.ofRows(new double[] {0.5}),
                Matrix.ofRows(new double[] {1}),
                null,
                ReferenceActivation.of(Activation.relu()));
        assertFalse(
                ReferenceSolver.of(equation).solve(new double[] {Double.NaN}).isSolved());
        assertFalse(ReferenceSolver.of(equation)
                .solve(new double[] {Double.POSITIVE_INFINITY})
                .isSolved());
        assertEquals(4, ReferenceSolver.of(equation).solve(new double[] {2}).state()[0]);
    }

    /// Small ReLU models by enumeration: for every set of active components the linear system in 60 digits, kept
    /// where the signs agree. The reference must be that point, to the accuracy that it claims.
    @Test
    void smallReluModelsByEnumerationOfActiveSets() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(5);
            boolean monotone = seed % 2 == 0;
            double[][] a = monotone ? monotone(random, n, 0.5) : contraction(random, n, 0.95);
            double[] bias = new double[n];
            for (int i = 0; i < n; i++) {
                bias[i] = random.nextGaussian();
            }
            BigDecimal @Nullable [] exact = enumerate(a, bias);
            assertTrue(exact != null, "seed " + seed + ": enumeration found no solution");
            ReferenceSolution solution = solve(equation(Activation.relu(), a, bias));
            double bound = solution.errorBound().orElseThrow();
            assertTrue(bound < 1e-20, "seed " + seed + ": bound " + bound);
            for (int i = 0; i < n; i++) {
                DoubleDouble found = solution.accurateState()[i];
                BigDecimal error =
                        exact[i].subtract(new BigDecimal(found.high())).subtract(new BigDecimal(found.low()));
                assertTrue(Math.abs(error.doubleValue()) <= bound, "seed " + seed + ": error " + error.doubleValue());
            }
        }
    }

    private static double[][] monotone(Random random, int n, double margin) {
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            a[i][i] = 1 - margin - random.nextDouble();
            for (int j = 0; j < i; j++) {
                a[i][j] = 2 * random.nextGaussian();
                a[j][i] = -a[i][j];
            }
        }
        return a;
    }

    private static double[][] contraction(Random random, int n, double rowSum) {
        double[][] a = new double[n][n];
        for (double[] row : a) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                row[j] = random.nextGaussian();
                sum += Math.abs(row[j]);
            }
            for (int j = 0; j < n; j++) {
                row[j] *= rowSum / sum;
            }
        }
        return a;
    }

    private static BigDecimal @Nullable [] enumerate(double[][] a, double[] bias) {
        int n = bias.length;
        for (int active = 0; active < 1 << n; active++) {
            BigDecimal[][] system = new BigDecimal[n][n + 1];
            for (int i = 0; i < n; i++) {
                boolean on = (active >> i & 1) != 0;
                for (int j = 0; j < n; j++) {
                    BigDecimal one = i == j ? BigDecimal.ONE : BigDecimal.ZERO;
                    system[i][j] = on ? one.subtract(new BigDecimal(a[i][j])) : one;
                }
                system[i][n] = on ? new BigDecimal(bias[i]) : BigDecimal.ZERO;
            }
            BigDecimal[] x = eliminate(system);
            boolean consistent = true;
            for (int i = 0; i < n; i++) {
                BigDecimal t = new BigDecimal(bias[i]);
                for (int j = 0; j < n; j++) {
                    t = t.add(new BigDecimal(a[i][j]).multiply(x[j]));
                }
                consistent &= (active >> i & 1) != 0 ? t.signum() >= 0 : t.signum() <= 0;
            }
            if (consistent) {
                return x;
            }
        }
        return null;
    }

    private static BigDecimal[] eliminate(BigDecimal[][] system) {
        int n = system.length;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                if (system[i][k].abs().compareTo(system[pivot][k].abs()) > 0) {
                    pivot = i;
                }
            }
            BigDecimal[] row = system[pivot];
            system[pivot] = system[k];
            system[k] = row;
            for (int i = 0; i < n; i++) {
                if (i != k) {
                    BigDecimal factor = system[i][k].divide(row[k], DIGITS);
                    for (int j = k; j <= n; j++) {
                        system[i][j] = system[i][j].subtract(factor.multiply(row[j]), DIGITS);
                    }
                }
            }
        }
        BigDecimal[] x = new BigDecimal[n];
        for (int i = 0; i < n; i++) {
            x[i] = system[i][n].divide(system[i][i], DIGITS);
        }
        return x;
    }

    @Test
    void picardRunsTheKnownCycle() {
        ReferenceEquation equation = equation(Activation.relu(), new double[][] {{0, -2}, {2, 0}}, new double[] {3, 1});
        double[][] cycle = {{0, 1}, {1, 1}, {1, 3}, {0, 3}};
        for (int k = 0; k < 8; k++) {
            assertArrayEquals(
                    cycle[k % 4], ReferenceIteration.run(equation, Solver.picard(), cycle[0], NONE, k), "step " + k);
        }
    }

    /// The steps contract the distance by `sqrt(1 - 2 alpha m + alpha^2 L^2)`: `sqrt(0.8)` at
    /// `alpha = m/L^2 = 0.2`, and 1 at 0.4, where the iteration need not converge and does not.
    @Test
    void forwardBackwardContractsAsPredicted() {
        ReferenceEquation equation = equation(Activation.relu(), new double[][] {{0, -2}, {2, 0}}, new double[] {3, 1});
        double before = Math.hypot(0.2, 1.4);
        double[] x = {0, 0};
        for (int k = 0; k < 40; k++) {
            x = ReferenceIteration.step(equation, Solver.forwardBackward(0.2), x, NONE);
            double after = Math.hypot(x[0] - 0.2, x[1] - 1.4);
            assertTrue(after <= Math.sqrt(0.8) * before + 8 * 0x1p-53, "step " + k);
            before = after;
        }
        double[] stuck = ReferenceIteration.run(equation, Solver.forwardBackward(0.4), new double[2], NONE, 1000);
        assertTrue(Math.hypot(stuck[0] - 0.2, stuck[1] - 1.4) > 0.1, "does not converge");
    }

    @Test
    void relaxedPicardAverages() {
        ReferenceEquation equation = equation(Activation.relu(), new double[][] {{0, -2}, {2, 0}}, new double[] {3, 1});
        assertArrayEquals(
                new double[] {0.25, 1},
                ReferenceIteration.step(equation, Solver.picard(0.25), new double[] {0, 1}, NONE));
        assertArrayEquals(
                new double[] {-0.5, 3},
                ReferenceIteration.step(equation, Solver.picard(1.5), new double[] {1, 3}, NONE));
    }

    @Test
    void predictions() {
        ReferencePrediction prediction = ReferencePrediction.of(
                Matrix.ofRows(new double[] {1, 2}, new double[] {0, -1}),
                Matrix.ofRows(new double[] {3}, new double[] {0.5}));
        assertArrayEquals(
                new double[] {1 + 4 + 30, -2 + 5}, prediction.outputs(new double[] {1, 2}, new double[] {10}));
        assertArrayEquals(
                new double[] {1 + 4 + 30, 2 + 5}, prediction.magnitude(new double[] {1, -2}, new double[] {-10}));
        // 1e16 + 1 - 1e16 is 1 only where the sum is not rounded on the way.
        assertArrayEquals(
                new double[] {1},
                ReferencePrediction.of(Matrix.ofRows(new double[] {1e16, 1, -1e16}), Matrix.ofRows(new double[1][0]))
                        .outputs(new double[] {1, 1, 1}, NONE));
    }
}
