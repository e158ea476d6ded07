package dev.stillpoint.bench.solve;

import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.bench.micro.CallCounter;
import dev.stillpoint.bench.micro.CalmProbe;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// A feed-forward network as an implicit model: a [LayeredNetwork] whose strictly triangular `A` is given dense
/// and [simplified][ImplicitModel#simplify()], in GFLOP/s.
///
/// Counted is what the layers themselves ask for, `2 w^2` operations each: were the structure of `A` not found,
/// the figure would be many times smaller. Timed is the solve, which gives the states of all layers; the
/// rewriting is made once, outside.
public class LayersBenchmark extends PlanBenchmark {
    /// Layers of the network.
    public static final int LAYERS = 6;

    private static final long SEED = 2;

    /// `w`, values of a layer.
    @Param({"64", "256", "512"})
    int width;

    @Param("256")
    int m;

    private LayeredNetwork network;
    private Matrix inputs;
    private SolvePlan plan;
    private SolveRequest request;

    /// For JMH.
    public LayersBenchmark() {}

    /// Makes the network, rewrites it and prepares the plan.
    ///
    /// @throws IllegalStateException when the rewriting does not find the layers
    @Setup
    public void prepare() {
        network = new LayeredNetwork(width, LAYERS, precision, SEED);
        ImplicitModel model = network.model().simplify().model();
        if (!(model.a() instanceof BlockTriangularOperator blocks && blocks.isStrict())) {
            throw new IllegalStateException("the network was rewritten to " + model.a() + ", expected its layers");
        }
        Random random = new Random(SEED + 1);
        inputs = Matrix.zeros(precision, m, width);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < width; j++) {
                inputs.set(i, j, random.nextGaussian());
            }
        }
        plan = backend().prepare(model.problem(), Solver.picard(), StoppingRule.mixed(0), options());
        request = SolveRequest.of(inputs).into(Matrix.zeros(precision, m, LAYERS * width));
    }

    /// Closes the plan.
    @TearDown
    public void close() {
        plan.close();
    }

    /// The network, for tests.
    LayeredNetwork network() {
        return network;
    }

    /// The inputs, for tests.
    Matrix inputs() {
        return inputs;
    }

    /// One solve.
    @Benchmark
    public SolveResult solve(CalmProbe probe, CallCounter counter) throws Exception {
        return probe.call(counter, () -> plan.solve(request), _ -> m * network.flops());
    }
}
