package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ConvergenceException;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import dev.stillpoint.wellposed.Certificate;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The first terms of the Neumann series of an adjoint equation.
final class TruncatedAdjointTest {
    private static final int N = 30;
    private static final int Q = 4;
    private static final int SAMPLES = 21;
    private static final PlanOptions DOUBLE = new PlanOptions(Precision.F64, 1);

    static Stream<Arguments> cases() {
        return Stream.of(Precision.values())
                .flatMap(precision -> AdjointCases.ACTIVATIONS.stream()
                        .flatMap(label -> Stream.of(1.0, 0.5)
                                .flatMap(damping -> IntStream.of(1, 6)
                                        .mapToObj(terms -> Arguments.of(precision, label, damping, terms)))));
    }

    private static AdjointProblem problem(String label, SplittableRandom random) {
        FixedPointProblem forward = new FixedPointProblem(
                LinearOperator.dense(AdjointCases.uniform(N, N, 1.0 / N, random)),
                LinearOperator.dense(AdjointCases.uniform(N, 2, 1, random)),
                null,
                Activation.parse(label));
        return new AdjointProblem(forward, LinearOperator.dense(AdjointCases.uniform(Q, N, 1, random)));
    }

    /// The sum of the terms `(J'A')^t J'C'g`, or `damping (damping J'A' + (1 - damping) I)^t J'C'g`, one by one.
    ///
    /// The iteration rounds once for each of at most `N + Q + 32` operations on a component, relative to what is
    /// added up there: at most `2 (|A'||v| + |C'||g|)`, as a row of `|J'|` sums to 2 at most for these
    /// activations. Its steps do not enlarge errors, as `|J'A'|_2 < 1`, so that there are as many of these errors
    /// as steps.
    @ParameterizedTest
    @MethodSource("cases")
    void sumsAreThoseOfDenseSeries(Precision precision, String label, double damping, int terms) {
        SplittableRandom random = new SplittableRandom(71);
        AdjointProblem problem = problem(label, random);
        Matrix points = AdjointCases.uniform(SAMPLES, N, 3, random);
        Matrix gradients = AdjointCases.uniform(SAMPLES, Q, 1, random);
        Activation phi = problem.forward().activation();
        double[][] at = transposed(problem.forward().a().toMatrix());
        double[][] ct = transposed(problem.c().toMatrix());
        SolveResult result;
        try (AdjointPlan plan = AdjointPlan.truncated(problem, terms, damping, new PlanOptions(precision, 2))) {
            result = plan.solve(points, gradients);
        }
        for (int s = 0; s < SAMPLES; s++) {
            double[] t = AdjointCases.row(points, s);
            double[] term = phi.transposedDerivativeTimes(t, times(ct, AdjointCases.row(gradients, s), false));
            double[] sum = new double[N];
            double size = 0;
            for (int k = 0; k < terms; k++) {
                double[] next = phi.transposedDerivativeTimes(t, times(at, term, false));
                for (int i = 0; i < N; i++) {
                    sum[i] += damping * term[i];
                    term[i] = damping * next[i] + (1 - damping) * term[i];
                }
                size = Math.max(size, norm(times(at, sum, true)));
            }
            size = 2 * (size + norm(times(ct, AdjointCases.row(gradients, s), true))) + 2 * norm(sum);
            double bound = terms * (N + Q + 32) * precision.unitRoundoff() * size;
            double[] v = AdjointCases.row(result.states(), s);
            assertEquals(0, distance(sum, v), bound, "sample " + s);
            assertTrue(bound < 0.01 * norm(sum), () -> "a bound of " + bound + " says nothing");
            assertEquals(norm(term), result.residual(s), 3 * bound, "the next term of sample " + s);
            // In FP32 the next term of some is lost in the rounding of the sum.
            Status expected = result.residual(s) == 0 ? Status.CONVERGED : Status.MAX_ITERATIONS;
            assertEquals(expected, result.status(s));
            assertEquals(terms + 1, result.iterations(s));
        }
    }

