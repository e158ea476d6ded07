package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.MonotoneModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ErrorBounds;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.AdjointBounds;
import dev.stillpoint.wellposed.AdjointCertificate;
import dev.stillpoint.wellposed.Certificate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bounds of adjoint states against dense systems at fixed points that are known to 13 digits.
final class AdjointCertificateTest {
    private static final int N = 30;
    private static final int P = 2;
    private static final int Q = 3;
    private static final int SAMPLES = 9;

    /// What the truth itself may be off, of values around 1.
    private static final double TRUTH = 1e-11;

    static Iterable<String> activations() {
        return AdjointCases.ACTIVATIONS;
    }

    @ParameterizedTest
    @MethodSource("activations")
    void noBoundOfAContractionLies(String label) {
        Activation activation = Activation.parse(label);
        int proved = 0;
        for (int trial = 0; trial < 16; trial++) {
            SplittableRandom random = new SplittableRandom(trial);
            double scale =
                    random.nextDouble(0.2, 1.9) / N / activation.lipschitz().constant();
            FixedPointProblem problem = new FixedPointProblem(
                    LinearOperator.dense(Batches.uniform(N, N, scale, random)),
                    LinearOperator.dense(Batches.uniform(N, P, 2, random)),
                    Batches.uniform(1, N, 0.5, random),
                    activation);
            proved += new Trial(problem, random, label + ", trial " + trial).run();
        }
        assertTrue(proved > 16, "only " + proved + " bounds of " + 16 * 3 * SAMPLES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "leaky-relu:0.1", "tanh", "sigmoid", "identity", "softmax:3"})
    void noBoundByAMonotoneMarginLies(String label) {
        int proved = 0;
        for (int trial = 0; trial < 16; trial++) {
            SplittableRandom random = new SplittableRandom(100 + trial);
            MonotoneModel model = MonotoneModel.of(
                    Batches.uniform(N, N, 0.3, random),
                    Batches.uniform(N, N, 0.4, random),
                    random.nextDouble(0.05, 1),
                    Batches.uniform(N, P, 1, random),
                    Batches.uniform(1, N, 0.5, random),
                    Activation.parse(label));
            proved += new Trial(model.problem(), random, label + ", trial " + trial).run();
        }
        assertTrue(proved > 16, "only " + proved + " bounds of " + 16 * 3 * SAMPLES);
    }

    /// One problem, with states and adjoint states at random distances from the truth.
    private static final class Trial {
        private final FixedPointProblem problem;
        private final SplittableRandom random;
        private final String what;
        private final Matrix c;
        private final Matrix inputs;
        private final Matrix gradients;
        private final Matrix exact;

        Trial(FixedPointProblem problem, SplittableRandom random, String what) {
            this.problem = problem;
            this.random = random;
            this.what = what;
            c = Batches.uniform(Q, N, 1, random);
            inputs = Batches.uniform(SAMPLES, P, 2, random);
            gradients = Batches.uniform(SAMPLES, Q, 1, random);
            StoppingRule rule = StoppingRule.mixed(1e-14).withMaxIterations(2000);
            try (SolvePlan plan =
                    Backend.cpu().prepare(problem, Solver.newton(), rule, new PlanOptions(Precision.F64, 1))) {
                exact = plan.solve(inputs).states();
            }
        }

        /// How many bounds there were.
        int run() {
            Certificate certificate = Certificate.of(problem);
            AdjointCertificate adjoint = AdjointCertificate.of(certificate, LinearOperator.dense(c));
            Matrix states = Matrix.zeros(Precision.F64, SAMPLES, N);
            for (int s = 0; s < SAMPLES; s++) {
                states.setRow(s, moved(AdjointCases.row(exact, s)), 0);
            }
            ErrorBounds errors = certificate.bounds(inputs, states);
            int proved = 0;
            for (int kind = 0; kind < 3; kind++) {
                Matrix v = Matrix.zeros(kind == 2 ? Precision.F32 : Precision.F64, SAMPLES, N);
                double[] off = new double[SAMPLES];
                for (int s = 0; s < SAMPLES; s++) {
                    double[] own = dense(states, s).solution();
                    v.setRow(s, kind == 1 ? moved(own) : own, 0);
                    off[s] = dense(exact, s).distance(AdjointCases.row(v, s));
                }
                AdjointBounds bounds = adjoint.bounds(inputs, states, errors, gradients, v, 1);
                for (int s = 0; s < SAMPLES; s++) {
                    proved += check(bounds, s, off[s], kind);
                }
            }
            return proved;
        }

