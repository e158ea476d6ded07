package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.engine.PanelExecutor;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SequentialAveraging.InverseNorm;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Panels that are stepped by hand have the bits of the scalar twin's on every engine.
final class IterationTwinTest {
    private static final int N = 21;
    private static final int P = 4;
    private static final int SAMPLES = 11;
    private static final int STEPS = 6;

    @ParameterizedTest
    @EnumSource(Precision.class)
    void iteratesAreThoseOfTheTwin(Precision precision) {
        FixedPointProblem problem = Batches.contraction(N, P, 0.9, Activation.tanh(), 5);
        Matrix inputs = Batches.inputs(SAMPLES, P, precision, 6);
        for (Solver solver : List.of(
                Solver.picard(),
                Solver.picard(0.7),
                Solver.forwardBackward(0.6),
                Solver.sequentialAveraging(),
                new SequentialAveraging(new InverseNorm(2)))) {
            StepRecipe recipe = StepRecipe.compile(problem, solver);
            double[] expected = iterates(CpuEngine.SCALAR, precision, recipe, inputs);
            for (CpuEngine engine : CpuEngine.available()) {
                double[] actual = iterates(engine, precision, recipe, inputs);
                assertArrayEquals(expected, actual, engine.label() + ", " + solver.label());
            }
        }
    }

    /// The states before each step and behind the last, of as many samples at a time as the panel stages.
    private static double[] iterates(CpuEngine engine, Precision precision, StepRecipe recipe, Matrix inputs) {
        PanelExecutor panel = engine.factory(precision)
                .panels(recipe, new StoppingRule(0, 0, 1, 1))
                .make();
        Matrix states = Matrix.zeros(precision, SAMPLES * (STEPS + 1), N);
        for (int first = 0; first < SAMPLES; first += panel.width()) {
            int count = Math.min(panel.width(), SAMPLES - first);
            assertEquals((1L << count) - 1, panel.stage(inputs, null, first, count));
            for (int s = 0; s < count; s++) {
                panel.load(s, s);
            }
            for (int k = 0; k <= STEPS; k++) {
                for (int s = 0; s < count; s++) {
                    panel.store(s, states, (first + s) * (STEPS + 1) + k);
                }
                panel.step(0);
                panel.advance();
            }
        }
        return states.toDoubleArray();
    }
}
