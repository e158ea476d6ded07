package dev.stillpoint.trainer.experiment;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.model.opteq.DeepOptEqModel;
import dev.stillpoint.model.opteq.OptEqModel;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.SpectralNorm;
import java.util.ArrayList;
import java.util.List;

/// How the state of a deep optimization-induced model tends to a minimiser.
///
/// A deep model is `T = f_L o ... o f_1` with `f_l(z) = alpha p_l(z) + (1 - alpha) z`, where `p_l` is the proximal
/// map of a convex function `phi_l` ([DeepOptEqModel]). As `alpha` goes to 0, the states `z_1 ... z_L` of all layers
/// tend to the `y` of the minimiser of
///
///     sum_l phi_l(x_l) + |x_l - y|^2/2,
///
/// in proportion to `alpha`, for `T(y) - y` is of the order `alpha^2` and `1 - |T'|` of the order `alpha`. This
/// computes both sides for a model drawn at random, in double precision, and fits the exponent.
///
/// * **The minimiser**, by minimising over the `x_l` and over `y` in turn: `x_l = p_l(y)`, `y` the mean of the `x_l`.
///   Each round takes the distance from `y` by the factor `c`; there are so many that what is left of it is below
///   rounding.
/// * **The state** of each `alpha`, by Picard iteration of the model's implicit form on the CPU in FP64.
/// * **The bound** `|T(y) - y|/(1 - (1 - alpha (1 - c))^L)` of `|z_L - y|`, for `T` is a contraction with the
///   factor `(1 - alpha (1 - c))^L`.
///
/// The same bits for a seed on every machine. Source: OPT-21 Theorem 3, (4)-(6).
public final class OptimalLimit {
    /// What the solver leaves of a residual, absolute and relative: hundreds of roundings of a small model.
    private static final double TOLERANCE = 0x1p-44;

    private static final int MOST_ITERATIONS = 1_000_000;

    private final OptimalLimitOptions options;

    private OptimalLimit(OptimalLimitOptions options) {
        this.options = options;
    }

    /// Runs the experiment.
    public static OptimalLimitResult run(OptimalLimitOptions options, Progress progress) {
        return new OptimalLimit(options).run(progress);
    }

    private OptimalLimitResult run(Progress progress) {
        SplitMix64 random = new SplitMix64(options.seed());
        List<OptEqModel> units = new ArrayList<>();
        for (int l = 0; l < options.depth(); l++) {
            units.add(unit(random));
        }
        double[] x = vector(random, options.order());
        double slope =
                units.stream().mapToDouble(unit -> unit.slope().upper()).max().orElseThrow();
        double[] y = minimiser(units, x, slope);
        List<OptimalLimitResult.Point> points = new ArrayList<>();
        int total = options.halvings() + 1;
        progress.report("Solving", 0, total);
        for (int k = 0; k < total; k++) {
            points.add(point(DeepOptEqModel.of(units, Math.scalb(1.0, -k)), x, y, slope));
            progress.report("Solving", k + 1L, total);
        }
        return new OptimalLimitResult(options, norm(y), points);
    }

    /// `W` of the slope `c`, everything else between -1 and 1; `mu = 1`.
    private OptEqModel unit(SplitMix64 random) {
        int n = options.order();
        double[][] w = rows(random, n, n);
        double gamma = options.activation().lipschitz().constant();
        double scale = Math.sqrt(options.slope() / gamma)
                / SpectralNorm.of(Matrix.ofRows(w)).upper();
        for (double[] row : w) {
            for (int j = 0; j < n; j++) {
                row[j] *= scale;
            }
        }
        return OptEqModel.of(
                Matrix.ofRows(w),
                Matrix.ofRows(rows(random, n, n)),
                Matrix.ofRows(vector(random, n)),
                1,
                options.activation());
    }

    private static double[][] rows(SplitMix64 random, int rows, int columns) {
        double[][] matrix = new double[rows][];
        for (int i = 0; i < rows; i++) {
            matrix[i] = vector(random, columns);
        }
        return matrix;
    }

    private static double[] vector(SplitMix64 random, int size) {
        double[] vector = new double[size];
        for (int i = 0; i < size; i++) {
            vector[i] = random.nextDouble(-1, 1);
        }
        return vector;
    }

    /// `y`.
    static double[] minimiser(List<OptEqModel> units, double[] x, double slope) {
        int rounds = (int) Math.ceil(Math.log(Math.ulp(1.0)) / Math.log(slope));
        double[] y = new double[units.getFirst().size()];
        for (int round = 0; round < rounds; round++) {
            double[] mean = new double[y.length];
            for (OptEqModel unit : units) {
                double[] block = unit.map(y, x);
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += block[i];
                }
            }
            for (int i = 0; i < mean.length; i++) {
                mean[i] /= units.size();
            }
            y = mean;
        }
        return y;
    }

    private static OptimalLimitResult.Point point(DeepOptEqModel deep, double[] x, double[] y, double slope) {
        ImplicitModel model = deep.model();
        Matrix inputs = Matrix.ofRows(x);
        StoppingRule stopping = new StoppingRule(TOLERANCE, TOLERANCE, MOST_ITERATIONS, 1);
        SolveResult result;
        try (SolvePlan plan =
                Backend.cpu().prepare(model.problem(), Solver.picard(), stopping, new PlanOptions(Precision.F64, 1))) {
            result = plan.solve(inputs);
        }
        double[] z = model.predict(inputs, result).toDoubleArray();
        double farthest = 0;
        for (double[] layer : deep.layers(z, x)) {
            farthest = Math.max(farthest, distance(layer, y));
        }
        double factor = deep.units().size() * Math.log1p(-deep.alpha() * (1 - slope));
        return new OptimalLimitResult.Point(
                deep.alpha(),
                distance(z, y),
                farthest,
                distance(deep.map(y, x), y) / -Math.expm1(factor),
                result.iterations(0),
                result.status(0));
    }

    private static double norm(double[] a) {
        return distance(a, new double[a.length]);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
