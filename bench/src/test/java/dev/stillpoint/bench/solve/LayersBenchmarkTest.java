package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The states of the implicit model are the layers of the network.
final class LayersBenchmarkTest {
    private static final int LAYERS = LayersBenchmark.LAYERS;

    @ParameterizedTest
    @CsvSource({"64, 40, F32, 1, ''", "64, 3, F64, 2, ''", "37, 1, F32, 1, ''", "20, 9, F32, 1, scalar"})
    void theStatesAreTheLayers(int width, int m, Precision precision, int threads, String device) throws Exception {
        LayersBenchmark benchmark = new LayersBenchmark();
        benchmark.width = width;
        benchmark.m = m;
        benchmark.precision = precision;
        benchmark.threads = threads;
        benchmark.device = device;
        benchmark.prepare();
        try {
            CallCounter counter = new CallCounter();
            SolveResult result = benchmark.solve(new CalmProbe(), counter);
            assertEquals(m, result.count(Status.CONVERGED));
            assertEquals(2L * LAYERS * width * width * m, counter.flops);
            for (int sample = 0; sample < m; sample++) {
                assertLayers(benchmark.network(), benchmark.inputs(), result.states(), sample);
            }
        } finally {
            benchmark.close();
        }
    }

    /// Layer by layer from the computed values of the layer before: a chain of `w` products that begins with the
    /// bias has an error of at most `gamma_(w + 1) (|W||x| + |b|)`, and so has the sum here.
    private static void assertLayers(LayeredNetwork network, Matrix inputs, Matrix states, int sample) {
        int width = inputs.columns();
        double unit = states.precision().unitRoundoff();
        double gamma = (width + 1) * unit / (1 - (width + 1) * unit);
        double[] before = row(inputs, sample);
        for (int i = 0; i < width; i++) {
            before[i] = states.precision().round(before[i]);
        }
        double[] state = row(states, sample);
        for (int l = 0; l < LAYERS; l++) {
            int begin = (LAYERS - 1 - l) * width;
            double[] layer = new double[width];
            for (int i = 0; i < width; i++) {
                double sum = network.bias(l).get(0, i);
                double magnitude = Math.abs(sum);
                for (int j = 0; j < width; j++) {
                    double product = network.weight(l).get(i, j) * before[j];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                layer[i] = state[begin + i];
                assertEquals(
                        Math.max(sum, 0),
                        layer[i],
                        2 * gamma * magnitude,
                        "sample %d, layer %d, %d".formatted(sample, l, i));
            }
            before = layer;
        }
    }

    private static double[] row(Matrix matrix, int i) {
        double[] row = new double[matrix.columns()];
        matrix.getRow(i, row, 0);
        return row;
    }

    /// What is timed is the layers, and placing the first of them in the state.
    @Test
    void theRewrittenModelHasTheOperationsOfItsLayers() {
        LayeredNetwork network = new LayeredNetwork(16, LAYERS, Precision.F32, 7);
        ImplicitModel dense = network.model();
        assertEquals(2L * 96 * 96, dense.a().flops());
        ImplicitModel model = dense.simplify().model();
        long layer = network.flops() / LAYERS;
        assertEquals((LAYERS - 1) * layer, model.a().flops());
        assertEquals(layer + 2 * 16, model.b().flops());
        assertTrue(model.stateSize() == 96, "all states are kept");
    }
}
