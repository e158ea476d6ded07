package dev.stillpoint.model;

import static dev.stillpoint.model.PlainModel.assertSamePredictions;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The structure that simplifying finds, and the form that it chooses.
final class SimplifyTest {

    @Test
    void aScrambledNetworkHasItsLayersForBlocks() {
        int[] layers = {7, 12, 5, 9};
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            ImplicitModel network = Structures.feedForward(4, 3, layers, random);
            ImplicitModel scrambled = Structures.permuted(network, Structures.permutation(33, 1, random));
            Simplification done = scrambled.simplify();
            String what = "seed " + seed + ": " + done;
            BlockTriangularOperator a =
                    assertInstanceOf(BlockTriangularOperator.class, done.model().a(), what);
            assertArrayEquals(new int[] {9, 5, 12, 7}, a.sizes(), what);
            assertTrue(a.isStrict(), what);
            assertEquals(2 * (7 * 12 + 12 * 5 + 5 * 9), done.flopsAfter(), what);
            assertEquals(2 * 33 * 33, done.flopsBefore(), what);
            assertTrue(done.findings()
                    .contains("A is block triangular under a permutation: 4 blocks, 4 of them explicit"));
            for (int i = 0; i + 1 < 33; i++) {
                boolean border = i == 8 || i == 13 || i == 25;
                assertTrue(border || done.original(i) < done.original(i + 1), what);
            }
            for (int sample = 0; sample < 4; sample++) {
                double[] u = random.ints(4, -5, 6).asDoubleStream().toArray();
                assertArrayEquals(
                        PlainModel.of(network).output(u),
                        PlainModel.of(done.model()).output(u),
                        what);
            }
        }
    }

    @Test
    void aNetworkReadsItsInputsAndOutputsOnlyWhereItHasThem() {
        ImplicitModel network = Structures.feedForward(40, 30, new int[] {20, 50, 20}, new Random(1));
        Simplification done = network.simplify();
        assertEquals(2 * (90 * 40 + 30 * 90), done.sampleFlopsBefore());
        // The rows of the first layer and the columns of the last, each placed by one entry.
        assertEquals(2 * (20 * 40 + 20 + 30 * 20 + 20), done.sampleFlopsAfter(), done.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh", "sigmoid", "leaky-relu:0.1", "softmax:2", "softmax:3"})
    void predictionsStay(String label) {
        Activation phi = Activation.parse(label);
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int blocks = 1 + random.nextInt(30);
            double density = random.nextDouble() * 2 / (blocks * phi.blockSize());
            ImplicitModel model = Structures.sparse(blocks, 3, 2, density, phi, random);
            Simplification done = model.simplify();
            String what = label + ", seed " + seed;
            assertSamePredictions(model, done, random, what);
            assertTrue(PlainModel.of(done.model()).contraction() < 1, what);
            assertBlocksAreWhole(model, done, phi.blockSize(), what);
            Simplification again = done.model().simplify();
            assertSame(done.model(), again.model(), what + ": " + again + "\nafter\n" + done);
        }
    }

    private static void assertBlocksAreWhole(ImplicitModel model, Simplification done, int size, String what) {
        for (int i = 0; i < done.model().stateSize(); i++) {
            int original = done.original(i);
            assertEquals(i, done.position(original), what);
            assertEquals(i % size, original % size, what);
            assertTrue(i % size == 0 || original == done.original(i - 1) + 1, what);
        }
        long kept = Arrays.stream(Structures.all(model.stateSize()))
                .filter(i -> done.position(i) >= 0)
                .count();
        assertEquals(done.model().stateSize(), kept, what);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void componentsAreFoundUnderAPermutation(int size) {
        Activation phi = size == 1 ? Activation.tanh() : Activation.softmax(size);
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            // Four components of 12 blocks, each depending on the ones after it, all seen by the output.
            int n = 48 * size;
            double[][] a = Structures.random(n, n, 1, random);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    a[i][j] = j / (12 * size) < i / (12 * size) ? 0 : a[i][j];
                }
            }
            ImplicitModel model = PlainModel.model(
                    Structures.contracting(a, 0.9),
                    Structures.random(n, 3, 1, random),
                    Structures.random(2, n, 1, random),
                    Structures.vector(n, random),
                    phi);
            int[] order = Structures.permutation(48, size, random);
            Simplification done = Structures.permuted(model, order).simplify();
            BlockTriangularOperator triangular =
                    assertInstanceOf(BlockTriangularOperator.class, done.model().a(), done.toString());
            int[] sizes = new int[4];
            Arrays.fill(sizes, 12 * size);
            assertArrayEquals(sizes, triangular.sizes(), done.toString());
            for (int i = 0; i < n; i++) {
                assertEquals(i / (12 * size), order[done.original(i)] / (12 * size), "seed " + seed);
            }
            assertSamePredictions(model, done, random, "seed " + seed);
        }
    }

    @Test
    void statesWithoutInfluenceGo() {
        double[][] a = Structures.contracting(Structures.random(30, 30, 1, new Random(5)), 0.9);
        // 20 to 29 are read by each other and by nobody else.
        for (int i = 0; i < 20; i++) {
            Arrays.fill(a[i], 20, 30, 0);
        }
        double[][] c = Structures.random(2, 30, 1, new Random(6));
        for (double[] row : c) {
            Arrays.fill(row, 20, 30, 0);
        }
        ImplicitModel model =
                PlainModel.model(a, Structures.random(30, 3, 1, new Random(7)), c, null, Activation.relu());
        Simplification done = model.simplify();
        assertEquals(20, done.model().stateSize());
        assertEquals(-1, done.position(25));
        assertEquals(7, done.original(7));
        assertEquals(2 * 20 * 20, done.flopsAfter());
        assertEquals(
                "10 states influence neither the output nor another state that does: removed",
                done.findings().getFirst());
        assertInstanceOf(DenseOperator.class, done.model().a());
        assertNull(done.model().bias());
        assertSamePredictions(model, done, new Random(8), "dead states");
        Matrix states = Matrix.zeros(Precision.F32, 1, 30);
        states.set(0, 19, 4);
        assertEquals(4, done.select(states).get(0, 19));
        assertEquals(20, done.select(states).columns());
    }

    @Test
    void aChainThatReachesTheOutputStays() {
        // 0 <- 1 <- 2, and the output reads 0 alone; 3 reads all and is read by none.
        ImplicitModel model = PlainModel.model(
                new double[][] {{0, 0.5, 0, 0}, {0, 0, 0.5, 0}, {0, 0, 0, 0}, {0.1, 0.1, 0.1, 0}},
                new double[][] {{0}, {0}, {1}, {1}},
                new double[][] {{1, 0, 0, 0}},
                null,
                Activation.relu());
        Simplification done = model.simplify();
        assertEquals(3, done.model().stateSize());
        assertEquals(-1, done.position(3));
        assertArrayEquals(new double[] {0.25}, PlainModel.of(done.model()).output(new double[] {1}));
    }

    @Test
    void aDenseCyclicModelStaysAsItIs() {
        ImplicitModel model = PlainModel.model(
                Structures.contracting(Structures.random(20, 20, 1, new Random(9)), 0.9),
                Structures.random(20, 5, 1, new Random(10)),
                Structures.random(4, 20, 1, new Random(11)),
                Structures.vector(20, new Random(12)),
                Activation.relu());
        Simplification done = model.simplify();
        assertSame(model, done.model());
        assertFalse(done.isChanged());
        assertEquals(1, done.findings().size());
        assertTrue(done.findings().getFirst().startsWith("nothing found"), done.toString());
        assertEquals(done.flopsBefore(), done.flopsAfter());
        assertTrue(done.errorBound().isEmpty());
        assertEquals(13, done.original(13));
    }

    @Test
    void aSparseCycleIsStoredByItsEntries() {
        double[][] a = new double[100][100];
        for (int i = 0; i < 100; i++) {
            a[i][(i + 1) % 100] = 0.5;
            a[i][(i + 37) % 100] = 0.25;
        }
        ImplicitModel model = PlainModel.model(
                a,
                Structures.random(100, 2, 1, new Random(1)),
                Structures.random(2, 100, 1, new Random(2)),
                null,
                Activation.tanh());
        Simplification done = model.simplify();
        assertEquals(
                200, assertInstanceOf(SparseOperator.class, done.model().a()).entries());
        assertEquals(400, done.flopsAfter());
        assertTrue(done.findings().contains("A is 2 % dense: sparse"), done.toString());
        assertSamePredictions(model, done, new Random(3), "sparse cycle");
    }

    @Test
    void aFifthOfTheEntriesIsWhereSparseBegins() {
        for (int band = 17; band <= 23; band++) {
            double[][] a = new double[100][100];
            for (int i = 0; i < 100; i++) {
                for (int k = 1; k <= band; k++) {
                    a[i][(i + k) % 100] = 0.5 / band;
                }
            }
            LinearOperator stored = PlainModel.model(
                            a,
                            Structures.random(100, 2, 1, new Random(1)),
                            Structures.random(2, 100, 1, new Random(2)),
                            null,
                            Activation.tanh())
                    .simplify()
                    .model()
                    .a();
            assertEquals(band < 20, stored instanceof SparseOperator, "entries a row: " + band);
        }
    }

    @Test
    void selfInfluenceAloneIsADiagonal() {
        double[][] a = new double[30][30];
        for (int i = 0; i < 30; i++) {
            a[i][i] = -0.5 + i / 40.0;
        }
        a[20][20] = 0.125;
        ImplicitModel model = PlainModel.model(
                a,
                Structures.random(30, 2, 1, new Random(1)),
                Structures.random(2, 30, 1, new Random(2)),
                null,
                Activation.relu());
        Simplification done = model.simplify();
        assertInstanceOf(DiagonalOperator.class, done.model().a(), done.toString());
        assertEquals(60, done.flopsAfter());
        assertSamePredictions(model, done, new Random(3), "diagonal");
    }

    @Test
    void smallCyclesShareABlock() {
        // 50 cycles of two, which the explicit states 100 to 119 read.
        double[][] a = new double[120][120];
        for (int i = 0; i < 100; i++) {
            a[i][i ^ 1] = 0.5;
        }
        Random random = new Random(4);
        for (int i = 100; i < 120; i++) {
            Arrays.setAll(a[i], j -> j < 100 ? random.nextDouble() / 200 : 0);
        }
        ImplicitModel model = PlainModel.model(
                a, Structures.random(120, 2, 1, random), Structures.random(2, 120, 1, random), null, Activation.relu());
        Simplification done = model.simplify();
        BlockTriangularOperator triangular =
                assertInstanceOf(BlockTriangularOperator.class, done.model().a());
        assertArrayEquals(new int[] {20, 100}, triangular.sizes());
        assertNull(triangular.block(0, 0));
        assertInstanceOf(DenseOperator.class, triangular.block(0, 1));
        assertInstanceOf(SparseOperator.class, triangular.block(1, 1));
        assertTrue(done.findings().contains("block 2 (100 states) is 1 % dense: sparse"), done.toString());
        assertSamePredictions(model, done, random, "small cycles");
    }

    @Test
    void statesOfOneSoftmaxBlockDependOnEachOther() {
        // lambda_PF(|A|) = 0 and two fixed points: nothing about it is triangular.
        double[][] one = {{1}, {1}};
        ImplicitModel model = PlainModel.model(
                new double[][] {{0, -10}, {0, 0}},
                one,
                new double[][] {{1, 0}},
                new double[] {5, 0},
                Activation.softmax(2));
        Simplification done = model.simplify();
        assertSame(model, done.model(), done.toString());
        assertArrayEquals(
                new int[] {0},
                Partition.of(
                                new Pattern(1, 1, new int[] {0, 1}, new int[] {0}),
                                ActivationBlocks.of(model.activation(), 2))
                        .order());
        assertEquals(0, explicitGroups(model));
        ImplicitModel componentwise = PlainModel.model(
                new double[][] {{0, -10}, {0, 0}}, one, new double[][] {{1, 0}}, null, Activation.relu());
        assertEquals(2, explicitGroups(componentwise));
    }

    private static int explicitGroups(ImplicitModel model) {
        ActivationBlocks blocks = ActivationBlocks.of(model.activation(), model.stateSize());
        return Partition.of(Form.of(model.a()).pattern().over(blocks), blocks).explicitGroups();
    }

    @Test
    void activationsMoveWithTheirStates() {
        // Eight states of each kind, alternating in blocks of two: a group has at most three parts.
        String mixed = "relu@2/softmax:2@2/tanh@2/";
        Activation phi = Activation.parse("blocks:" + mixed.repeat(8).replaceAll("/$", ""));
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            double[][] a = Structures.contracting(Structures.random(48, 48, 0.03, random), 0.9);
            ImplicitModel model = PlainModel.model(
                    a,
                    Structures.random(48, 3, 1, random),
                    Structures.random(2, 48, 0.6, random),
                    Structures.vector(48, random),
                    phi);
            Simplification done = model.simplify();
            BlockTriangularOperator triangular =
                    assertInstanceOf(BlockTriangularOperator.class, done.model().a(), done.toString());
            BlockActivation moved =
                    assertInstanceOf(BlockActivation.class, done.model().activation());
            assertTrue(moved.parts().size() <= 3 * triangular.blocks(), moved.label());
            ActivationBlocks before = ActivationBlocks.of(phi, 48);
            ActivationBlocks after = ActivationBlocks.of(moved, done.model().stateSize());
            for (int i = 0; i < after.states(); i++) {
                Activation own = before.activation(before.blockOf(done.original(i)));
                assertEquals(own, after.activation(after.blockOf(i)), "seed " + seed);
            }
            assertSamePredictions(model, done, random, "seed " + seed);
        }
    }

    @Test
    void aLongChainHasALimitedNumberOfBlocks() {
        // State i reads i + 1, and the last of them the input: 2500 components of one state, each at its own depth.
        int n = 2500;
        int[] starts = new int[n + 1];
        int[] columns = new int[n - 1];
        for (int i = 0; i < n; i++) {
            starts[i + 1] = Math.min(i + 1, n - 1);
            if (i < n - 1) {
                columns[i] = i + 1;
            }
        }
        double[] ones = new double[n - 1];
        Arrays.fill(ones, 1);
        LinearOperator a = LinearOperator.sparse(n, n, starts, columns, Matrix.of(ones, 1, n - 1));
        ImplicitModel model = new ImplicitModel(
                new FixedPointProblem(
                        a,
                        LinearOperator.sparse(n, 1, placed(n), new int[1], Matrix.ofRows(new double[] {1})),
                        null,
                        Activation.relu()),
                LinearOperator.sparse(1, n, new int[] {0, 1}, new int[1], Matrix.ofRows(new double[] {1})),
                null);
        BlockTriangularOperator triangular = assertInstanceOf(
                BlockTriangularOperator.class, model.simplify().model().a());
        assertTrue(triangular.blocks() <= Partition.MOST_GROUPS, triangular.toString());
        assertTrue(triangular.blocks() > Partition.MOST_GROUPS / 2, triangular.toString());
        assertFalse(triangular.isStrict(), "neighbours that were joined depend on each other");
    }

    /// Row starts of a column whose last entry alone is not zero.
    private static int[] placed(int n) {
        int[] starts = new int[n + 1];
        starts[n] = 1;
        return starts;
    }
}
