package dev.stillpoint.model.opteq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.solver.SolveResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FeedForwardNetworkTest {
    private static final String[] ACTIVATIONS = {"tanh", "relu", "sigmoid", "leaky-relu:0.1", "identity"};

    /// A network of layers of 1 to 6 values, some with an input of their own, some without a bias.
    private static FeedForwardNetwork network(Random random, int depth, double scale) {
        List<FeedForwardNetwork.Layer> layers = new ArrayList<>();
        int before = 0;
        for (int l = 0; l < depth; l++) {
            int size = 1 + random.nextInt(6);
            layers.add(new FeedForwardNetwork.Layer(
                    l == 0 ? null : Cases.matrix(random, size, before, scale),
                    l == 0 || random.nextBoolean() ? Cases.matrix(random, size, 2, 1) : null,
                    random.nextBoolean() ? Cases.matrix(random, 1, size, 1) : null,
                    Activation.parse(ACTIVATIONS[random.nextInt(ACTIVATIONS.length)])));
            before = size;
        }
        return new FeedForwardNetwork(layers, Cases.matrix(random, 2, before, 1));
    }

    /// Every factor of the rewriting is a power of two and everything else that it adds is zero, so that there is no
    /// rounding to bound: the bits are those of the network.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void theDeepModelIsTheNetwork(int depth) {
        for (int seed = 0; seed < 20; seed++) {
            String where = "depth %d, seed %d".formatted(depth, seed);
            Random random = new Random(100L * depth + seed);
            FeedForwardNetwork network = network(random, depth, 1.5);
            DeepOptEqModel deep = network.deep();
            double[] x = Cases.vector(random, 2);
            double[] expected = network.value(x);
            double[] z = new double[deep.size()];
            for (OptEqModel unit : deep.units()) {
                assertTrue(unit.isProximal(), where);
                z = unit.map(z, x);
            }
            assertArrayEquals(expected, Products.of(network.deepHead(), z), where);
            assertArrayEquals(z, deep.map(z, x), where);
            double[] anywhere = deep.map(Cases.vector(random, deep.size()), x);
            assertArrayEquals(z, deep.map(anywhere, x), where);

            ImplicitModel model = network.model();
            SolveResult result = Cases.solve(model, x);
            assertEquals(0, result.residual(0), where);
            assertTrue(result.iterations(0) <= deep.units().size() + 1, where);
            Matrix outputs = model.predict(Matrix.ofRows(x), result);
            assertArrayEquals(expected, outputs.toDoubleArray(), where);
        }
    }

    @Test
    void largeWeightsAreScaledAndHugeOnesRefused() {
        Random random = new Random(5);
        FeedForwardNetwork network = network(random, 6, 1000);
        double[] x = Cases.vector(random, 2);
        DeepOptEqModel deep = network.deep();
        assertArrayEquals(network.value(x), Products.of(network.deepHead(), deep.map(new double[deep.size()], x)));
        FeedForwardNetwork huge = network(random, 6, 1e100);
        assertThrows(IllegalArgumentException.class, huge::deep);
    }

    /// A square `W` of rank one, for which the factors of the paper's lemma do not exist in full rank.
    @Test
    void aSingularWeightMatrixIsNoObstacle() {
        Matrix singular = Matrix.ofRows(new double[] {1, 2}, new double[] {2, 4});
        Matrix input = Matrix.ofRows(new double[] {1}, new double[] {-1});
        FeedForwardNetwork.Layer layer = new FeedForwardNetwork.Layer(singular, null, null, Activation.relu());
        FeedForwardNetwork network = new FeedForwardNetwork(
                List.of(new FeedForwardNetwork.Layer(null, input, null, Activation.relu()), layer, layer),
                Matrix.ofRows(new double[] {1, 1}));
        // v = (3, 0), (3, 6), (15, 30)
        assertArrayEquals(new double[] {45}, network.value(new double[] {3}));
        assertArrayEquals(new double[] {45}, Cases.prediction(network.model(), new double[] {3}));
    }

    @Test
    void layersThatDoNotFitAreRefused() {
        Matrix two = Matrix.zeros(Precision.F64, 2, 2);
        Matrix three = Matrix.zeros(Precision.F64, 3, 3);
        Activation relu = Activation.relu();
        FeedForwardNetwork.Layer first = new FeedForwardNetwork.Layer(null, two, null, relu);
        assertThrows(ShapeException.class, () -> new FeedForwardNetwork.Layer(null, null, null, relu));
        assertThrows(ShapeException.class, () -> new FeedForwardNetwork.Layer(two, three, null, relu));
        assertThrows(ShapeException.class, () -> new FeedForwardNetwork(List.of(first, first), two));
        assertThrows(ShapeException.class, () -> new FeedForwardNetwork(List.of(first), three));
        FeedForwardNetwork.Layer other = new FeedForwardNetwork.Layer(three, null, null, relu);
        assertThrows(ShapeException.class, () -> new FeedForwardNetwork(List.of(first, other), three));
        assertThrows(IllegalArgumentException.class, () -> new FeedForwardNetwork(List.of(), two));
        FeedForwardNetwork.Layer pool = new FeedForwardNetwork.Layer(two, null, null, Activation.maxPool(2));
        FeedForwardNetwork pooled = new FeedForwardNetwork(List.of(first, pool), two);
        assertThrows(IllegalArgumentException.class, pooled::deep);
    }
}
