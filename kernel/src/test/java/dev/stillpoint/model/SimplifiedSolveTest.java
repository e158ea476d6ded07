package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Simplified models with the engine, and as files.
final class SimplifiedSolveTest {
    private static final double TOLERANCE = 1e-10;

    private static Matrix outputs(ImplicitModel model, Matrix inputs) {
        try (SolvePlan plan = Backend.cpu()
                .prepare(
                        model.problem(),
                        Solver.picard(),
                        new StoppingRule(TOLERANCE, 0, 1000, 1),
                        new PlanOptions(Precision.F64, 1))) {
            SolveResult result = plan.solve(inputs);
            for (int i = 0; i < inputs.rows(); i++) {
                assertEquals(Status.CONVERGED, result.status(i));
            }
            return model.predict(inputs, result);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh", "softmax:3", "blocks:relu@20/softmax:4@20/tanh@20"})
    void theEngineSolvesWhatWasSimplified(String label) {
        Activation phi = Activation.parse(label);
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            ImplicitModel model = PlainModel.model(
                    Structures.contracting(Structures.random(60, 60, 0.02, random), 0.9),
                    Structures.random(60, 3, 0.5, random),
                    Structures.random(2, 60, 0.5, random),
                    Structures.vector(60, random),
                    phi);
            Simplification done = model.simplify();
            assertTrue(done.isChanged(), label + ", seed " + seed);
            Matrix inputs = Matrix.ofRows(Structures.random(5, 3, 1, random));
            Matrix expected = outputs(model, inputs);
            Matrix found = outputs(done.model(), inputs);
            // A residual of r leaves an error of r/(1 - 0.9) in every component, which C multiplies by its row sums;
            // the
            // rounding is far below that.
            double rows = Arrays.stream(PlainModel.of(model).c)
                    .mapToDouble(row -> Arrays.stream(row).map(Math::abs).sum())
                    .max()
                    .orElseThrow();
            for (int s = 0; s < 5; s++) {
                for (int i = 0; i < 2; i++) {
                    assertEquals(
                            expected.get(s, i),
                            found.get(s, i),
                            2 * rows * TOLERANCE / (1 - 0.9),
                            label + ", seed " + seed + "\n" + done);
                }
            }
        }
    }

    @Test
    void aSimplifiedModelIsWrittenAndRead(@TempDir Path folder) throws IOException {
        Random random = new Random(1);
        ImplicitModel network = Structures.permuted(
                Structures.feedForward(4, 3, new int[] {6, 5, 7}, random), Structures.permutation(18, 1, random));
        ImplicitModel simple = network.simplify().model();
        Path file = folder.resolve("simple.safetensors");
        simple.write(file);
        ImplicitModel read = ImplicitModel.read(file);
        Matrix before = simple.a().toMatrix();
        Matrix after = read.a().toMatrix();
        for (int i = 0; i < 18; i++) {
            for (int j = 0; j < 18; j++) {
                assertEquals(before.get(i, j), after.get(i, j));
            }
        }
        assertEquals(simple.a().flops(), read.simplify().model().a().flops(), "the blocks are found again");
    }
}
