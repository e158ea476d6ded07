package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The sets that activations give, what the projections onto them prove, and what is refused.
final class NormProjectionSetTest {
    private static final int N = 12;

    /// Every matrix of the set is well-posed, which none of these is before.
    @ParameterizedTest
    @ValueSource(
            strings = {"relu", "tanh", "sigmoid", "leaky-relu:3", "softmax:4", "max-pool:3", "blocks:relu@5/sigmoid@7"})
    void projectedMatricesAreWellPosed(String label) {
        Activation phi = Activation.parse(label);
        Matrix a = NormProjectionTest.random(Precision.F64, N, N, 12);
        Matrix scaled = Matrix.zeros(Precision.F64, N, N);
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                scaled.set(i, j, 20 * a.get(i, j));
            }
        }
        assertNotEquals(
                Verdict.WELL_POSED,
                WellPosedness.analyse(LinearOperator.dense(scaled), phi).verdict());
        Matrix projected = NormProjection.onto(phi, N, 0.95).apply(scaled, 1);
        WellPosednessReport report = WellPosedness.analyse(LinearOperator.dense(projected), phi);
        assertEquals(Verdict.WELL_POSED, report.verdict(), label);
    }

    /// Row by row, the projection of a row is that onto the ball of its own radius, and that radius is the largest.
    @Test
    void rowsHaveTheRadiiOfTheirParts() {
        Activation phi = Activation.blocks(
                new BlockActivation.Part(Activation.relu(), 2),
                new BlockActivation.Part(Activation.sigmoid(), 3),
                new BlockActivation.Part(Activation.leakyRelu(3), 1),
                new BlockActivation.Part(Activation.softmax(3), 6));
        double[] gammas = {1, 1, 0.25, 0.25, 0.25, 3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
        for (double kappa : new double[] {0.9, 0.29, 0.46, 1e-300, 0}) {
            NormProjection projection = NormProjection.onto(phi, N, kappa);
            Matrix a = NormProjectionTest.random(Precision.F64, N, N, 13);
            Matrix found = projection.apply(a, 1);
            for (int i = 0; i < N; i++) {
                BigDecimal gamma = new BigDecimal(gammas[i]);
                BigDecimal bound = new BigDecimal(kappa);
                double radius = projection.radius(i);
                assertTrue(gamma.multiply(new BigDecimal(radius)).compareTo(bound) <= 0, "row " + i);
                assertTrue(gamma.multiply(new BigDecimal(Math.nextUp(radius))).compareTo(bound) > 0, "row " + i);
                double[] expected =
                        NormProjection.onto(radius).apply(a.slice(i, i + 1), 1).toDoubleArray();
                assertArrayEquals(expected, found.slice(i, i + 1).toDoubleArray(), "row " + i);
            }
        }
        assertEquals(0.9, NormProjection.onto(0.9).radius(3));
    }

    @Test
    void activationsWithoutAConstantInTheMaxNormAreRefused() {
        Activation mixed = Activation.blocks(
                new BlockActivation.Part(Activation.relu(), 8), new BlockActivation.Part(Activation.groupNorm(4), 4));
        for (Activation phi : new Activation[] {
            Activation.groupNorm(4), Activation.gate(Activation.sigmoid(), Activation.tanh()), mixed
        }) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> NormProjection.onto(phi, N, 0.9));
            String label = phi.equals(mixed) ? Activation.groupNorm(4).label() : phi.label();
            assertEquals(
                    "activation " + label + " has no Lipschitz constant in the max-norm: a projection onto its"
                            + " |N(A, gamma)|_inf <= kappa, which couples rows, is not offered",
                    refused.getMessage());
        }
        assertThrows(ShapeException.class, () -> NormProjection.onto(Activation.softmax(5), N, 0.9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -1e-300, Double.NaN, Double.POSITIVE_INFINITY, 0x1.1p898})
    void kappaIsInItsRange(double kappa) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> NormProjection.onto(kappa));
        assertEquals("kappa is " + kappa + ", expected a number in [0, 2^898]", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> NormProjection.onto(Activation.relu(), 3, kappa));
    }

    /// The first one in the order of rows is named, whatever thread meets it.
    @Test
    void valuesThatAreNotFiniteAreRefused() {
        NormProjection projection = NormProjection.onto(0.9);
        for (Precision precision : Precision.values()) {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                Matrix a = NormProjectionTest.random(precision, 200, 400, 14);
                Matrix w = NormProjectionTest.random(precision, 200, 400, 15);
                for (int row = 90; row < 200; row += 10) {
                    a.set(row, 390 - row, bad);
                }
                for (int threads = 1; threads <= 4; threads++) {
                    int count = threads;
                    String message = "%s has the value %s at (90, 300), expected a finite one";
                    assertRefused(message.formatted("A", bad), () -> projection.apply(a, count));
                    assertRefused(message.formatted("A", bad), () -> projection.derivative(a, w, count));
                    assertRefused(message.formatted("direction", bad), () -> projection.derivative(w, a, count));
                }
            }
        }
        Matrix both = Matrix.ofRows(new double[] {Double.MAX_VALUE, Double.NEGATIVE_INFINITY, Double.NaN});
        assertRefused("A has the value -Infinity at (0, 1), expected a finite one", () -> projection.apply(both, 1));
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void otherArgumentsThatDoNotFitAreRefused() {
        NormProjection projection = NormProjection.onto(0.9);
        Matrix a = Matrix.zeros(Precision.F64, 3, 3);
        assertRefused("threads is 0, expected at least 1", () -> projection.apply(a, 0));
        assertRefused("threads is -2, expected at least 1", () -> projection.derivative(a, a, -2));
        assertRefused("the destination is immutable", () -> projection.apply(a, Matrix.ofRows(new double[3][3]), 1));
        assertRefused(
                "destination is f32, expected f64 as A is",
                () -> projection.apply(a, Matrix.zeros(Precision.F32, 3, 3), 1));
        assertRefused(
                "destination is f32, expected f64 as the direction is",
                () -> projection.derivative(a, a, Matrix.zeros(Precision.F32, 3, 3), 1));
        assertRefused(
                "destination is 3 x 4, expected 3 x 3",
                () -> projection.apply(a, Matrix.zeros(Precision.F64, 3, 4), 1));
        assertRefused(
                "direction is 2 x 3, expected 3 x 3",
                () -> projection.derivative(a, Matrix.zeros(Precision.F64, 2, 3), 1));
        assertRefused(
                "A is 3 x 3, expected 4 x 4",
                () -> NormProjection.onto(Activation.relu(), 4, 0.9).apply(a, 1));
    }

    /// Memory of a confined arena is for the thread that owns it.
    @Test
    void confinedMemoryIsForOneThread() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(9 * Double.BYTES);
            Matrix a = Matrix.of(memory, Precision.F64, 0, 3, 3, 3);
            a.set(1, 1, 5);
            NormProjection projection = NormProjection.onto(0.5);
            String message = " lies in a confined arena, which one thread alone may read, and 2 threads are asked for:"
                    + " use a shared arena, or one thread";
            Matrix heap = Matrix.zeros(Precision.F64, 3, 3);
            assertRefused("A" + message, () -> projection.apply(a, 2));
            assertRefused("destination" + message, () -> projection.apply(heap, a, 2));
            assertRefused("direction" + message, () -> projection.derivative(heap, a, 2));
            projection.apply(a, a, 1);
            assertEquals(0.5, a.get(1, 1), 0x1p-49);
        }
    }

    @Test
    void setsAreNamed() {
        assertEquals("|A|_inf <= 0.9", NormProjection.onto(0.9).toString());
        assertEquals(
                "gamma_i |a_i|_1 <= 0.9",
                NormProjection.onto(Activation.relu(), 3, 0.9).toString());
        assertEquals(0.9, NormProjection.onto(0.9).kappa());
    }
}
