package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.reference.LaneMapF32;
import dev.stillpoint.internal.reference.LaneMapF64;
import dev.stillpoint.internal.reference.PanelActivationF32;
import dev.stillpoint.internal.reference.PanelActivationF64;
import dev.stillpoint.internal.reference.PanelProductF32;
import dev.stillpoint.internal.reference.PanelProductF64;
import dev.stillpoint.internal.reference.ScalarBoundKernel;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ErrorBounds;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bounds of samples in lanes against a plain evaluation of each by itself, and against what is in other lanes.
final class LaneCertificateTest {
    private static FixedPointProblem problem(Random random, int n, int p, Activation phi) {
        double[][] a = new double[n][n];
        double[][] b = new double[n][p];
        double[] bias = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = (2 * random.nextDouble() - 1) * 0.7 / n;
            }
            for (int j = 0; j < p; j++) {
                b[i][j] = random.nextGaussian();
            }
            bias[i] = random.nextGaussian();
        }
        return new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(a)),
                LinearOperator.dense(Matrix.ofRows(b)),
                Matrix.ofRows(bias),
                phi);
    }

    private static Matrix random(Random random, Precision precision, int rows, int columns) {
        Matrix matrix = Matrix.zeros(precision, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(i, j, random.nextGaussian());
            }
        }
        return matrix;
    }

    /// `|f(x) - x|` of one sample, in plain loops.
    private static double[] residual(FixedPointProblem problem, Matrix inputs, Matrix states, int s) {
        int n = problem.stateSize();
        Matrix a = problem.a().toMatrix();
        Matrix b = problem.b().toMatrix();
        Matrix bias = Objects.requireNonNull(problem.bias());
        double[] t = new double[n];
        for (int i = 0; i < n; i++) {
            t[i] = bias.get(0, i);
            for (int j = 0; j < n; j++) {
                t[i] += a.get(i, j) * states.get(s, j);
            }
            for (int j = 0; j < inputs.columns(); j++) {
                t[i] += b.get(i, j) * inputs.get(s, j);
            }
        }
        double[] f = problem.activation().value(t);
        for (int i = 0; i < n; i++) {
            f[i] = Math.abs(f[i] - states.get(s, i));
        }
        return f;
    }

    /// The smaller of the two bounds of a contraction, block by block.
    private static double[] errors(Certificate certificate, double[] r) {
        double[] weights = Objects.requireNonNull(certificate.weights);
        double[][] inverse = Objects.requireNonNull(certificate.inverse);
        double scaled = 0;
        for (int i = 0; i < r.length; i++) {
            scaled = Math.max(scaled, r[i] / weights[i]);
        }
        double[] e = new double[r.length];
        for (int i = 0; i < r.length; i++) {
            for (int j = 0; j < r.length; j++) {
                e[i] += inverse[i][j] * r[j];
            }
            e[i] = Math.min(e[i], weights[i] * scaled * certificate.amplification);
        }
        return e;
    }

    /// Residuals of order 1, of which rounding is `(n + p) u` times a few: room for the two chains, for the sums
    /// and for the roundings upward, in the precision of the inverse.
    @ParameterizedTest
    @CsvSource({"1, 1, 3", "13, 0, 21", "13, 5, 21", "130, 7, 19", "40, 140, 70"})
    void boundsAreThoseOfAPlainEvaluation(int n, int p, int samples) {
        Random random = new Random(n + p);
        for (Activation phi : new Activation[] {Activation.relu(), Activation.tanh()}) {
            FixedPointProblem problem = problem(random, n, p, phi);
            Certificate certificate = Certificate.of(problem);
            for (Precision precision : Precision.values()) {
                Matrix inputs = random(random, precision, samples, p);
                Matrix states = random(random, precision, samples, n);
                ErrorBounds found = certificate.bounds(inputs, states);
                double unit = precision == Precision.F32 ? 0x1p-24 : 0x1p-53;
                double room = 2 * (n + 8) * unit + 64 * (n + p + 8) * 0x1p-53 + 0x1p-36;
                for (int s = 0; s < samples; s++) {
                    double[] r = residual(problem, inputs, states, s);
                    double max = 0;
                    double sum = 0;
                    for (double value : errors(certificate, r)) {
                        max = Math.max(max, value);
                        sum += value * value;
                    }
                    String where = "%s, %s, sample %d, seed %d".formatted(phi.label(), precision, s, n + p);
                    double two = Math.min(Math.sqrt(sum), certificate.monotone * norm(r));
                    near(Math.min(max, two), found.max(s), room, where);
                    near(two, found.two(s), room, where);
                }
            }
        }
    }

    private static double norm(double[] v) {
        double sum = 0;
        for (double value : v) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private static void near(double expected, double bound, double room, String where) {
        assertTrue(bound >= expected * (1 - room), where + ": " + bound + ", plain " + expected);
        assertTrue(bound <= expected * (1 + room), where + ": " + bound + ", plain " + expected);
    }

    /// Of every other sample `x` is a fixed point up to rounding, some hold what is not a number, one is far away.
    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh", "softmax:13", "blocks:relu@6/softmax:20@20"})
    void aLaneKnowsNothingOfItsNeighbours(String label) {
        Random random = new Random(17);
        for (int p : new int[] {0, 4}) {
            FixedPointProblem problem = problem(random, 26, p, Activation.parse(label));
            Certificate certificate = Certificate.of(problem);
            assertTrue(certificate.exists(), certificate::basis);
            for (Precision precision : Precision.values()) {
                Matrix inputs = random(random, precision, 37, p);
                Matrix states = random(random, precision, 37, 26);
                for (int s = 0; s < 37; s += 2) {
                    settle(problem, inputs, states, s);
                }
                states.set(5, 25, Double.NaN);
                states.set(18, 0, Double.POSITIVE_INFINITY);
                states.set(30, 3, 1e30);
                if (p > 0) {
                    inputs.set(22, 1, Double.NaN);
                }
                ErrorBounds whole = certificate.bounds(inputs, states);
                for (int s = 0; s < 37; s++) {
                    String where = label + ", " + precision + ", p " + p + ", sample " + s;
                    ErrorBounds own = certificate.bounds(inputs.slice(s, s + 1), states.slice(s, s + 1));
                    assertEquals(own.max(0), whole.max(s), where);
                    assertEquals(own.two(0), whole.two(s), where);
                    boolean finite = s != 5 && s != 18 && (s != 22 || p == 0);
                    assertEquals(finite, whole.two(s) < Double.POSITIVE_INFINITY, where);
                    if (finite && s % 2 == 0 && s != 30 && precision == Precision.F64) {
                        // A hundred times less than what the rounding of FP64 alone comes to.
                        assertTrue(whole.two(s) < 26 * 0x1p-50, where + ": " + whole.two(s));
                    }
                }
            }
        }
    }

    /// The scalar twin in panels of two strips of the map and four of the inverse: those of a large model.
    @Test
    void theTwinInLockstepHasTheSameBounds() {
        Random random = new Random(23);
        FixedPointProblem problem = problem(random, 21, 3, Activation.tanh());
        Certificate certificate = Certificate.of(problem);
        Matrix inputs = random(random, Precision.F32, 59, 3);
        Matrix states = random(random, Precision.F32, 59, 21);
        settle(problem, inputs, states, 40);
        LinearOperator both = OperatorRows.beside(problem.a(), problem.b());
        Matrix inverse = Certifier.roundedUp(Objects.requireNonNull(certificate.inverse), Precision.F32);
        LaneMapF64 map = new LaneMapF64(
                PanelProductF64.of(both),
                problem.bias(),
                problem.activation(),
                (phi, v, o, rows, lanes) -> PanelActivationF64.value(phi, v, o, v, o, rows, lanes),
                16,
                2);
        LaneMapF32 product = new LaneMapF32(
                PanelProductF32.of(LinearOperator.dense(inverse)),
                null,
                Activation.identity(),
                (phi, v, o, rows, lanes) -> PanelActivationF32.value(phi, v, o, v, o, rows, lanes),
                16,
                4);
        BoundWorker worker = new BoundWorker(certificate, Precision.F32, map, product, new ScalarBoundKernel());
        double[] max = new double[59];
        double[] two = new double[59];
        worker.run(new BoundWorker.Task(inputs, states, max, two), new AtomicInteger(), () -> false);
        ErrorBounds expected = certificate.bounds(inputs, states);
        for (int s = 0; s < 59; s++) {
            assertEquals(expected.max(s), max[s], "sample " + s);
            assertEquals(expected.two(s), two[s], "sample " + s);
        }
    }

    /// `f(x) = u = 2^40`, whose rounding is bounded by `gamma_4 2^40`, about `2^-11`: an eighth of the residual.
    @Test
    void theRoundingOfLargeInputsIsInTheBound() {
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {0})),
                LinearOperator.dense(Matrix.ofRows(new double[] {1})),
                null,
                Activation.identity());
        Matrix states = Matrix.ofRows(new double[] {0x1p40 + 0x1p-8});
        double bound = Certificate.of(problem)
                .bounds(Matrix.ofRows(new double[] {0x1p40}), states)
                .max(0);
        assertEquals(0x1p-8 + 0x1p-11, bound, 0x1p-14);
    }

    private static void settle(FixedPointProblem problem, Matrix inputs, Matrix states, int s) {
        int n = problem.stateSize();
        double[] x = new double[n];
        for (int k = 0; k < 200; k++) {
            states.getRow(s, x, 0);
            double[] t = new double[n];
            for (int i = 0; i < n; i++) {
                t[i] = Objects.requireNonNull(problem.bias()).get(0, i);
                for (int j = 0; j < n; j++) {
                    t[i] += problem.a().toMatrix().get(i, j) * x[j];
                }
                for (int j = 0; j < inputs.columns(); j++) {
                    t[i] += problem.b().toMatrix().get(i, j) * inputs.get(s, j);
                }
            }
            states.setRow(s, problem.activation().value(t), 0);
        }
    }
}