    private static double[][] transposed(Matrix matrix) {
        double[][] transposed = new double[matrix.columns()][matrix.rows()];
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                transposed[j][i] = matrix.get(i, j);
            }
        }
        return transposed;
    }

    private static double[] times(double[][] matrix, double[] x, boolean absolute) {
        double[] product = new double[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < x.length; j++) {
                double value = matrix[i][j] * x[j];
                product[i] += absolute ? Math.abs(value) : value;
            }
        }
        return product;
    }

    private static double norm(double[] x) {
        return distance(x, new double[x.length]);
    }

    private static double distance(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }

    /// With very many terms it is the adjoint state, by the bound of its residual.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void manyTermsAreTheSolution(Precision precision) {
        for (String label : AdjointCases.ACTIVATIONS) {
            for (double damping : new double[] {1, 0.5}) {
                SplittableRandom random = new SplittableRandom(72);
                AdjointProblem problem = problem(label, random);
                Matrix points = AdjointCases.uniform(SAMPLES, N, 3, random);
                Matrix gradients = AdjointCases.uniform(SAMPLES, Q, 1, random);
                // |J'A'| is at most 0.82, and with damping 0.91.
                int terms = (int) (Math.log(precision.unitRoundoff()) / Math.log(0.91));
                SolveResult result;
                try (AdjointPlan plan = AdjointPlan.truncated(problem, terms, damping, new PlanOptions(precision, 2))) {
                    result = plan.solve(points, gradients);
                }
                for (int s = 0; s < SAMPLES; s++) {
                    DenseAdjoint dense = new DenseAdjoint(
                            problem.forward().activation(),
                            problem.forward().a().toMatrix(),
                            problem.c().toMatrix(),
                            AdjointCases.row(points, s),
                            AdjointCases.row(gradients, s));
                    double[] v = AdjointCases.row(result.states(), s);
                    double rounding = (N + Q + 32) * precision.unitRoundoff() * dense.magnitude(v);
                    String where = label + ", sample " + s;
                    assertTrue(result.residual(s) <= 2 * rounding, where);
                    assertTrue(dense.distance(v) <= dense.inverseNorm() * 3 * rounding, where);
                }
            }
        }
    }

    private static AdjointProblem scalar(double a) {
        return AdjointProblem.of(model(a));
    }

    private static ImplicitModel model(double a) {
        return ImplicitModel.of(
                Matrix.ofRows(new double[] {a}),
                Matrix.ofRows(new double[] {1}),
                Matrix.ofRows(new double[] {1}),
                Activation.relu());
    }

    /// `3 (1 + 1/2 + 1/4)` and, damped, `3/2 (1 + 3/4 + 9/16)`, all exact.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void termsAreCounted(Precision precision) {
        Matrix one = Matrix.ofRows(new double[] {1});
        Matrix three = Matrix.ofRows(new double[] {3});
        PlanOptions options = new PlanOptions(precision, 1);
        try (AdjointPlan plan = AdjointPlan.truncated(scalar(0.5), 3, 1, options);
                AdjointPlan damped = AdjointPlan.truncated(scalar(0.5), 3, 0.5, options);
                AdjointPlan free = AdjointPlan.jacobianFree(scalar(0.5), options)) {
            assertEquals(5.25, plan.solve(one, three).states().get(0, 0));
            assertEquals(0.375, plan.solve(one, three).residual(0));
            assertEquals(3.46875, damped.solve(one, three).states().get(0, 0));
            // The next term is 3/2 27/64, and the residual that over the damping.
            assertEquals(1.265625, damped.solve(one, three).residual(0));
            assertEquals(3, free.solve(one, three).states().get(0, 0));
            assertEquals(1.5, free.solve(one, three).residual(0));
            assertEquals(2, free.solve(one, three).iterations(0));
            // From another start, so many steps.
            assertEquals(
                    5.25 + 8 / 8.0,
                    plan.solve(one, three, Matrix.ofRows(new double[] {8}))
                            .states()
                            .get(0, 0));
        }
    }

    /// What a batch of a converged, a cut off, two unusable samples and one without a finite point has.
    private static final class Mixed {
        final ImplicitModel model = model(0.5);
        final Matrix points = Matrix.ofRows(
                new double[] {-1}, new double[] {1}, new double[] {1}, new double[] {Double.NaN}, new double[] {1});
        final Matrix gradients = Matrix.ofRows(
                new double[] {2}, new double[] {3}, new double[] {Double.MAX_VALUE}, new double[] {5}, new double[] {7
                });
        final Matrix inputs = Matrix.ofRows(
                new double[] {11}, new double[] {13}, new double[] {17}, new double[] {19}, new double[] {23});
        final Matrix states = Matrix.ofRows(
                new double[] {29}, new double[] {31}, new double[] {37}, new double[] {41}, new double[] {43});

        SolveResult solve(int from, int to) {
            try (AdjointPlan plan = AdjointPlan.truncated(AdjointProblem.of(model), 2, 1, DOUBLE)) {
                return plan.solve(points.slice(from, to), gradients.slice(from, to));
            }
        }
    }

    @Test
    void statusesAreSaid() {
        SolveResult result = new Mixed().solve(0, 5);
        assertEquals(Status.CONVERGED, result.status(0));
        assertEquals(0, result.residual(0));
        assertEquals(Status.MAX_ITERATIONS, result.status(1));
        assertEquals(4.5, result.states().get(1, 0));
        assertEquals(Status.DIVERGED, result.status(2));
        assertEquals(Status.NON_FINITE, result.status(3));
        assertTrue(Double.isNaN(result.states().get(3, 0)));
        assertEquals(Status.MAX_ITERATIONS, result.status(4));
    }

    /// Samples 0, 1 and 4 have `v` of 0, `3 (1 + 1/2)` and `7 (1 + 1/2)`.
    @Test
    void whatIsCutOffIsTakenByName() {
        Mixed mixed = new Mixed();
        Gradients gradients = new Gradients(mixed.model);
        SolveResult some = mixed.solve(0, 2);
        Matrix inputs = mixed.inputs.slice(0, 2);
        Matrix states = mixed.states.slice(0, 2);
        Matrix g = mixed.gradients.slice(0, 2);
        assertThrows(ConvergenceException.class, () -> gradients.add(inputs, states, g, some, 1));
        gradients.addTruncated(inputs, states, g, some, 1);
        gradients.addTruncated(
                mixed.inputs.slice(4, 5), mixed.states.slice(4, 5), mixed.gradients.slice(4, 5), mixed.solve(4, 5), 2);
        assertEquals(4.5 * 31 + 10.5 * 43, gradients.a().getFirst().get(0, 0));
        assertEquals(4.5 * 13 + 10.5 * 23, gradients.b().getFirst().get(0, 0));
        assertEquals(2 * 29 + 3 * 31 + 7 * 43, gradients.c().getFirst().get(0, 0));
        assertEquals(15, gradients.bias().get(0, 0));
    }

    @Test
    void whatIsNotFiniteIsRefused() {
        Mixed mixed = new Mixed();
        Gradients gradients = new Gradients(mixed.model);
        SolveResult all = mixed.solve(0, 5);
        ConvergenceException refused = assertThrows(
                ConvergenceException.class,
                () -> gradients.addTruncated(mixed.inputs, mixed.states, mixed.gradients, all, 1));
        assertTrue(refused.getMessage().contains("2 of 5 samples have no finite adjoint state"), refused.getMessage());
        assertTrue(refused.getMessage().contains("the first is sample 2: DIVERGED"), refused.getMessage());
        assertEquals(0, gradients.c().getFirst().get(0, 0));
        assertEquals(0, gradients.bias().get(0, 0));
        Matrix truncated = gradients.truncatedInputGradients(mixed.gradients, all);
        assertArrayEquals(new double[] {0, 4.5, Double.NaN, Double.NaN, 10.5}, truncated.toDoubleArray());
        Matrix converged = gradients.inputGradients(mixed.gradients, all);
        assertArrayEquals(new double[] {0, Double.NaN, Double.NaN, Double.NaN, Double.NaN}, converged.toDoubleArray());
    }

    /// Where `A'` is nilpotent the series ends.
    @Test
    void aSeriesThatEndsHasConverged() {
        Matrix a = Matrix.ofRows(new double[] {0, 1}, new double[] {0, 0});
        FixedPointProblem forward =
                new FixedPointProblem(LinearOperator.dense(a), LinearOperator.dense(a), null, Activation.identity());
        AdjointProblem problem = new AdjointProblem(forward, LinearOperator.dense(Matrix.ofRows(new double[] {3, 5})));
        Matrix points = Matrix.zeros(Precision.F64, 1, 2);
        Matrix g = Matrix.ofRows(new double[] {1});
        try (AdjointPlan one = AdjointPlan.jacobianFree(problem, DOUBLE);
                AdjointPlan two = AdjointPlan.truncated(problem, 2, 1, DOUBLE)) {
            assertEquals(Status.MAX_ITERATIONS, one.solve(points, g).status(0));
            SolveResult result = two.solve(points, g).orThrow();
            assertArrayEquals(new double[] {3, 8}, result.states().toDoubleArray());
        }
    }

    private static void refused(int terms, double damping, PlanOptions options, String message) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> AdjointPlan.truncated(scalar(0.5), terms, damping, options));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void whatCannotBePreparedIsRefused() {
        refused(0, 1, DOUBLE, "terms is 0");
        refused(Integer.MAX_VALUE, 1, DOUBLE, "terms is 2147483647");
        refused(3, 0, DOUBLE, "damping is 0.0");
        refused(3, 1.5, DOUBLE, "damping is 1.5");
        refused(3, Double.NaN, DOUBLE, "damping is NaN");
        refused(3, 1, DOUBLE.withCertificate(Certificate.of(scalar(0.5).forward())), "certificate");
    }
}
