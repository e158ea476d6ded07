package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ErrorBounds;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CertificateTest {
    /// What the bounds' own arithmetic may add.
    private static final double ROOM = 1 + 0x1p-36;

    private static FixedPointProblem problem(LinearOperator a, Activation phi) {
        int n = a.rows();
        double[][] identity = new double[n][n];
        for (int i = 0; i < n; i++) {
            identity[i][i] = 1;
        }
        return new FixedPointProblem(a, LinearOperator.dense(Matrix.ofRows(identity)), null, phi);
    }

    private static FixedPointProblem problem(double[][] a, Activation phi) {
        return problem(LinearOperator.dense(Matrix.ofRows(a)), phi);
    }

    /// The case of a residual that is a thousand times smaller than the error.
    @Test
    void aSmallResidualIsNoSmallError() {
        FixedPointProblem slow =
                problem(LinearOperator.diagonal(Matrix.ofRows(new double[] {0.9, 0.99, 0.999})), Activation.identity());
        PlanOptions options = new PlanOptions(Precision.F64, 1).withCertificate(Certificate.of(slow));
        StoppingRule rule = StoppingRule.absolute(1e-5).withMaxIterations(5000);
        try (SolvePlan plan = Backend.cpu().prepare(slow, Solver.picard(), rule, options)) {
            SolveResult result = plan.solve(SolveRequest.of(Matrix.zeros(Precision.F64, 1, 3))
                    .from(Matrix.ofRows(new double[] {1, 0.4, -0.2})));
            assertTrue(result.residual(0) <= 1e-5 && result.residual(0) > 9.9e-6, "residual " + result.residual(0));
            double error = Math.abs(result.states().get(0, 2));
            assertEquals(9.99e-3, error, 0.01e-3);
            double bound = result.errorBound(0).orElseThrow();
            assertTrue(bound >= error && bound <= 1.05e-2, "bound " + bound);
            ErrorBounds bounds = result.errorBounds().orElseThrow();
            assertEquals(bound, bounds.max(0));
            assertTrue(bounds.two(0) >= error && bounds.two(0) <= 1.05e-2, "bound " + bounds.two(0));
        }
    }

    /// `lambda_PF(|A|) = sqrt 0.6`, but `(I - |A|)^-1` has the entry 2500: where both units are off, nothing of
    /// it counts.
    @Test
    void aBoundTakesTheSlopesNearTheState() {
        Certificate certificate = Certificate.of(problem(new double[][] {{0, 1000}, {0.0006, 0}}, Activation.relu()));
        Matrix state = Matrix.ofRows(new double[] {0, 1e-6});
        ErrorBounds off = certificate.bounds(Matrix.ofRows(new double[] {-1, -1}), state);
        assertEquals(1e-6, off.two(0), 1e-12);
        assertTrue(off.two(0) >= 1e-6 && off.max(0) >= 1e-6, "bound " + off.two(0));
    }

    /// As above, with the identity, whose slope is 1 everywhere: the residual is `(1e-3, -1e-6)`.
    @Test
    void aBoundGoesByWayOfABetterState() {
        Certificate certificate =
                Certificate.of(problem(new double[][] {{0, 1000}, {0.0006, 0}}, Activation.identity()));
        Matrix state = Matrix.ofRows(new double[] {0, 1e-6});
        ErrorBounds bounds = certificate.bounds(Matrix.zeros(Precision.F64, 1, 2), state);
        assertTrue(bounds.two(0) >= 1e-6 && bounds.two(0) <= 1.3e-6, "bound " + bounds.two(0));
    }

    /// `z* = (0.2, 1.4)`, `m = 1`, `|2I - A|_2 = sqrt 8`; near it the map is linear.
    @Test
    void aMonotoneModelIsBoundedByItsMargin() {
        Certificate certificate = Certificate.of(problem(new double[][] {{0, -2}, {2, 0}}, Activation.relu()));
        assertTrue(certificate.exists(), certificate::basis);
        assertTrue(certificate.basis().contains("monotone margin 0.99"), certificate::basis);
        double[] error = {0.01, -0.005};
        Matrix state = Matrix.ofRows(new double[] {0.2 + error[0], 1.4 + error[1]});
        ErrorBounds bounds = certificate.bounds(Matrix.ofRows(new double[] {3, 1}), state);
        double residual = Math.hypot(-2 * error[1] - error[0], 2 * error[0] - error[1]);
        double factor = (Math.sqrt(8) + 2) / 2;
        assertEquals(factor, certificate.amplification(), 1e-9);
        assertTrue(bounds.two(0) >= Math.hypot(error[0], error[1]), "bound " + bounds.two(0));
        assertEquals(factor * residual, bounds.two(0), 1e-9);
        assertEquals(bounds.two(0), bounds.max(0));
    }

    /// `x* = (10, 2.25)`: a contraction in weights, not in a plain norm. With a residual of one sign the inverse
    /// tells the error itself.
    @Test
    void theInverseIsSharpWhereNothingCancels() {
        Certificate certificate = Certificate.of(problem(new double[][] {{0, 4}, {0.125, 0}}, Activation.relu()));
        double[] error = {0.5, 0.25};
        Matrix state = Matrix.ofRows(new double[] {10 + error[0], 2.25 + error[1]});
        ErrorBounds bounds = certificate.bounds(Matrix.ofRows(new double[] {1, 1}), state);
        // r = (A - I) e = (0.5, -0.1875); (I - A)^-1 = ((2, 8), (0.25, 2)).
        assertEquals(2 * 0.5 + 8 * 0.1875, bounds.max(0), 1e-9);
        assertEquals(Math.hypot(2.5, 0.125 + 0.375), bounds.two(0), 1e-9);
        ErrorBounds other = certificate.bounds(
                Matrix.ofRows(new double[] {1, 1}), Matrix.ofRows(new double[] {10 + 2, 2.25 + 0.25}));
        // r = (-1, 0): the bound is (2, 0.25), the error itself.
        assertEquals(2, other.max(0), 2 * (ROOM - 1) + 1e-12);
        assertTrue(other.max(0) >= 2, "bound " + other.max(0));
    }

    @Test
    void whereNothingIsProvedThereIsAReasonAndNoBound() {
        FixedPointProblem wild = problem(new double[][] {{0, 3}, {3, 0}}, Activation.relu());
        Certificate certificate = Certificate.of(wild);
        assertFalse(certificate.exists());
        assertTrue(certificate.basis().startsWith("no error bound: neither"), certificate::basis);
        assertEquals(Double.POSITIVE_INFINITY, certificate.amplification());
        ErrorBounds bounds = certificate.bounds(Matrix.ofRows(new double[2]), Matrix.ofRows(new double[2]));
        assertTrue(Double.isNaN(bounds.max(0)) && Double.isNaN(bounds.two(0)));
        PlanOptions options = new PlanOptions(Precision.F32, 1).withCertificate(certificate);
        try (SolvePlan plan = Backend.cpu().prepare(wild, Solver.picard(), StoppingRule.absolute(1e-5), options)) {
            assertTrue(plan.solve(Matrix.ofRows(new double[2])).errorBound(0).isEmpty());
        }
    }

    /// Max-pooling and group norm are no proximal maps, so that a margin proves nothing.
    @Test
    void aMarginNeedsAProximalMap() {
        double[][] skew = {{-2, 3}, {-3, -2}};
        assertTrue(Certificate.of(problem(skew, Activation.relu())).exists());
        assertFalse(Certificate.of(problem(skew, Activation.maxPool(2))).exists());
    }

    private static Matrix random(Random random, int rows, int columns) {
        Matrix matrix = Matrix.zeros(Precision.F64, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(i, j, random.nextGaussian());
            }
        }
        return matrix.frozen();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tanh", "relu", "softmax:3", "group-norm:3:1", "max-pool:3", "blocks:relu@12/softmax:3@18"})
    void aBoundIsTheSameWhateverIsAroundTheSample(String phi) {
        Random random = new Random(7);
        double[][] a = Matrices.random(random, 30, 1, 0.01);
        Certificate certificate = Certificate.of(problem(a, Activation.parse(phi)));
        assertTrue(certificate.exists(), certificate::basis);
        Matrix inputs = random(random, 50, 30);
        Matrix states = random(random, 50, 30);
        for (Precision precision : Precision.values()) {
            Matrix given = states.toImmutable(precision);
            ErrorBounds whole = certificate.bounds(inputs, given);
            for (int threads = 1; threads <= 3; threads++) {
                try (Certifier certifier = certificate.certifier(precision, threads)) {
                    same(whole, 0, certifier.bounds(inputs, given), 50, phi + ", threads " + threads);
                    for (int s = 0; s < 50; s += 7) {
                        int end = Math.min(50, s + 7);
                        same(whole, s, certifier.bounds(inputs.slice(s, end), given.slice(s, end)), end - s, phi);
                    }
                }
            }
        }
    }

    private static void same(ErrorBounds whole, int first, ErrorBounds part, int count, String where) {
        for (int s = 0; s < count; s++) {
            assertEquals(whole.max(first + s), part.max(s), where);
            assertEquals(whole.two(first + s), part.two(s), where);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MAX_VALUE})
    void whatIsNotFiniteHasNoBound(double value) {
        Certificate certificate = Certificate.of(problem(new double[][] {{0.5, 0.25}, {0.25, 0.5}}, Activation.relu()));
        Matrix zero = Matrix.ofRows(new double[] {0, 0}, new double[] {0, 0});
        Matrix other = Matrix.ofRows(new double[] {1, value}, new double[] {0, 0});
        for (ErrorBounds bounds :
                new ErrorBounds[] {certificate.bounds(other, zero), certificate.bounds(zero, other)}) {
            // The largest double is finite, and so is its bound, or it overflows: but it never gets small.
            assertTrue(Double.isNaN(bounds.max(0)) || bounds.max(0) > 1e300, "bound " + bounds.max(0));
            assertTrue(bounds.max(1) < 1e-150, "bound " + bounds.max(1));
        }
    }

    /// 0.1 is no FP32 number, and FP32 solves another model: the bound is that of the model as it is stored.
    @Test
    void theModelIsTheStoredOne() {
        FixedPointProblem stored = problem(new double[][] {{0.1}}, Activation.identity());
        PlanOptions options = new PlanOptions(Precision.F32, 1).withCertificate(Certificate.of(stored));
        try (SolvePlan plan = Backend.cpu().prepare(stored, Solver.picard(), StoppingRule.absolute(0), options)) {
            SolveResult result = plan.solve(Matrix.ofRows(new double[] {0.3}));
            double error = Math.abs(result.states().get(0, 0) - 0.3 / 0.9);
            double bound = result.errorBound(0).orElseThrow();
            assertTrue(error > 1e-9, "error " + error);
            assertEquals(error, bound, 1e-6 * error);
            assertTrue(bound >= error * (1 - 1e-9), "bound " + bound);
        }
    }

    /// Those of its dense form.
    @Test
    void computedEntriesAreMeantAsTheyAreComputed() {
        Random random = new Random(3);
        LinearOperator a = LinearOperator.lowRank(
                Matrix.ofRows(Matrices.random(random, 8, 1, 0.2)), Matrix.ofRows(Matrices.random(random, 8, 1, 0.2)));
        Matrix inputs = random(random, 5, 8);
        Matrix states = random(random, 5, 8);
        same(
                Certificate.of(problem(LinearOperator.dense(a.toMatrix()), Activation.tanh()))
                        .bounds(inputs, states),
                0,
                Certificate.of(problem(a, Activation.tanh())).bounds(inputs, states),
                5,
                "low rank");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        FixedPointProblem one = problem(new double[][] {{0.5}}, Activation.relu());
        FixedPointProblem two = problem(new double[][] {{0.5, 0}, {0, 0.5}}, Activation.relu());
        Certificate certificate = Certificate.of(one);
        assertThrows(
                IllegalArgumentException.class,
                () -> Certificate.of(one, WellPosedness.analyse(one.a(), Activation.tanh())));
        assertThrows(ShapeException.class, () -> Certificate.of(two, WellPosedness.analyse(one.a(), one.activation())));
        PlanOptions options = PlanOptions.defaults().withCertificate(certificate);
        assertThrows(
                IllegalArgumentException.class,
                () -> Backend.cpu().prepare(two, Solver.picard(), StoppingRule.absolute(1), options));
        Matrix row = Matrix.ofRows(new double[1]);
        assertThrows(ShapeException.class, () -> certificate.bounds(Matrix.ofRows(new double[2]), row));
        assertThrows(ShapeException.class, () -> certificate.bounds(row, Matrix.ofRows(new double[2])));
        assertThrows(IllegalArgumentException.class, () -> certificate.certifier(Precision.F32, 0));
        Certifier certifier = certificate.certifier(Precision.F32, 2);
        certifier.close();
        certifier.close();
        assertThrows(IllegalStateException.class, () -> certifier.bounds(row, row));
    }

    /// `(I - N)^-1` of cycles of two, nearly singular, and of a chain, where it is known.
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.999, 1 - 0x1p-20, 1 - 0x1p-40})
    void theInverseIsBoundedFromAbove(double product) {
        double[][] cycle = {{0, 4}, {product / 4, 0}};
        double[][] g = InverseBound.of(Matrices.absolute(cycle), weights(cycle), kappa(cycle));
        double scale = 1 / (1 - product);
        double[] exact = {scale, 4 * scale, product / 4 * scale, scale};
        // The entries are exact, and 1 - product and the quotients as good as.
        double condition = 64 * scale * 0x1p-53;
        double[] found = {g[0][0], g[0][1], g[1][0], g[1][1]};
        for (int i = 0; i < 4; i++) {
            assertTrue(found[i] >= exact[i] * (1 - 0x1p-50), "entry %d: %s".formatted(i, found[i] / exact[i] - 1));
            assertTrue(found[i] <= exact[i] * (1 + condition), "entry %d: %s".formatted(i, found[i] / exact[i] - 1));
        }
    }

    private static double[] weights(double[][] a) {
        return weightsOf(a).toArray();
    }

    private static double kappa(double[][] a) {
        return weightsOf(a).kappa();
    }

    private static ContractionWeights weightsOf(double[][] a) {
        return WellPosedness.analyse(Matrices.operator(a), Activation.relu())
                .weights()
                .orElseThrow();
    }

    @Test
    void theInverseOfAChainHasPowers() {
        double[][] chain = new double[6][6];
        double[][] expected = new double[6][6];
        for (int i = 0; i < 6; i++) {
            for (int j = i; j < 6; j++) {
                expected[i][j] = Math.pow(0.75, j - i);
            }
            if (i < 5) {
                chain[i][i + 1] = 0.75;
            }
        }
        double[][] g = InverseBound.of(Matrices.absolute(chain), weights(chain), kappa(chain));
        for (int i = 0; i < 6; i++) {
            assertArrayEquals(expected[i], g[i], 1e-13);
            for (int j = 0; j < 6; j++) {
                assertTrue(g[i][j] >= expected[i][j], "entry " + i + ", " + j);
            }
        }
    }
}