        private int check(AdjointBounds bounds, int s, double error, int kind) {
            double two = bounds.errors().two(s);
            String where = "%s, sample %d, kind %d: error %s, bound %s".formatted(what, s, kind, error, two);
            assertEquals(bounds.kinks(s) > 0, Double.isNaN(two), where);
            if (Double.isNaN(two)) {
                return 0;
            }
            assertTrue(error <= two + TRUTH, where);
            assertTrue(bounds.errors().max(s) <= two, where);
            assertTrue(error <= bounds.errors().max(s) * Math.sqrt(N) + TRUTH, where);
            return 1;
        }

        private double[] moved(double[] x) {
            double size = Math.pow(10, random.nextDouble(-9, -3));
            for (int i = 0; i < x.length; i++) {
                x[i] += size * random.nextDouble(-1, 1);
            }
            return x;
        }

        private DenseAdjoint dense(Matrix states, int s) {
            Matrix a = problem.a().toMatrix();
            Matrix b = problem.b().toMatrix();
            double[] t = new double[N];
            for (int i = 0; i < N; i++) {
                t[i] = problem.bias() == null ? 0 : problem.bias().get(0, i);
                for (int j = 0; j < P; j++) {
                    t[i] += b.get(i, j) * inputs.get(s, j);
                }
                for (int j = 0; j < N; j++) {
                    t[i] += a.get(i, j) * states.get(s, j);
                }
            }
            return new DenseAdjoint(problem.activation(), a, c, t, AdjointCases.row(gradients, s));
        }
    }

    private static Matrix one(double value) {
        return Matrix.ofRows(new double[] {value});
    }

    private static LinearOperator scalar(double value) {
        return LinearOperator.dense(one(value));
    }

    /// `x = relu(x/2 + u)`: `x* = 2u`, `v* = (v*/2 + g)`, so `2g`, or 0 where the unit is off.
    @Test
    void aSignThatIsNotCertainHasNoBound() {
        Certificate certificate =
                Certificate.of(new FixedPointProblem(scalar(0.5), scalar(1), null, Activation.relu()));
        AdjointCertificate adjoint = AdjointCertificate.of(certificate, scalar(1));
        Matrix inputs = one(1e-6);
        Matrix near = one(2.1e-6);
        Matrix far = one(-1e-5);
        AdjointBounds known = adjoint.bounds(inputs, near, certificate.bounds(inputs, near), one(1), one(2.5), 1);
        assertEquals(0, known.kinks(0));
        assertEquals(0.5, known.errors().two(0), 1e-9);
        AdjointBounds unknown = adjoint.bounds(inputs, far, certificate.bounds(inputs, far), one(1), one(2), 1);
        assertEquals(1, unknown.kinks(0));
        assertTrue(Double.isNaN(unknown.errors().two(0))
                && Double.isNaN(unknown.errors().max(0)));
    }

    /// `v_2 = 4 v_1 + g_2`: an error of `v_1` that the residual shows there alone, and not in `v_2`.
    @Test
    void errorsTravelTheOtherWay() {
        LinearOperator a = LinearOperator.dense(Matrix.ofRows(new double[] {0, 4}, new double[] {0, 0}));
        LinearOperator b = LinearOperator.dense(Matrix.zeros(Precision.F64, 2, 1));
        Certificate certificate = Certificate.of(new FixedPointProblem(a, b, null, Activation.identity()));
        AdjointCertificate adjoint =
                AdjointCertificate.of(certificate, LinearOperator.dense(Matrix.ofRows(new double[] {1, 1})));
        Matrix zero = Matrix.zeros(Precision.F64, 1, 2);
        Matrix v = Matrix.ofRows(new double[] {1 + 1e-3, 5 + 4e-3});
        AdjointBounds bounds = adjoint.bounds(one(0), zero, certificate.bounds(one(0), zero), one(1), v, 1);
        assertEquals(Math.sqrt(17) * 1e-3, bounds.errors().two(0), 1e-9);
        assertEquals(4e-3, bounds.errors().max(0), 1e-9);
    }

    @Test
    void withoutAProofThereIsNoBound() {
        Certificate certificate = Certificate.of(new FixedPointProblem(scalar(2), scalar(1), null, Activation.tanh()));
        AdjointCertificate adjoint = AdjointCertificate.of(certificate, scalar(1));
        assertFalse(adjoint.exists());
        assertTrue(adjoint.basis().startsWith("no error bound"), adjoint.basis());
        AdjointBounds bounds = adjoint.bounds(one(0), one(0), certificate.bounds(one(0), one(0)), one(1), one(1), 1);
        assertTrue(Double.isNaN(bounds.errors().two(0)));
        assertEquals(0, bounds.kinks(0));
    }

