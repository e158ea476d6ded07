package dev.stillpoint.opencl.internal;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation.Part;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Broyden;
import dev.stillpoint.solver.DouglasRachford;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.PeacemanRachford;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SequentialAveraging.InverseNorm;
import dev.stillpoint.solver.Solver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A problem of [#N] states and a solver, to be solved on a device and on the CPU.
record DeviceCase(Precision precision, String operator, Activation activation, Solver solver) {
    /// States: not a multiple of 8, so that tiles of rows are ragged, and a multiple of the blocks.
    static final int N = 12;

    /// Values of an input.
    static final int P = 5;

    private static final List<String> OPERATORS =
            List.of("dense", "sparse", "diagonal", "convolution", "low-rank", "product", "sum", "blocks");

    private static final List<Activation> ACTIVATIONS = List.of(
            Activation.relu(),
            Activation.leakyRelu(0.1),
            Activation.tanh(),
            Activation.sigmoid(),
            Activation.identity(),
            Activation.softmax(4),
            Activation.softmax(N),
            Activation.groupNorm(4),
            Activation.groupNorm(N),
            Activation.maxPool(3),
            Activation.gate(Activation.tanh(), Activation.sigmoid()),
            Activation.gate(Activation.sigmoid(), Activation.tanh()),
            Activation.blocks(
                    new Part(Activation.softmax(3), 6),
                    new Part(Activation.tanh(), 2),
                    new Part(Activation.leakyRelu(0.3), 1),
                    new Part(Activation.sigmoid(), 3)),
            Activation.blocks(new Part(Activation.maxPool(4), 4), new Part(Activation.groupNorm(4, 0.5), 8)));

    private static final List<Solver> SOLVERS = List.of(
            Solver.picard(),
            Solver.picard(0.7),
            Solver.forwardBackward(0.5),
            Solver.forwardBackward(1),
            Solver.forwardBackward(1.6),
            Solver.peacemanRachford(0.5),
            Solver.douglasRachford(2),
            Solver.sequentialAveraging(),
            new SequentialAveraging(new InverseNorm(1)),
            new Anderson(3),
            new Broyden(4),
            Solver.newton(),
            Solver.newton(Inner.KRYLOV));

    /// All that are defined.
    static Stream<DeviceCase> all() {
        return Stream.of(Precision.values())
                .flatMap(precision -> SOLVERS.stream()
                        .flatMap(solver -> ACTIVATIONS.stream()
                                .filter(phi -> phi.isProximal() || !needsProximal(solver))
                                .flatMap(phi -> OPERATORS.stream()
                                        .map(operator -> new DeviceCase(precision, operator, phi, solver)))));
    }

    private static boolean needsProximal(Solver solver) {
        return solver instanceof ForwardBackward
                || solver instanceof PeacemanRachford
                || solver instanceof DouglasRachford;
    }

    /// Some of them, among which each pair of a precision, an operator, an activation and a solver is that [#all]
    /// has together: taken one after the other where a case has the most pairs that were not there before, by a
    /// greedy pass over thresholds.
    static Stream<DeviceCase> pairs() {
        List<DeviceCase> left = new ArrayList<>(all().toList());
        Set<Set<Object>> seen = new HashSet<>();
        List<DeviceCase> taken = new ArrayList<>();
        for (int wanted = 6; wanted > 0; wanted--) {
            for (DeviceCase each : left) {
                List<Set<Object>> fresh = each.ownPairs().stream()
                        .filter(pair -> !seen.contains(pair))
                        .toList();
                if (fresh.size() >= wanted) {
                    seen.addAll(fresh);
                    taken.add(each);
                }
            }
            left.removeAll(taken);
        }
        return taken.stream();
    }

    private List<Set<Object>> ownPairs() {
        List<Object> parts = List.of(precision, operator, activation, solver);
        List<Set<Object>> pairs = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            for (int j = 0; j < i; j++) {
                pairs.add(Set.of(parts.get(i), parts.get(j)));
            }
        }
        return pairs;
    }

    /// The problem.
    FixedPointProblem problem() {
        Random random = new Random(operator.hashCode());
        return new FixedPointProblem(
                a(random), LinearOperator.dense(matrix(random, N, P, 1)), matrix(random, 1, N, 0.1), activation);
    }

    private LinearOperator a(Random random) {
        double scale = 0.5 / Math.sqrt(N);
        return switch (operator) {
            case "dense" -> LinearOperator.dense(matrix(random, N, N, scale));
            case "sparse" -> LinearOperator.sparse(sparse(random));
            case "diagonal" -> LinearOperator.diagonal(matrix(random, 1, N, 0.5));
            case "convolution" ->
                LinearOperator.convolution(new ImageShape(2, 3, 2), matrix(random, 2, 18, 0.1), 3, 3, 1, 1, 1);
            case "low-rank" -> LinearOperator.lowRank(matrix(random, N, 3, scale), matrix(random, N, 3, 0.5));
            case "product" ->
                LinearOperator.product(
                        LinearOperator.dense(matrix(random, N, 4, scale)),
                        LinearOperator.diagonal(matrix(random, 1, 4, 1)),
                        LinearOperator.lowRank(matrix(random, 4, 2, 0.4), matrix(random, N, 2, 0.4)));
            case "sum" ->
                LinearOperator.sum(
                        LinearOperator.diagonal(matrix(random, 1, N, 0.2)),
                        LinearOperator.sparse(sparse(random)),
                        LinearOperator.lowRank(matrix(random, N, 2, 0.1), matrix(random, N, 2, 0.4)));
            case "blocks" -> blocks(random);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static LinearOperator blocks(Random random) {
        return LinearOperator.blocks(new int[] {3, 7, 2}, new int[] {5, 3, 4}, new @Nullable LinearOperator[][] {
            {LinearOperator.dense(matrix(random, 3, 5, 0.2)), null, LinearOperator.dense(matrix(random, 3, 4, 0.2))},
            {null, LinearOperator.lowRank(matrix(random, 7, 1, 0.3), matrix(random, 3, 1, 0.3)), null},
            {null, null, null}
        });
    }

    /// A problem of four blocks of rows, of which those of `implicit` have a diagonal block.
    static FixedPointProblem triangular(List<Integer> implicit) {
        Random random = new Random(9);
        int[] sizes = {4, 9, 2, 6};
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[sizes.length][sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            for (int j = i; j < sizes.length; j++) {
                if (i == j ? implicit.contains(i) : j != i + 2) {
                    blocks[i][j] = LinearOperator.dense(matrix(random, sizes[i], sizes[j], 0.2));
                }
            }
        }
        return new FixedPointProblem(
                LinearOperator.blockTriangular(sizes, blocks),
                LinearOperator.dense(matrix(random, 21, P, 1)),
                matrix(random, 1, 21, 0.1),
                Activation.blocks(
                        new Part(Activation.softmax(4), 4),
                        new Part(Activation.groupNorm(9), 9),
                        new Part(Activation.leakyRelu(0.2), 2),
                        new Part(Activation.relu(), 6)));
    }

    private static Matrix sparse(Random random) {
        Matrix dense = Matrix.zeros(Precision.F64, N, N);
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                dense.set(i, j, random.nextInt(4) == 0 && i != 3 ? 0.3 * random.nextGaussian() : 0);
            }
        }
        return dense.frozen();
    }

    /// A matrix of normal variates.
    static Matrix matrix(Random random, int rows, int columns, double scale) {
        Matrix matrix = Matrix.zeros(Precision.F64, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(i, j, scale * random.nextGaussian());
            }
        }
        return matrix.frozen();
    }

    @Override
    public String toString() {
        return "%s %s %s %s".formatted(precision, operator, activation.label(), solver.label());
    }
}
