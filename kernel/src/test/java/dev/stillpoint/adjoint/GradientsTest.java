package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ConvergenceException;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gradients of a loss against differences of it.
final class GradientsTest {
    private static final int N = 6;
    private static final int P = 3;
    private static final int Q = 2;
    private static final int SAMPLES = 5;

    /// A contraction whose `A` is dense, or a diagonal and factors.
    private static ImplicitModel model(String label, boolean structured, SplittableRandom random) {
        LinearOperator a = structured
                ? LinearOperator.sum(
                        LinearOperator.diagonal(Batches.uniform(1, N, 0.2, random)),
                        LinearOperator.lowRank(Batches.uniform(N, 2, 0.3, random), Batches.uniform(N, 2, 0.3, random)))
                : LinearOperator.dense(Batches.uniform(N, N, 0.15, random));
        FixedPointProblem problem = new FixedPointProblem(
                a,
                LinearOperator.dense(Batches.uniform(N, P, 1, random)),
                Batches.uniform(1, N, 0.5, random),
                Activation.parse(label));
        return new ImplicitModel(
                problem,
                LinearOperator.dense(Batches.uniform(Q, N, 1, random)),
                structured ? null : LinearOperator.dense(Batches.uniform(Q, P, 1, random)));
    }

    @ParameterizedTest
    @CsvSource({
        "relu,false",
        "relu,true",
        "leaky-relu:0.1,false",
        "tanh,false",
        "tanh,true",
        "sigmoid,false",
        "identity,false",
        "softmax:3,false",
        "softmax:3,true",
        "group-norm:3:0.5,false",
        "max-pool:3,false",
        "gate:sigmoid:tanh,false",
        "blocks:relu@2/tanh@1/softmax:3@3,true"
    })
    void gradientsAreThoseOfDifferences(String label, boolean structured) {
        SplittableRandom random = new SplittableRandom(31);
        ImplicitModel model = model(label, structured, random);
        LossDifferences loss = new LossDifferences(model, random);
        LossDifferences.Found found = loss.gradients(model);
        Gradients gradients = found.letters();

        LossDifferences.DIFFERENCES.check(model, gradients, loss::of);
        LossDifferences.DIFFERENCES.check("u", loss.inputs(), found.inputs(), other -> loss.of(model, other));
    }

    /// `v = v + g` at the second and fourth sample, which are active, so that they have no adjoint state.
    private static final class Edge {
        final ImplicitModel model = ImplicitModel.of(
                Matrix.ofRows(new double[] {1}),
                Matrix.ofRows(new double[] {1, 2}),
                Matrix.ofRows(new double[] {1}),
                Activation.relu());
        final Matrix inputs =
                Matrix.ofRows(new double[] {-1, 3}, new double[] {5, 7}, new double[] {-11, 13}, new double[] {17, 19});
        final Matrix states = Matrix.ofRows(new double[] {2}, new double[] {3}, new double[] {5}, new double[] {7});
        final Matrix points = Matrix.ofRows(new double[] {-1}, new double[] {1}, new double[] {-1}, new double[] {1});
        final Matrix gradients =
                Matrix.ofRows(new double[] {23}, new double[] {29}, new double[] {31}, new double[] {37});
        final SolveResult adjoint;

        Edge() {
            try (AdjointPlan plan = AdjointPlan.prepare(
                    AdjointProblem.of(model),
                    Solver.picard(),
                    StoppingRule.mixed(1e-9).withMaxIterations(10),
                    LossDifferences.DOUBLE)) {
                adjoint = plan.solve(points, gradients);
            }
        }
    }

    @Test
    void whatDidNotConvergeIsRefusedOrLeftOut() {
        Edge edge = new Edge();
        assertEquals(Status.MAX_ITERATIONS, edge.adjoint.status(1));
        Gradients gradients = new Gradients(edge.model);
        ConvergenceException refused = assertThrows(
                ConvergenceException.class,
                () -> gradients.add(edge.inputs, edge.states, edge.gradients, edge.adjoint, 1));
        assertTrue(refused.getMessage().contains("the first is sample 1"), refused.getMessage());
        assertEquals(0, gradients.c().getFirst().get(0, 0));
        assertEquals(2, gradients.addConverged(edge.inputs, edge.states, edge.gradients, edge.adjoint, 1));
        assertEquals(2 * 23 + 5 * 31, gradients.c().getFirst().get(0, 0));
        Matrix du = gradients.inputGradients(edge.gradients, edge.adjoint);
        for (int s = 0; s < 4; s++) {
            assertEquals(s % 2 == 1, Double.isNaN(du.get(s, 0)), "sample " + s);
        }
        gradients.clear();
        assertEquals(0, gradients.c().getFirst().get(0, 0));
    }

    private static void assertSame(List<Matrix> expected, List<Matrix> actual) {
        assertEquals(expected.size(), actual.size());
        for (int l = 0; l < expected.size(); l++) {
            assertArrayEquals(expected.get(l).toDoubleArray(), actual.get(l).toDoubleArray(), "letter " + l);
        }
    }

    /// Two calls give the bits of one.
    @Test
    void sumsAreThoseOfTheSamples() {
        SplittableRandom random = new SplittableRandom(32);
        ImplicitModel model = model("tanh", false, random);
        Matrix inputs = Batches.uniform(SAMPLES, P, 1, random);
        Matrix states = Batches.uniform(SAMPLES, N, 1, random);
        Matrix g = Batches.uniform(SAMPLES, Q, 1, random);
        try (AdjointPlan plan = LossDifferences.adjoint(model)) {
            Matrix points = plan.points(inputs, states);
            SolveResult v = plan.solve(points, g);
            Gradients whole = new Gradients(model);
            whole.add(inputs, states, g, v, 2);
            Gradients cut = new Gradients(model);
            for (int[] part : new int[][] {{0, 2}, {2, SAMPLES}}) {
                int from = part[0];
                int to = part[1];
                SolveResult some = plan.solve(points.slice(from, to), g.slice(from, to));
                cut.add(inputs.slice(from, to), states.slice(from, to), g.slice(from, to), some, 1);
            }
            double[] sum = new double[N];
            for (int s = 0; s < SAMPLES; s++) {
                for (int i = 0; i < N; i++) {
                    sum[i] += v.states().get(s, i);
                }
            }
            assertArrayEquals(sum, whole.bias().toDoubleArray());
            assertArrayEquals(sum, cut.bias().toDoubleArray());
            assertSame(whole.a(), cut.a());
            assertSame(whole.b(), cut.b());
            assertSame(whole.c(), cut.c());
            assertSame(whole.d(), cut.d());
            assertThrows(ShapeException.class, () -> whole.add(states, states, g, v, 1));
            assertThrows(ShapeException.class, () -> whole.add(inputs, inputs, g, v, 1));
            assertThrows(ShapeException.class, () -> whole.add(inputs, states, states, v, 1));
            assertThrows(ShapeException.class, () -> whole.add(inputs.slice(0, 1), states, g, v, 1));
            assertThrows(IllegalArgumentException.class, () -> whole.add(inputs, states, g, v, 0));
            assertSame(whole.a(), cut.a());
        }
    }
}
