package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.model.MonotoneModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gradients of the parameters of monotone models against differences of a loss.
final class MonotoneGradientsTest {
    private static final int N = 6;
    private static final int P = 3;
    private static final int Q = 2;

    @ParameterizedTest
    @CsvSource({"relu,6", "relu,2", "tanh,6", "tanh,9", "softmax:3,4"})
    void gradientsAreThoseOfDifferences(String label, int k) {
        SplittableRandom random = new SplittableRandom(41);
        Activation phi = Activation.parse(label);
        double m = 0.7;
        // |W|_inf is below 1, so that Picard iteration finds the state.
        Matrix a = Batches.uniform(k, N, 0.15, random);
        Matrix b = Batches.uniform(N, N, 0.04, random);
        Matrix u = Batches.uniform(N, P, 1, random);
        Matrix bias = Batches.uniform(1, N, 0.5, random);
        LinearOperator c = LinearOperator.dense(Batches.uniform(Q, N, 1, random));
        MonotoneModel monotone = MonotoneModel.of(a, b, m, u, bias, phi);
        LossDifferences loss = new LossDifferences(monotone.model(c), random);
        Gradients letters = loss.gradients(monotone.model(c)).letters();
        MonotoneGradients gradients = MonotoneGradients.of(monotone, letters);

        LossDifferences.DIFFERENCES.check("A", a, gradients.a(), to -> loss.of(model(to, b, m, u, bias, phi, c)));
        LossDifferences.DIFFERENCES.check("B", b, gradients.b(), to -> loss.of(model(a, to, m, u, bias, phi, c)));
        LossDifferences.DIFFERENCES.check("m", m, gradients.m(), to -> loss.of(model(a, b, to, u, bias, phi, c)));
        LossDifferences.DIFFERENCES.check("U", u, gradients.u(), to -> loss.of(model(a, b, m, to, bias, phi, c)));
        LossDifferences.DIFFERENCES.check("bias", bias, gradients.bias(), to -> loss.of(model(a, b, m, u, to, phi, c)));
        LossDifferences.DIFFERENCES.check("C", c, letters.c(), to -> loss.of(model(a, b, m, u, bias, phi, to)));
    }

    private static ImplicitModel model(
            Matrix a, Matrix b, double m, Matrix u, Matrix bias, Activation phi, LinearOperator c) {
        return MonotoneModel.of(a, b, m, u, bias, phi).model(c);
    }

    @Test
    void gradientsOfAnotherModelAreRefused() {
        SplittableRandom random = new SplittableRandom(42);
        MonotoneModel monotone = unbiased(N, P, random);
        Gradients wider = gradientsOf(unbiased(N + 1, P, random));
        Gradients others = gradientsOf(unbiased(N, P + 1, random));
        ImplicitModel factors = new ImplicitModel(
                new FixedPointProblem(
                        LinearOperator.lowRank(Batches.uniform(N, 2, 0.1, random), Batches.uniform(N, 2, 0.1, random)),
                        LinearOperator.dense(Batches.uniform(N, P, 1, random)),
                        null,
                        Activation.relu()),
                LinearOperator.dense(Batches.uniform(Q, N, 1, random)),
                null);
        assertRefused("letter 0 of W is 7 x 7, expected 6 x 6", monotone, wider);
        assertRefused("letter 0 of U is 6 x 4, expected 6 x 3", monotone, others);
        assertRefused("gradients of 2 letters of W, expected 1", monotone, new Gradients(factors));
        assertEquals(
                N, MonotoneGradients.of(monotone, gradientsOf(monotone)).bias().columns());
    }

    private static MonotoneModel unbiased(int n, int p, SplittableRandom random) {
        return MonotoneModel.of(
                Batches.uniform(2, n, 0.1, random),
                Batches.uniform(n, n, 0.1, random),
                0.5,
                Batches.uniform(n, p, 1, random),
                null,
                Activation.relu());
    }

    private static Gradients gradientsOf(MonotoneModel model) {
        int n = model.w().rows();
        return new Gradients(model.model(LinearOperator.dense(Batches.uniform(Q, n, 1, new SplittableRandom(43)))));
    }

    private static void assertRefused(String message, MonotoneModel model, Gradients gradients) {
        ShapeException refused = assertThrows(ShapeException.class, () -> MonotoneGradients.of(model, gradients));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