    /// Beyond the limit of dense inverses, by weights: a ring `v_i = d (a v_(i-1) + g)` of which the truth is
    /// known.
    @Test
    void manyBlocksAreBoundedByWeights() {
        int n = Certificate.DENSE_LIMIT + 76;
        int[] starts = new int[n + 1];
        int[] columns = new int[n];
        Matrix values = Matrix.zeros(Precision.F64, 1, n);
        Matrix c = Matrix.zeros(Precision.F64, 1, n);
        for (int i = 0; i < n; i++) {
            starts[i + 1] = i + 1;
            columns[i] = (i + 1) % n;
            values.set(0, i, i % 2 == 0 ? 1.6 : 0.4);
            c.set(0, i, 1);
        }
        LinearOperator a = LinearOperator.sparse(n, n, starts, columns, values);
        LinearOperator b = LinearOperator.dense(Matrix.zeros(Precision.F64, n, 1));
        Certificate certificate = Certificate.of(new FixedPointProblem(a, b, null, Activation.identity()));
        AdjointCertificate adjoint = AdjointCertificate.of(certificate, LinearOperator.dense(c));
        // v_even = 0.4 v_odd + 1, v_odd = 1.6 v_even + 1.
        Matrix v = Matrix.zeros(Precision.F64, 1, n);
        for (int i = 0; i < n; i++) {
            v.set(0, i, i % 2 == 0 ? 1.4 / 0.36 : 2.6 / 0.36);
        }
        Matrix state = Matrix.zeros(Precision.F64, 1, n);
        ErrorBounds errors = certificate.bounds(one(0), state);
        assertTrue(adjoint.bounds(one(0), state, errors, one(1), v, 1).errors().two(0) < 1e-6);
        v.set(0, 8, v.get(0, 8) + 1e-3);
        double two =
                adjoint.bounds(one(0), state, errors, one(1), v, 1).errors().two(0);
        assertTrue(two >= 1e-3 && two < 1, "bound " + two);
    }

    @Test
    void boundsDoNotDependOnThreadsOrTheBatch() {
        SplittableRandom random = new SplittableRandom(5);
        FixedPointProblem problem = Batches.contraction(N, P, 0.8, Activation.parse("softmax:3"), 4);
        Certificate certificate = Certificate.of(problem);
        AdjointCertificate adjoint =
                AdjointCertificate.of(certificate, LinearOperator.dense(Batches.uniform(Q, N, 1, random)));
        Matrix inputs = Batches.uniform(41, P, 1, random);
        Matrix states = Batches.uniform(41, N, 0.3, random);
        Matrix gradients = Batches.uniform(41, Q, 1, random);
        Matrix v = Batches.uniform(41, N, 1, random);
        AdjointBounds whole = adjoint.bounds(inputs, states, certificate.bounds(inputs, states), gradients, v, 3);
        for (int s = 0; s < 41; s++) {
            Matrix input = Batches.rows(inputs, s);
            Matrix state = Batches.rows(states, s);
            AdjointBounds own = adjoint.bounds(
                    input, state, certificate.bounds(input, state), Batches.rows(gradients, s), Batches.rows(v, s), 1);
            assertTrue(own.errors().two(0) < Double.POSITIVE_INFINITY);
            assertEquals(own.errors().two(0), whole.errors().two(s));
            assertEquals(own.errors().max(0), whole.errors().max(s));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Certificate certificate =
                Certificate.of(new FixedPointProblem(scalar(0.5), scalar(1), null, Activation.relu()));
        Matrix two = Matrix.zeros(Precision.F64, 1, 2);
        assertThrows(ShapeException.class, () -> AdjointCertificate.of(certificate, LinearOperator.dense(two)));
        AdjointCertificate adjoint = AdjointCertificate.of(certificate, scalar(1));
        ErrorBounds errors = certificate.bounds(one(1), one(1));
        ErrorBounds other = new ErrorBounds(new double[2], new double[2]);
        assertThrows(ShapeException.class, () -> adjoint.bounds(one(1), one(1), other, one(1), one(1), 1));
        assertThrows(ShapeException.class, () -> adjoint.bounds(one(1), one(1), errors, two, one(1), 1));
        assertThrows(ShapeException.class, () -> adjoint.bounds(one(1), one(1), errors, one(1), two, 1));
        assertThrows(IllegalArgumentException.class, () -> adjoint.bounds(one(1), one(1), errors, one(1), one(1), 0));
    }
}
