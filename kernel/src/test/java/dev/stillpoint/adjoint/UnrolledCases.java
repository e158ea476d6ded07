package dev.stillpoint.adjoint;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SequentialAveraging.InverseNorm;
import dev.stillpoint.solver.Solver;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What the tests of unrolled iterations share.
final class UnrolledCases {
    static final int N = 12;
    static final int P = 3;
    static final int Q = 2;

    /// Those that are unrolled, with and without coefficients that are 1 or 0.
    static final List<Solver> SOLVERS = List.of(
            Solver.picard(),
            Solver.picard(0.6),
            Solver.picard(1.25),
            Solver.forwardBackward(0.7),
            Solver.forwardBackward(1),
            Solver.forwardBackward(1.4),
            Solver.sequentialAveraging(),
            new SequentialAveraging(new InverseNorm(2)));

    /// Kinds of `A` that a solve iterates as a whole.
    static final List<String> STRUCTURES = List.of("dense", "sparse", "low rank", "product", "sum");

    private UnrolledCases() {}

    static boolean fits(Solver solver, Activation activation) {
        return !solver.name().equals("forward-backward") || activation.isProximal();
    }

    /// A model of `N` states, `P` inputs and `Q` outputs.
    ///
    /// @param scale of the entries of `A`
    static ImplicitModel model(String label, String structure, double scale, SplittableRandom random) {
        FixedPointProblem problem = new FixedPointProblem(
                operator(structure, scale, random),
                LinearOperator.dense(Batches.uniform(N, P, 1, random)),
                Batches.uniform(1, N, 0.5, random),
                Activation.parse(label));
        boolean plain = structure.equals("dense");
        return new ImplicitModel(
                problem,
                plain
                        ? LinearOperator.dense(Batches.uniform(Q, N, 1, random))
                        : LinearOperator.lowRank(Batches.uniform(Q, 2, 1, random), Batches.uniform(N, 2, 1, random)),
                plain ? null : LinearOperator.dense(Batches.uniform(Q, P, 1, random)));
    }

    private static LinearOperator block(int rows, int columns, double scale, SplittableRandom random) {
        return LinearOperator.dense(Batches.uniform(rows, columns, scale, random));
    }

    private static LinearOperator operator(String structure, double scale, SplittableRandom random) {
        double root = Math.sqrt(scale);
        return switch (structure) {
            case "dense" -> LinearOperator.dense(Batches.uniform(N, N, scale, random));
            case "sparse" -> {
                Matrix matrix = Batches.uniform(N, N, 2 * scale, random);
                for (int i = 0; i < N; i++) {
                    for (int j = 0; j < N; j++) {
                        if ((3 * i + 5 * j) % 4 != 0) {
                            matrix.set(i, j, 0);
                        }
                    }
                }
                yield LinearOperator.sparse(matrix);
            }
            case "low rank" ->
                LinearOperator.lowRank(Batches.uniform(N, 3, root, random), Batches.uniform(N, 3, root, random));
            case "product" ->
                LinearOperator.product(
                        LinearOperator.dense(Batches.uniform(N, 5, root, random)),
                        LinearOperator.dense(Batches.uniform(5, N, root, random)));
            case "sum" ->
                LinearOperator.sum(
                        LinearOperator.diagonal(Batches.uniform(1, N, scale, random)),
                        LinearOperator.lowRank(
                                Batches.uniform(N, 2, root, random), Batches.uniform(N, 2, root, random)));
            case "block triangular" ->
                LinearOperator.blockTriangular(new int[] {3, 5, 4}, new @Nullable LinearOperator[][] {
                    {block(3, 3, scale, random), null, block(3, 4, scale, random)},
                    {null, block(5, 5, scale, random), block(5, 4, scale, random)},
                    {null, null, null}
                });
            default -> throw new IllegalArgumentException(structure);
        };
    }
}
