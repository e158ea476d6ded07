package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.operator.SumOperator;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.ContractionWeights;
import dev.stillpoint.wellposed.WellPosedness;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Random parts of compositions, and what their composition may err by. All entries are numbers of FP32, so that
/// a model is the same in either precision.
final class Parts {
    /// What elementary functions err by, in units of rounding of a value of at most 1; a softmax, whose values
    /// are sums and quotients of such, by as much again for each of its few terms.
    private static final int FUNCTION_ERROR = 32;

    private Parts() {}

    static double tolerance(Precision precision) {
        return precision == Precision.F32 ? 1e-4 : 1e-11;
    }

    /// Entries uniform in `(-scale, scale)`, rounded to FP32.
    static double[][] entries(int rows, int columns, double scale, Random random) {
        double[][] entries = new double[rows][columns];
        for (double[] row : entries) {
            Arrays.setAll(row, j -> (float) (scale * (2 * random.nextDouble() - 1)));
        }
        return entries;
    }

    static Matrix matrix(int rows, int columns, double scale, Random random) {
        return Matrix.ofRows(entries(rows, columns, scale, random));
    }

    static LinearOperator dense(int rows, int columns, double scale, Random random) {
        return LinearOperator.dense(matrix(rows, columns, scale, random));
    }

    /// A model that contracts by 0.5 at most in the maximum norm, with a bias.
    static ImplicitModel part(int p, int n, int q, boolean direct, String activation, Random random) {
        return ImplicitModel.of(
                matrix(n, n, 0.5 / n, random),
                matrix(n, p, 1, random),
                matrix(q, n, 1, random),
                direct ? matrix(q, p, 1, random) : null,
                matrix(1, n, 1, random),
                Activation.parse(activation));
    }

    static Matrix outputs(ImplicitModel model, Matrix inputs, Precision precision) {
        StoppingRule rule = StoppingRule.absolute(tolerance(precision));
        try (SolvePlan plan =
                Backend.cpu().prepare(model.problem(), Solver.picard(), rule, new PlanOptions(precision, 1))) {
            SolveResult result = plan.solve(inputs);
            for (int i = 0; i < inputs.rows(); i++) {
                assertEquals(Status.CONVERGED, result.status(i));
            }
            return model.predict(inputs, result);
        }
    }

    /// The engine predicts for random inputs what `expected` computes in FP64.
    static void assertPredicts(ImplicitModel model, UnaryOperator<double[]> expected, Random random, String what) {
        Matrix inputs = matrix(5, model.inputSize(), 1, random);
        for (Precision precision : Precision.values()) {
            Matrix found = outputs(model, inputs, precision);
            assertEquals(model.outputSize(), found.columns());
            for (int s = 0; s < inputs.rows(); s++) {
                double[] u = new double[model.inputSize()];
                inputs.getRow(s, u, 0);
                double[] y = expected.apply(u);
                assertEquals(y.length, model.outputSize(), what);
                double bound = error(model, u, precision);
                assertTrue(bound < 1e4 * tolerance(precision), what + ": a bound of " + bound + " tells nothing");
                for (int i = 0; i < y.length; i++) {
                    assertEquals(y[i], found.get(s, i), bound, what + ", " + precision + ", output " + i);
                }
            }
        }
    }

