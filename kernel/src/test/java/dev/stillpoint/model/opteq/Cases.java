package dev.stillpoint.model.opteq;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.SpectralNorm;
import java.util.Arrays;
import java.util.Random;

/// Random models and their solution by the engine.
final class Cases {
    static final double UNIT = 0x1p-53;

    /// The residual that Picard iteration is asked for.
    static final double TOLERANCE = 0x1p-46;

    private Cases() {}

    static double[] vector(Random random, int size) {
        return random.doubles(size, -1, 1).toArray();
    }

    static Matrix matrix(Random random, int rows, int columns, double scale) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, _ -> scale * random.nextGaussian());
        }
        return Matrix.ofRows(values);
    }

    /// A unit with `h` hidden and `n` outer values and two inputs whose slope is about `slope`.
    static OptEqModel unit(Random random, int h, int n, double mu, double slope, Activation activation) {
        Matrix w = matrix(random, h, n, 1);
        double gamma = activation.lipschitz().constant();
        double scale = Math.sqrt(slope * mu / gamma) / SpectralNorm.of(w).upper();
        double[][] scaled = rows(w);
        for (double[] row : scaled) {
            Arrays.setAll(row, j -> scale * row[j]);
        }
        return OptEqModel.of(Matrix.ofRows(scaled), matrix(random, h, 2, 1), matrix(random, 1, h, 0.5), mu, activation);
    }

    static double[][] rows(Matrix matrix) {
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < rows.length; i++) {
            matrix.getRow(i, rows[i], 0);
        }
        return rows;
    }

    static SolveResult solve(ImplicitModel model, double[] x) {
        StoppingRule stopping = StoppingRule.absolute(TOLERANCE).withMaxIterations(20_000);
        try (SolvePlan plan =
                Backend.cpu().prepare(model.problem(), Solver.picard(), stopping, new PlanOptions(Precision.F64, 1))) {
            return plan.solve(Matrix.ofRows(x)).orThrow();
        }
    }

    static double[] prediction(ImplicitModel model, double[] x) {
        return model.predict(Matrix.ofRows(x), solve(model, x)).toDoubleArray();
    }

    static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    static double norm(double[] a) {
        return distance(a, new double[a.length]);
    }

    static double[] sum(double[] a, double factor, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + factor * b[i]);
        return sum;
    }
}
