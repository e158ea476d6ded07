package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.model.opteq.OptEqModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gradients of the parameters of optimization-induced models against differences of a loss.
final class OptEqGradientsTest {
    private static final int P = 3;
    private static final int Q = 2;

    /// Parameters of a unit.
    private record Parts(Matrix w, Matrix u, Matrix bias, double mu, Activation phi) {
        /// Entries of `W` up to `scale`.
        static Parts random(int h, int n, double scale, double mu, String label, SplittableRandom random) {
            return new Parts(
                    Batches.uniform(h, n, scale, random),
                    Batches.uniform(h, P, 1, random),
                    Batches.uniform(1, h, 0.5, random),
                    mu,
                    Activation.parse(label));
        }

        OptEqModel unit() {
            return OptEqModel.of(w, u, bias, mu, phi);
        }
    }

    private static LinearOperator head(String kind, int n, SplittableRandom random) {
        return switch (kind) {
            case "dense" -> LinearOperator.dense(Batches.uniform(Q, n, 1, random));
            case "product" ->
                LinearOperator.product(
                        LinearOperator.dense(Batches.uniform(Q, 2, 1, random)),
                        LinearOperator.lowRank(Batches.uniform(2, 1, 1, random), Batches.uniform(n, 1, 1, random)));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /// `A` is dense for up to twice as many hidden values as others. `|W|_2^2` is below `mu` throughout.
    @ParameterizedTest
    @CsvSource({
        "relu,6,4,1,none",
        "relu,6,4,1.7,dense",
        "tanh,4,6,1.3,none",
        "tanh,6,3,0.8,product",
        "relu,8,3,1,none",
        "relu,8,3,1.7,dense",
        "sigmoid,8,3,0.6,none",
        "softmax:3,9,2,1.3,product"
    })
    void gradientsAreThoseOfDifferences(String label, int h, int n, double mu, String kind) {
        SplittableRandom random = new SplittableRandom(51);
        Parts parts = Parts.random(h, n, 0.8 * Math.sqrt(mu / (h * n)), mu, label, random);
        LinearOperator head = kind.equals("none") ? null : head(kind, n, random);
        Function<Parts, ImplicitModel> model =
                of -> head == null ? of.unit().model() : of.unit().model(head);
        ImplicitModel at = model.apply(parts);
        assertEquals(h <= 2 * n ? 1 : 2, OperatorLetters.of(at.a()).size());
        LossDifferences loss = new LossDifferences(at, random);
        OptEqGradients gradients =
                OptEqGradients.of(parts.unit(), loss.gradients(at).letters());

        LossDifferences.DIFFERENCES.check(
                "W",
                parts.w,
                gradients.w(),
                to -> loss.of(model.apply(new Parts(to, parts.u, parts.bias, mu, parts.phi))));
        LossDifferences.DIFFERENCES.check(
                "U",
                parts.u,
                gradients.u(),
                to -> loss.of(model.apply(new Parts(parts.w, to, parts.bias, mu, parts.phi))));
        LossDifferences.DIFFERENCES.check(
                "b",
                parts.bias,
                gradients.bias(),
                to -> loss.of(model.apply(new Parts(parts.w, parts.u, to, mu, parts.phi))));
        LossDifferences.DIFFERENCES.check(
                "mu",
                mu,
                gradients.mu(),
                to -> loss.of(model.apply(new Parts(parts.w, parts.u, parts.bias, to, parts.phi))));
        if (head == null) {
            assertEquals(List.of(), gradients.head());
        } else {
            LossDifferences.DIFFERENCES.check(
                    "head", head, gradients.head(), to -> loss.of(parts.unit().model(to)));
        }
    }

    @Test
    void gradientsOfAnotherModelAreRefused() {
        SplittableRandom random = new SplittableRandom(52);
        OptEqModel dense = Parts.random(5, 4, 0.1, 1, "relu", random).unit();
        OptEqModel factors = Parts.random(5, 2, 0.1, 1, "relu", random).unit();
        assertRefused("letter 0 of A is 5 x 2, expected 5 x 4", dense, new Gradients(mixed(factors, dense)));
        assertRefused(
                "letter 0 of the outputs' operator after the head is 2 x 5", dense, new Gradients(factors.model()));
        assertRefused(
                "letter 0 of the outputs' operator after the head is 4 x 5", factors, new Gradients(dense.model()));
        OptEqModel other = Parts.random(6, 4, 0.1, 1, "relu", random).unit();
        assertRefused("letter 0 of U is 6 x 3, expected 5 x 3", dense, new Gradients(other.model()));
        ImplicitModel three = new ImplicitModel(
                new FixedPointProblem(
                        LinearOperator.product(
                                dense.model().a(), factors.model().a()),
                        dense.model().b(),
                        null,
                        Activation.relu()),
                dense.model().c(),
                null);
        assertRefused("gradients of 3 letters of A, expected 1", dense, new Gradients(three));
    }

    @Test
    void outputsWithoutLettersAreRefused() {
        OptEqModel unit =
                Parts.random(5, 4, 0.1, 1, "relu", new SplittableRandom(53)).unit();
        LinearOperator none =
                LinearOperator.blocks(new int[] {2}, new int[] {5}, new @Nullable LinearOperator[][] {{null}});
        Gradients gradients = new Gradients(new ImplicitModel(unit.model().problem(), none, null));
        assertRefused("gradients of 0 letters of the outputs' operator after the head, expected 1", unit, gradients);
    }

    /// The equation of one, and the outputs of another.
    private static ImplicitModel mixed(OptEqModel equation, OptEqModel outputs) {
        return new ImplicitModel(equation.model().problem(), outputs.model().c(), null);
    }

    private static void assertRefused(String message, OptEqModel model, Gradients gradients) {
        ShapeException refused = assertThrows(ShapeException.class, () -> OptEqGradients.of(model, gradients));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
