package dev.stillpoint.model.opteq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeepOptEqModelTest {
    private static final double SLOPE = 0.5;
    private static final double[] X = {0.7, -0.4};
    private static final Matrix F = Matrix.ofRows(new double[] {1, -1, 0, 0.5}, new double[] {0, 1, 2, -1});
    private static final Matrix G = Matrix.ofRows(new double[] {0.3, -0.2});
    private static final String[] ACTIVATIONS = {"tanh", "relu", "sigmoid", "leaky-relu:0.1"};

    private static List<OptEqModel> units(Random random, int depth, int n, boolean oneMu) {
        List<OptEqModel> units = new ArrayList<>();
        for (int l = 0; l < depth; l++) {
            double mu = oneMu ? 1.5 : 0.5 + random.nextDouble();
            Activation sigma = Activation.parse(ACTIVATIONS[random.nextInt(ACTIVATIONS.length)]);
            units.add(Cases.unit(random, 1 + random.nextInt(6), n, mu, SLOPE, sigma));
        }
        return units;
    }

    /// The Lipschitz constant of `T`.
    private static double contraction(int depth, double alpha) {
        return Math.exp(depth * Math.log1p(-alpha * (1 - SLOPE)));
    }

    /// The error of `T(z)` in double precision: some units of rounding of the pre-activations, for each layer.
    private static double rounding(DeepOptEqModel deep, double alpha) {
        double sum = 0;
        for (OptEqModel unit : deep.units()) {
            int terms = unit.hiddenSize() + unit.size() + 8;
            // |W| |W'|/mu <= 1; injections and states are below 16 here, and so is what a sigmoid adds.
            double gain =
                    1 + Math.sqrt(unit.hiddenSize()) * Cases.norm(unit.back().toDoubleArray());
            sum += 4 * terms * Cases.UNIT * (alpha * gain * 16 + 1);
        }
        return sum;
    }

    private static List<FeatureTerm> terms() {
        return List.of(
                FeatureTerm.none(),
                FeatureTerm.squaredNorm(0.3),
                FeatureTerm.squaredNormStep(0.4, 0.5),
                FeatureTerm.absoluteSum(0.05),
                FeatureTerm.elasticNet(0.05, 0.3),
                FeatureTerm.box(0, Double.POSITIVE_INFINITY),
                FeatureTerm.box(Double.NEGATIVE_INFINITY, 0.1),
                FeatureTerm.box(-0.1, 0.2),
                FeatureTerm.huberStep(0.5, 0.1, 1.5),
                FeatureTerm.logCoshStep(0.5, 0.7),
                FeatureTerm.leastSquaresStep(F, G, 0.25));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.4, 0.01, 0x1p-20})
    void theBlockFormHasTheFixedPointOfTheLayers(double alpha) {
        for (int depth = 1; depth <= 5; depth++) {
            for (FeatureTerm term : terms()) {
                // At a tiny alpha the states of a term move by alpha a step.
                boolean scaling = term instanceof FeatureTerm.Scaling;
                if (alpha < 0.01 && !scaling) {
                    continue;
                }
                String where = "alpha %s, depth %d, %s".formatted(alpha, depth, term);
                Random random = new Random(depth);
                DeepOptEqModel deep = DeepOptEqModel.of(units(random, depth, 4, false), alpha, term);
                double[] z = Cases.prediction(deep.model(), X);
                // A residual r in the states is one of at most alpha L |W'/mu| r in T(z).
                double gain = 0;
                for (OptEqModel unit : deep.units()) {
                    gain += alpha * Cases.norm(unit.back().toDoubleArray());
                }
                double bound = 4 * gain * Cases.TOLERANCE + rounding(deep, alpha) + (scaling ? 0 : 4 * Cases.TOLERANCE);
                assertEquals(0, Cases.distance(deep.map(z, X), z), bound, where);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.4, 0.1})
    void theLayersSolveTheBlockEquation(double alpha) {
        for (int depth = 1; depth <= 4; depth++) {
            String where = "alpha %s, depth %d".formatted(alpha, depth);
            Random random = new Random(depth);
            DeepOptEqModel deep = DeepOptEqModel.of(units(random, depth, 3, true), alpha);
            double[] z = new double[3];
            for (int k = 0; k < 60 / alpha; k++) {
                z = deep.map(z, X);
            }
            // contraction^(60/alpha) < 0.5^60 of a distance below 16.
            double error = (rounding(deep, alpha) + 16 * 0x1p-60) / (1 - contraction(depth, alpha));
            assertEquals(
                    0, Cases.distance(Cases.prediction(deep.model(), X), z), 2 * error + 16 * Cases.TOLERANCE, where);
            double[] blocks =
                    deep.layers(z, X).stream().flatMapToDouble(Arrays::stream).toArray();
            assertEquals(0, Cases.distance(blockMap(deep, blocks), blocks), 4 * error, where);
        }
    }

    /// (6) as it is printed, with `mu`: `(alpha/mu) W' sigma(W P z + U x + b) + (1 - alpha) P z`.
    private static double[] blockMap(DeepOptEqModel deep, double[] blocks) {
        int depth = deep.units().size();
        int n = deep.size();
        double[][] permutation = new double[depth * n][depth * n];
        for (int i = 0; i < depth * n; i++) {
            permutation[i][(i + (depth - 1) * n) % (depth * n)] = 1;
        }
        double[] moved = Products.of(Matrix.ofRows(permutation), blocks);
        int h = deep.units().stream().mapToInt(OptEqModel::hiddenSize).sum();
        double[][] w = new double[h][depth * n];
        double[][] u = new double[h][2];
        double[] b = new double[h];
        int row = 0;
        for (int l = 0; l < depth; l++) {
            OptEqModel unit = deep.units().get(l);
            for (int i = 0; i < unit.hiddenSize(); i++, row++) {
                unit.w().getRow(i, w[row], l * n);
                unit.u().getRow(i, u[row], 0);
                b[row] = unit.bias().get(0, i);
            }
        }
        double[] t = Products.add(Products.add(b, Matrix.ofRows(u), X), Matrix.ofRows(w), moved);
        double[] v = DeepOptEqModel.activation(deep.units()).value(t);
        double[] next = new double[depth * n];
        for (int i = 0; i < next.length; i++) {
            for (int k = 0; k < h; k++) {
                next[i] += w[k][i] * v[k];
            }
            next[i] = deep.alpha() / 1.5 * next[i] + (1 - deep.alpha()) * moved[i];
        }
        return next;
    }

    @Test
    void aUnitKeepsItsEquilibriumWhateverAlpha() {
        OptEqModel unit = Cases.unit(new Random(3), 5, 4, 1.5, SLOPE, Activation.tanh());
        double[] expected = Cases.prediction(unit.model(), X);
        for (double alpha : new double[] {1, 0.5, 0.125}) {
            DeepOptEqModel deep = DeepOptEqModel.of(List.of(unit), alpha);
            double bound = 8 * Cases.TOLERANCE + 4 * rounding(deep, 1);
            assertEquals(0, Cases.distance(expected, Cases.prediction(deep.model(), X)), bound, "alpha " + alpha);
        }
    }

    @Test
    void coefficientsAreThePermutationAtOneAndTheMeanAtZero() {
        List<OptEqModel> units = new ArrayList<>();
        for (int l = 1; l <= 3; l++) {
            Matrix w = Matrix.ofRows(new double[] {Math.scalb(1.0, -l)});
            units.add(OptEqModel.of(w, Matrix.ofRows(new double[] {1}), null, 1, Activation.relu()));
        }
        // A_lj = w_l K_(l-1)j w_j: with alpha = 1 each unit reads the one before it.
        assertArrayEquals(
                new double[] {0, 0, 0x1p-4, 0x1p-3, 0, 0, 0, 0x1p-5, 0},
                DeepOptEqModel.of(units, 1).model().a().toMatrix().toDoubleArray());
        double[] tiny = DeepOptEqModel.of(units, 0x1p-60).model().a().toMatrix().toDoubleArray();
        for (int l = 0; l < 3; l++) {
            for (int j = 0; j < 3; j++) {
                double expected = Math.scalb(1.0, -l - j - 2) / 3;
                assertEquals(expected, tiny[3 * l + j], 8 * Cases.UNIT * expected);
            }
        }
        assertArrayEquals(
                new double[] {0, 0, 0x1p-3},
                DeepOptEqModel.of(units, 1).model().c().toMatrix().toDoubleArray());
    }

    /// `|z(alpha) - y| <= |T(y) - y|/(1 - contraction)` at the equilibrium `y` of the wide model: `O(alpha)`.
    @Test
    void asAlphaGoesToZeroTheFixedPointIsThatOfTheWideModel() {
        for (int seed = 0; seed < 10; seed++) {
            List<OptEqModel> units = new ArrayList<>();
            Random random = new Random(seed);
            for (int l = 0; l < 3; l++) {
                units.add(Cases.unit(random, 4, 3, 1.5, SLOPE, Activation.tanh()));
            }
            double[] y = Cases.prediction(DeepOptEqModel.of(units, 1).wide().model(), X);
            double[] errors = new double[5];
            for (int k = 0; k < errors.length; k++) {
                String where = "seed %d, k %d".formatted(seed, k);
                double alpha = Math.scalb(1.0, -4 - 2 * k);
                DeepOptEqModel deep = DeepOptEqModel.of(units, alpha);
                errors[k] = Cases.distance(Cases.prediction(deep.model(), X), y);
                double slack = rounding(deep, 1) + 16 * Cases.TOLERANCE;
                double bound =
                        (Cases.distance(deep.map(y, X), y) + alpha * slack) / (1 - contraction(3, alpha)) + slack;
                assertTrue(errors[k] <= bound, where + ": " + errors[k] + " above " + bound);
                // With |f_l(y) - y| <= d, unit l reads a point within (l - 1) alpha d of y, and f_l - I is
                // 2-Lipschitz: |T(y) - y| <= alpha 2 (0 + 1 + 2) alpha d. 1 - contraction >= 1.4 alpha.
                double d = units.stream()
                        .mapToDouble(unit -> Cases.distance(unit.map(y, X), y))
                        .max()
                        .orElseThrow();
                assertTrue(bound <= 6 * alpha * d / 1.4 + 3 * slack, where + ": " + bound);
                if (k > 1) {
                    // errors = a alpha + b alpha^2 + ...: the ratio is 4 up to what goes down with alpha, by 4.
                    double before = Math.abs(errors[k - 2] / errors[k - 1] - 4);
                    assertEquals(4, errors[k - 1] / errors[k], before / 2, where);
                }
            }
        }
    }

    /// Theorem 3: the limit minimises `sum_l phi_l(x_l) + |x_l - y|^2/2`.
    @Test
    void theWideModelMinimisesTheFunctionOfTheLimit() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<OptEqModel> units = units(random, 3, 3, true);
            double[] y = Cases.prediction(DeepOptEqModel.of(units, 1).wide().model(), X);
            double least = coupled(units, List.of(y, y, y), y);
            double slack = 2 * rounding(DeepOptEqModel.of(units, 1), 1) * 16;
            boolean rose = false;
            for (int trial = 0; trial < 40; trial++) {
                double size = Math.scalb(1.0, 1 - trial / 2);
                List<double[]> from = new ArrayList<>();
                for (int l = 0; l < 3; l++) {
                    from.add(Cases.sum(y, size, Cases.vector(random, 3)));
                }
                double value = coupled(units, from, Cases.sum(y, size, Cases.vector(random, 3)));
                assertTrue(value >= least - slack, "seed %d, trial %d: %s".formatted(seed, trial, value - least));
                rose |= value > least + 1000 * slack;
            }
            assertTrue(rose, "seed " + seed);
        }
    }

    /// The function at `x_l = f_l(from_l)` and `y`.
    private static double coupled(List<OptEqModel> units, List<double[]> from, double[] y) {
        double sum = 0;
        for (int l = 0; l < units.size(); l++) {
            double distance = Cases.distance(units.get(l).map(from.get(l), X), y);
            sum += units.get(l).objective(X).at(from.get(l)) + distance * distance / 2;
        }
        return sum;
    }

    @Test
    void termsAreProximalMaps() {
        double[] z = {-3, -0.5, -0.0, 0.5, 3};
        assertArrayEquals(
                new double[] {-2, 0, 0, 0, 2}, FeatureTerm.absoluteSum(1).apply(z));
        assertArrayEquals(
                new double[] {-1.5, -0.25, -0.0, 0.25, 1.5},
                FeatureTerm.squaredNorm(0.5).apply(z));
        assertArrayEquals(
                new double[] {-1.5, -0.25, -0.0, 0.25, 1.5},
                FeatureTerm.squaredNormStep(1, 0.25).apply(z));
        assertArrayEquals(z, FeatureTerm.none().apply(z));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.absoluteSum(-1));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.squaredNorm(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.squaredNormStep(2, 0.75));
        assertThrows(IllegalArgumentException.class, () -> new FeatureTerm.Scaling(-1.5));
    }

    @Test
    void termsAreWhatTheirTableSays() {
        double infinity = Double.POSITIVE_INFINITY;
        Map<FeatureTerm, DoubleUnaryOperator> expected = Map.of(
                FeatureTerm.elasticNet(0.25, 0.5), z -> Math.signum(z) * Math.max(Math.abs(z) - 0.25, 0) / 2,
                FeatureTerm.box(-0.5, 0.75), z -> Math.clamp(z, -0.5, 0.75),
                FeatureTerm.box(0.5, 0.5), _ -> 0.5,
                FeatureTerm.box(0, infinity), z -> Math.max(z, 0),
                FeatureTerm.box(0.25, infinity), z -> Math.max(z, 0.25),
                FeatureTerm.box(-infinity, 0.25), z -> Math.min(z, 0.25),
                FeatureTerm.box(-infinity, infinity), z -> z,
                FeatureTerm.huberStep(0.5, 0.75, 1.5), z -> z - 0.75 * Math.clamp(z, -0.75, 0.75),
                FeatureTerm.logCoshStep(0.5, 3), z -> z - 1.5 * Math.tanh(z));
        double[] z = {-3, -0.75, -0.6, -0.25, -0.1, 0, 0.1, 0.25, 0.6, 0.75, 3};
        expected.forEach((term, function) -> assertArrayEquals(
                Arrays.stream(z).map(function).toArray(), term.apply(z), 8 * Cases.UNIT, term.toString()));
        // R = ((z_0 - z_1 - 1)^2 + (2 z_1)^2)/2
        FeatureTerm squares = FeatureTerm.leastSquaresStep(
                Matrix.ofRows(new double[] {1, -1}, new double[] {0, 2}), Matrix.ofRows(new double[] {1, 0}), 0.25);
        double[] point = {0.5, -1.5};
        double first = point[0] - point[1] - 1;
        assertArrayEquals(
                new double[] {point[0] - 0.25 * first, point[1] - 0.25 * (4 * point[1] - first)},
                squares.apply(point),
                8 * Cases.UNIT);
    }

    @Test
    void stepsThatExpandAndTermsThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.huberStep(1, 1, 2.5));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.huberStep(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.logCoshStep(2, 1.25));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.elasticNet(1, -1));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.box(1, 0));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.box(Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> FeatureTerm.leastSquaresStep(F, G, 0.5));
        assertThrows(ShapeException.class, () -> FeatureTerm.leastSquaresStep(F, Matrix.ofRows(new double[3]), 0.1));
        List<OptEqModel> units = units(new Random(1), 2, 3, true);
        FeatureTerm four = FeatureTerm.leastSquaresStep(F, G, 0.25);
        assertThrows(ShapeException.class, () -> DeepOptEqModel.of(units, 1, four));
        assertThrows(ShapeException.class, () -> four.apply(new double[3]));
    }

    @Test
    void aHeadIsAppliedToTheFixedPoint() {
        DeepOptEqModel deep = DeepOptEqModel.of(units(new Random(1), 2, 3, true), 0.5, FeatureTerm.absoluteSum(0.01));
        double[] z = Cases.prediction(deep.model(), X);
        Matrix head = Matrix.ofRows(new double[] {2, 0, 0}, new double[] {0, 0, -1});
        assertArrayEquals(new double[] {2 * z[0], -z[2]}, Cases.prediction(deep.model(LinearOperator.dense(head)), X));
    }

    @Test
    void unitsThatDoNotFitAreRefused() {
        Random random = new Random(1);
        OptEqModel unit = Cases.unit(random, 3, 3, 1, SLOPE, Activation.relu());
        OptEqModel wider = Cases.unit(random, 3, 4, 1, SLOPE, Activation.relu());
        OptEqModel other = Cases.unit(random, 3, 3, 2, SLOPE, Activation.relu());
        assertThrows(ShapeException.class, () -> DeepOptEqModel.of(List.of(unit, wider), 1));
        assertThrows(IllegalArgumentException.class, () -> DeepOptEqModel.of(List.of(), 1));
        assertThrows(IllegalArgumentException.class, () -> DeepOptEqModel.of(List.of(unit), 0));
        assertThrows(IllegalArgumentException.class, () -> DeepOptEqModel.of(List.of(unit), 1.5));
        assertThrows(
                IllegalStateException.class,
                () -> DeepOptEqModel.of(List.of(unit, other), 1).wide());
    }
}
