package dev.stillpoint.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.model.opteq.DeepOptEqModel;
import dev.stillpoint.model.opteq.OptEqModel;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.trainer.experiment.OptimalLimitResult.Point;
import dev.stillpoint.validation.report.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OptimalLimitTest {
    /// What the tolerance of the solver, 2^-44, leaves of a state of 16 values and slope 1/2.
    private static final double SLACK = 0x1p-38;

    private static OptimalLimitOptions options(int depth, String activation, long seed) {
        return new OptimalLimitOptions(depth, 16, 0.5, Activation.parse(activation), 10, seed);
    }

    private static double[] exponents(List<Point> points, ToDoubleFunction<Point> distance) {
        double[] exponents = new double[points.size() - 1];
        for (int k = 0; k < exponents.length; k++) {
            exponents[k] = Math.log(distance.applyAsDouble(points.get(k)) / distance.applyAsDouble(points.get(k + 1)))
                    / Math.log(2);
        }
        return exponents;
    }

    /// With `distance = a alpha (1 + b alpha + ...)` the exponent from one alpha to its half is
    /// `1 + b alpha / (2 log 2) + ...`, whose distance from 1 is halved by each halving up to a part that goes to 0
    /// with alpha: 1/2 of it is allowed here, from 2^-5 on.
    @ParameterizedTest
    @CsvSource({"2, tanh, 1", "3, tanh, 2", "5, tanh, 3", "3, sigmoid, 4", "2, softmax:4, 5"})
    void theExponentTendsToOne(int depth, String activation, long seed) {
        OptimalLimitResult result = OptimalLimit.run(options(depth, activation, seed), Progress.none());
        assertTrue(result.allConverged());
        check(result, Point::distance, result.exponent());
        check(result, Point::farthest, result.farthestExponent());
    }

    private static void check(OptimalLimitResult result, ToDoubleFunction<Point> distance, double fitted) {
        String where = result.options().toString();
        double[] exponents = exponents(result.points(), distance);
        for (int k = 6; k < exponents.length; k++) {
            double before = Math.abs(exponents[k - 1] - 1);
            double error = 4 * SLACK / distance.applyAsDouble(result.points().getLast());
            assertTrue(Math.abs(exponents[k] - 1) <= 0.75 * before + error, where + ", step " + k);
        }
        // The slope of least squares is a mean of the exponents between neighbours.
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = result.points().size() - result.fitted().size(); k < exponents.length; k++) {
            least = Math.min(least, exponents[k]);
            largest = Math.max(largest, exponents[k]);
        }
        double rounding = 64 * Math.ulp(1.0);
        assertTrue(least - rounding <= fitted && fitted <= largest + rounding, where + ": " + fitted);
    }

    /// Also where the activation has kinks.
    @ParameterizedTest
    @ValueSource(strings = {"tanh", "relu", "leaky-relu:0.1"})
    void distancesAreWithinTheirBound(String activation) {
        for (long seed = 1; seed <= 5; seed++) {
            OptimalLimitResult result = OptimalLimit.run(options(3, activation, seed), Progress.none());
            assertEquals(11, result.points().size());
            for (int k = 0; k < 11; k++) {
                Point point = result.points().get(k);
                String where = activation + ", seed " + seed + ", " + point;
                assertEquals(Math.scalb(1.0, -k), point.alpha());
                assertEquals(Status.CONVERGED, point.status(), where);
                assertTrue(point.distance() <= point.bound() + SLACK, where);
                assertTrue(point.distance() <= point.farthest() + SLACK, where);
                if (activation.equals("tanh")) {
                    // p_l(y) and y are of norm 4 sqrt(1/2) < 3 at most, so that |p_l(y) - y| <= d = 6, which gives
                    // |T(y) - y| <= (L choose 2) 2 alpha^2 d; and 1 - (1 - alpha/2)^3 >= 7/8 alpha.
                    assertTrue(point.bound() <= 6 * 6 * point.alpha() / (7.0 / 8), where);
                }
            }
        }
    }

    /// The equilibrium of the wide model is the minimiser too, and is found in another way.
    @Test
    void theMinimiserIsTheEquilibriumOfTheWideModel() {
        List<OptEqModel> units = new ArrayList<>();
        SplitMix64 random = new SplitMix64(7);
        for (int l = 0; l < 3; l++) {
            Matrix w = Matrix.zeros(Precision.F64, 4, 4);
            Matrix u = Matrix.zeros(Precision.F64, 4, 1);
            for (int i = 0; i < 4; i++) {
                u.set(i, 0, random.nextDouble(-1, 1));
                for (int j = 0; j < 4; j++) {
                    // Row and column sums of at most 0.7, thus a 2-norm of at most 0.7, whose square is below 1/2.
                    w.set(i, j, random.nextDouble(-0.175, 0.175));
                }
            }
            units.add(OptEqModel.of(w, u, null, 1, Activation.tanh()));
        }
        double[] x = {0.9};
        double[] y = OptimalLimit.minimiser(units, x, 0.5);
        ImplicitModel wide = DeepOptEqModel.of(units, 1).wide().model();
        StoppingRule stopping = StoppingRule.absolute(0x1p-46);
        Matrix inputs = Matrix.ofRows(x);
        double[] expected;
        try (SolvePlan plan =
                Backend.cpu().prepare(wide.problem(), Solver.picard(), stopping, new PlanOptions(Precision.F64, 1))) {
            expected = wide.predict(inputs, plan.solve(inputs).orThrow()).toDoubleArray();
        }
        for (int i = 0; i < 4; i++) {
            assertEquals(expected[i], y[i], 16 * 0x1p-46, "value " + i);
            assertTrue(Math.abs(y[i]) > 0x1p-20, "a minimiser of zero shows nothing");
        }
    }

    @Test
    void aSeedGivesTheSameResult() {
        OptimalLimitOptions options = options(2, "tanh", 3);
        OptimalLimitResult first = OptimalLimit.run(options, Progress.none());
        assertEquals(first, OptimalLimit.run(options, Progress.none()));
        assertNotEquals(
                first.points(),
                OptimalLimit.run(options(2, "tanh", 4), Progress.none()).points());
    }

    @Test
    void thePageShowsPlotAndFigures() {
        OptimalLimitResult result = OptimalLimit.run(OptimalLimitOptions.defaults(), Progress.none());
        String html = OptimalLimitPage.of(result, new Environment(List.of())).toHtml();
        assertEquals(
                html, OptimalLimitPage.of(result, new Environment(List.of())).toHtml());
        for (String part : List.of(
                "\"last layer\"",
                "\"farthest layer\"",
                "\"bound\"",
                "\"fit, alpha^%.3f\"".formatted(result.exponent()),
                "<td class=\"number\">2^-10</td>",
                "%.6e".formatted(result.points().getLast().distance()))) {
            assertTrue(html.contains(part), part);
        }
        // The line of the fit meets its points in their logarithmic mean.
        double ratio = 1;
        for (Point point : result.fitted()) {
            ratio *= result.fit(point.alpha()) / point.distance();
        }
        assertEquals(1, ratio, 256 * Math.ulp(1.0));
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        Activation tanh = Activation.tanh();
        refused("depth is 1", () -> new OptimalLimitOptions(1, 4, 0.5, tanh, 10, 1));
        refused("order is 0", () -> new OptimalLimitOptions(2, 0, 0.5, tanh, 10, 1));
        refused("order is 513", () -> new OptimalLimitOptions(2, 513, 0.5, tanh, 10, 1));
        refused("slope is 1.0", () -> new OptimalLimitOptions(2, 4, 1, tanh, 10, 1));
        refused("slope is NaN", () -> new OptimalLimitOptions(2, 4, Double.NaN, tanh, 10, 1));
        refused("halvings is 1", () -> new OptimalLimitOptions(2, 4, 0.5, tanh, 1, 1));
        refused("halvings is 21", () -> new OptimalLimitOptions(2, 4, 0.5, tanh, 21, 1));
        refused(
                "activation is max-pool:2, expected a proximal map",
                () -> new OptimalLimitOptions(2, 4, 0.5, Activation.maxPool(2), 10, 1));
        assertThrows(ShapeException.class, () -> new OptimalLimitOptions(2, 4, 0.5, Activation.softmax(3), 10, 1));
    }

    private static void refused(String part, org.junit.jupiter.api.function.Executable made) {
        String message = assertThrows(IllegalArgumentException.class, made).getMessage();
        assertTrue(message.contains(part), message);
    }
}