    /// A bound of the error of the engine's outputs. With unit roundoff `v` of the precision, a product of `k`
    /// terms in all its factors errs by `k v` of the same product of absolute values. So the argument of the
    /// activation errs by that, its value by that and the error of functions, and with the tolerance it bounds
    /// the residual of each state; over activation blocks of `b` states, whose activations do not expand, their
    /// 2-norm is at most `sqrt(b)` of it. Verified weights turn residuals to errors of states, and `C` makes
    /// outputs of them. It is taken at the solution in FP64; the factor 2 is for the distance of the engine's
    /// states from that, and for its own error.
    static double error(ImplicitModel model, double[] u, Precision precision) {
        double v = precision.unitRoundoff();
        double[] x = absolute(PlainModel.of(model).state(u));
        double[] input = absolute(u);
        double[] argument = sum(magnitude(model.a(), x), magnitude(model.b(), input));
        Matrix bias = model.bias();
        if (bias != null) {
            argument = sum(argument, absolute(bias.toDoubleArray()));
        }
        long k = terms(model.a()) + terms(model.b()) + 4;
        ContractionWeights weights =
                WellPosedness.analyse(model.a(), model.activation()).weights().orElseThrow();
        ActivationBlocks blocks = ActivationBlocks.of(model.activation(), x.length);
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            int size = blocks.size(blocks.blockOf(i));
            double own = 0;
            for (int j = blocks.begin(blocks.blockOf(i)); j < blocks.begin(blocks.blockOf(i) + 1); j++) {
                own = Math.max(own, k * v * argument[j]);
            }
            double residual = tolerance(precision) + Math.sqrt(size) * (own + FUNCTION_ERROR * size * v);
            largest = Math.max(largest, residual / weights.weight(i));
        }
        double[] error = new double[x.length];
        double factor = largest / (1 - weights.kappa());
        Arrays.setAll(error, i -> weights.weight(i) * factor);
        double[] outputs = magnitude(model.c(), error);
        double[] sizes = magnitude(model.c(), x);
        long terms = terms(model.c()) + 4;
        LinearOperator d = model.d();
        if (d != null) {
            sizes = sum(sizes, magnitude(d, input));
            terms += terms(d);
        }
        double bound = 0;
        for (int i = 0; i < outputs.length; i++) {
            bound = Math.max(bound, outputs[i] + terms * v * sizes[i]);
        }
        return 2 * bound;
    }

    private static double[] absolute(double[] values) {
        return Arrays.stream(values).map(Math::abs).toArray();
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    /// The longest chain of roundings in a product, or more.
    private static long terms(LinearOperator operator) {
        return switch (operator) {
            case ProductOperator(List<LinearOperator> factors) ->
                factors.stream().mapToLong(Parts::terms).sum();
            case SumOperator(List<LinearOperator> sum) ->
                sum.stream().mapToLong(Parts::terms).sum();
            case BlockTriangularOperator triangular -> terms(triangular.toBlocks());
            case BlockOperator blocks -> {
                long terms = 0;
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        LinearOperator block = blocks.block(i, j);
                        terms += block == null ? 0 : terms(block);
                    }
                }
                yield terms;
            }
            case LinearOperator leaf -> leaf.columns() + 1L;
        };
    }

    /// The product with absolute values of entries, factor by factor.
    private static double[] magnitude(LinearOperator operator, double[] x) {
        return switch (operator) {
            case ProductOperator(List<LinearOperator> factors) -> {
                double[] y = x;
                for (LinearOperator factor : factors.reversed()) {
                    y = magnitude(factor, y);
                }
                yield y;
            }
            case SumOperator(List<LinearOperator> terms) ->
                terms.stream()
                        .map(term -> magnitude(term, x))
                        .reduce(Parts::sum)
                        .orElseThrow();
            case BlockTriangularOperator triangular -> magnitude(triangular.toBlocks(), x);
            case BlockOperator blocks -> {
                double[] y = new double[blocks.rows()];
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        @Nullable LinearOperator block = blocks.block(i, j);
                        if (block != null) {
                            int begin = blocks.columnBegin(j);
                            double[] own = magnitude(block, Arrays.copyOfRange(x, begin, begin + blocks.columnSize(j)));
                            for (int r = 0; r < own.length; r++) {
                                y[blocks.rowBegin(i) + r] += own[r];
                            }
                        }
                    }
                }
                yield y;
            }
            case LinearOperator leaf -> {
                Matrix matrix = leaf.toMatrix();
                double[] y = new double[matrix.rows()];
                for (int i = 0; i < y.length; i++) {
                    for (int j = 0; j < x.length; j++) {
                        y[i] += Math.abs(matrix.get(i, j)) * x[j];
                    }
                }
                yield y;
            }
        };
    }
}
