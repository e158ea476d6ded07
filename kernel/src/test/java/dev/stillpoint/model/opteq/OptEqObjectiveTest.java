package dev.stillpoint.model.opteq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.SolveResult;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OptEqObjectiveTest {
    private static final double[] X = {0.7, -0.4};

    /// The size of what is added up in `phi(f(y))`, and in a change of it by a rounding of `v`.
    private static double terms(OptEqModel model, double[] y) {
        double[] zero = new double[model.size()];
        double[] v = model.hidden(y, X);
        double[] z = model.output(v);
        double inner = 0;
        for (int i = 0; i < v.length; i++) {
            double t = Math.abs(model.bias().get(0, i));
            for (int k = 0; k < X.length; k++) {
                t += Math.abs(model.u().get(i, k) * X[k]);
            }
            for (int j = 0; j < zero.length; j++) {
                t += Math.abs(model.w().get(i, j) * y[j]);
            }
            inner += (2 * t + 4 + Math.abs(v[i])) * (Math.abs(v[i]) + UNIT_VALUE);
        }
        return inner / model.mu() + Cases.norm(z) * (Cases.norm(z) + Cases.norm(y));
    }

    /// Values of `sigmoid` and `softmax` carry an absolute error as if they were 1.
    private static final double UNIT_VALUE = 1;

    private static double rounding(OptEqModel model, double[]... points) {
        double terms = 0;
        for (double[] y : points) {
            terms += terms(model, y);
        }
        return 4 * (model.hiddenSize() + model.size() + 8) * Cases.UNIT * terms;
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "leaky-relu:0.3", "tanh", "sigmoid", "softmax:3", "identity"})
    void theMapIsTheProximalMapOfTheFunction(String label) {
        // phi is convex with the subgradient y - f(y) at f(y), for all y: that is f = prox_phi.
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int h = 3 * (1 + random.nextInt(3));
            int n = 1 + random.nextInt(8);
            OptEqModel model = Cases.unit(random, h, n, 0.5 + random.nextDouble(), 0.999, Activation.parse(label));
            OptEqObjective phi = model.objective(X);
            for (int pair = 0; pair < 20; pair++) {
                double[] y = Cases.sum(new double[n], 2, Cases.vector(random, n));
                double[] other = Cases.sum(y, Math.scalb(1.0, -pair), Cases.vector(random, n));
                double[] step = Cases.sum(model.map(other, X), -1, model.map(y, X));
                double excess = phi.at(other) - phi.at(y) - Products.dot(phi.subgradient(y), step);
                assertTrue(
                        excess >= -rounding(model, y, other),
                        "%s, seed %d, pair %d: %s".formatted(label, seed, pair, excess));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh", "sigmoid", "identity"})
    void theConjugateIsThatOfThePrimitive(String label) {
        // psi*(z) = y'z - psi(y) at z = grad psi(y).
        DoubleUnaryOperator primitive = primitive(label);
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            OptEqModel model = Cases.unit(random, 6, 4, 1.3, 0.9, Activation.parse(label));
            double[] y = Cases.vector(random, 4);
            double[] q = Products.add(model.bias().toDoubleArray(), model.u(), X);
            double[] t = Products.add(q, model.w(), y);
            double psi = 0;
            for (double value : t) {
                psi += primitive.applyAsDouble(value) / model.mu();
            }
            double[] z = model.map(y, X);
            double expected = Products.dot(y, z) - psi - Products.dot(z, z) / 2;
            assertEquals(expected, model.objective(X).at(y), rounding(model, y), label + ", seed " + seed);
        }
    }

    private static DoubleUnaryOperator primitive(String label) {
        return switch (label) {
            case "relu" -> t -> t < 0 ? 0 : t * t / 2;
            case "tanh" -> t -> Math.log(Math.cosh(t));
            case "sigmoid" -> t -> Math.log1p(Math.exp(t));
            default -> t -> t * t / 2;
        };
    }

    /// Square, hence almost surely invertible, `W`; the equilibrium by the engine, the minimiser by other means.
    @ParameterizedTest
    @CsvSource({"relu", "tanh", "sigmoid"})
    void theEquilibriumIsTheMinimiser(String label) {
        for (int seed = 0; seed < 20; seed++) {
            String where = label + ", seed " + seed;
            Random random = new Random(seed);
            int n = 1 + random.nextInt(7);
            Activation sigma = Activation.parse(label);
            OptEqModel model = Cases.unit(random, n, n, 1, 0.9, sigma);
            double[] q = Products.add(model.bias().toDoubleArray(), model.u(), X);
            double[][] a = Cases.rows(model.model().a().toMatrix());
            double[] least = label.equals("relu")
                    ? Minimisers.nonNegative(a, q)
                    : Minimisers.byComponents(a, q, t -> sigma.value(new double[] {t})[0]);
            SolveResult result = Cases.solve(model.model(), X);
            double[] v = result.states().toDoubleArray();
            // Both solve to a residual; I - gamma A >= 0.1 I turns it into a distance.
            double size = 1 + Cases.norm(q) + 10 * Cases.norm(v);
            double error = 10 * (Cases.TOLERANCE + 16 * (n + 4) * Cases.UNIT * size);
            assertEquals(0, Cases.distance(least, v), error, where);
            double[] z = model.output(v);
            OptEqObjective phi = model.objective(X);
            double slack = rounding(model, z, z);
            double minimum = phi.ofHidden(least);
            assertEquals(minimum, phi.at(z), slack, where);
            assertEquals(minimum, phi.ofHidden(v), slack + error * size, where);
            assertEquals(0, Cases.norm(phi.subgradient(z)), error * 4, where);
            assertTrue(phi.gap(z) <= 10 * 16 * error * error, where);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "leaky-relu:0.5", "tanh", "sigmoid", "softmax:3"})
    void noOtherPointIsLowerAndTheGapIsABound(String label) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            OptEqModel model = Cases.unit(random, 6, 1 + random.nextInt(8), 2, 0.7, Activation.parse(label));
            int n = model.size();
            double[] z = Cases.prediction(model.model(), X);
            OptEqObjective phi = model.objective(X);
            double minimum = phi.at(z);
            boolean rose = false;
            for (int trial = 0; trial < 50; trial++) {
                double[] y = Cases.sum(z, Math.scalb(1.0, 2 - trial / 2), Cases.vector(random, n));
                double excess = phi.at(y) - minimum;
                double slack = rounding(model, z, y);
                String where = "%s, seed %d, trial %d".formatted(label, seed, trial);
                assertTrue(excess >= -slack, where + ": " + excess);
                assertTrue(excess <= phi.gap(y) + slack, where + ": " + excess + " above " + phi.gap(y));
                rose |= excess > 1000 * slack;
                double[] v = Cases.sum(model.hidden(z, X), 0.25, Cases.vector(random, 6));
                double value = phi.ofHidden(model.activation().value(v));
                assertTrue(value >= minimum - slack, where + ": " + value);
            }
            assertTrue(rose || Cases.norm(z) == 0, label + ": constant, seed " + seed);
        }
    }

    @Test
    void theFunctionPrintedForReluAndAnInvertibleMatrix() {
        // W = [[1, 1], [0, 1]]/2: W^-T z = v, 1'v^2/2 - q'v - |z|^2/2, all exact.
        OptEqModel model = OptEqModel.of(
                Matrix.ofRows(new double[] {.5, .5}, new double[] {0, .5}),
                Matrix.ofRows(new double[] {1}, new double[] {-2}),
                Matrix.ofRows(new double[] {0.5, 4}),
                1,
                Activation.relu());
        OptEqObjective phi = model.objective(new double[] {1});
        // v = (2, 4): z = (1, 3), q = (1.5, 2): 10 - 11 - 5.
        assertEquals(-6, phi.ofHidden(new double[] {2, 4}));
        assertEquals(Double.POSITIVE_INFINITY, phi.ofHidden(new double[] {2, -4e-300}));
    }
}
