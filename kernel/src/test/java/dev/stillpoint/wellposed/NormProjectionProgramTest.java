package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/// The projection against a solver of quadratic programs. It ends its iterations far above the last digit, so
/// values are compared to a millionth of what they are made of; the bisection has the digits.
final class NormProjectionProgramTest {
    private static final double TOLERANCE = 1e-6;

    private static double[] project(double[] row, double kappa) {
        return NormProjection.onto(kappa)
                .apply(Matrix.of(row, 1, row.length), 1)
                .toDoubleArray();
    }

    private static void compare(double[] row, double kappa, Optimisation.Result found, String message) {
        assertTrue(found.getState().isOptimal(), message + ": " + found.getState());
        double[] expected = project(row, kappa);
        double size = 0;
        for (double value : row) {
            size = Math.max(size, Math.abs(value));
        }
        for (int j = 0; j < row.length; j++) {
            assertEquals(found.doubleValue(j), expected[j], TOLERANCE * size, message + ", value " + j);
        }
    }

    private static ExpressionsBasedModel model(double[] row) {
        ExpressionsBasedModel model = new ExpressionsBasedModel();
        Expression distance = model.newExpression("distance").weight(0.5);
        for (int j = 0; j < row.length; j++) {
            Variable x = model.newVariable("x" + j);
            distance.set(x, x, 1);
            distance.set(x, -2 * row[j]);
        }
        return model;
    }

    /// The ball by its faces, one for each combination of signs: nothing of the method is in the program.
    @Test
    void shortRowsWithTheBallByItsFaces() {
        SplittableRandom random = new SplittableRandom(17);
        for (int trial = 0; trial < 40; trial++) {
            int n = 1 + trial % 5;
            double[] row = random.doubles(n, -2, 2).toArray();
            double kappa = random.nextDouble(0.2, 3);
            ExpressionsBasedModel model = model(row);
            for (int face = 0; face < 1 << n; face++) {
                Expression side = model.newExpression("face" + face).upper(kappa);
                for (int j = 0; j < n; j++) {
                    side.set(j, (face >> j & 1) == 0 ? 1 : -1);
                }
            }
            compare(row, kappa, model.minimise(), "trial %d, n = %d, kappa %s".formatted(trial, n, kappa));
        }
    }

    /// Non-negative rows, whose projections are the same onto the ball and onto its part of non-negative values.
    @Test
    void longerRowsOnTheSimplexSide() {
        SplittableRandom random = new SplittableRandom(18);
        for (int trial = 0; trial < 20; trial++) {
            int n = random.nextInt(6, 41);
            double[] row = random.doubles(n, 0, 1).toArray();
            double kappa = random.nextDouble(0.1, 5);
            ExpressionsBasedModel model = model(row);
            Expression sum = model.newExpression("sum").upper(kappa);
            for (int j = 0; j < n; j++) {
                model.getVariable(j).lower(0);
                sum.set(j, 1);
            }
            compare(row, kappa, model.minimise(), "trial %d, n = %d, kappa %s".formatted(trial, n, kappa));
        }
    }
}
