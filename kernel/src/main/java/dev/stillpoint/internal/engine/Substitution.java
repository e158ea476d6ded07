package dev.stillpoint.internal.engine;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.engine.BlockCourse.Check;
import dev.stillpoint.internal.engine.BlockCourse.Explicit;
import dev.stillpoint.internal.engine.BlockCourse.Pass;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The course of a backward substitution: one pass over the blocks of `A` from the last to the first, triangles on
/// its diagonal solved as they come, and then the measurement of the residual. See
/// [dev.stillpoint.solver.BackwardSubstitution].
public final class Substitution {
    private static final String NAME = Solver.substitution().name();

    private Substitution() {}

    /// The course of a problem.
    ///
    /// @param precision the working precision
    /// @throws IllegalArgumentException when the problem is none for this solver
    public static BlockCourse compile(FixedPointProblem problem, Precision precision) {
        BlockTriangularOperator a = blocks(problem.a());
        ActivationBlocks phi = ActivationBlocks.of(problem.activation(), a.rows());
        List<Explicit> pass = new ArrayList<>();
        for (int i = a.blocks() - 1; i >= 0; i--) {
            int begin = a.begin(i);
            int size = a.size(i);
            LinearOperator input = BlockCourse.input(problem, a, i);
            Matrix bias = problem.bias();
            Matrix own = bias == null ? null : bias.slice(0, begin, 1, size);
            LinearOperator block = a.block(i, i);
            if (block == null) {
                Activation part = BlockCourse.part(problem.activation(), i, begin, size);
                pass.add(new Explicit(begin, size, input, own, part, null));
                continue;
            }
            SparseOperator entries = Triangle.entries(block);
            Optional<String> obstacle = obstacle(entries, begin, phi, precision);
            if (obstacle.isPresent()) {
                throw new IllegalArgumentException(NAME + " needs " + obstacle.get());
            }
            List<Activation> activations = new ArrayList<>();
            for (int r = begin; r < begin + size; r++) {
                activations.add(phi.activation(phi.blockOf(r)));
            }
            Triangle triangle = Triangle.of(block, entries, isUpper(entries), List.copyOf(activations));
            pass.add(new Explicit(begin, size, input, own, problem.activation(), triangle));
        }
        StepRecipe measured = StepRecipe.compile(problem, Solver.picard());
        return new BlockCourse(
                problem.stateSize(), problem.inputSize(), List.of(new Pass(List.copyOf(pass)), new Check(measured)));
    }

    /// Whether backward substitution solves `x = phi(Ax + b)` in every precision, with an entry on the diagonal
    /// that is not zero, and what is on the diagonal is dense, sparse or diagonal: the others would have to be
    /// written out to know.
    public static boolean suits(LinearOperator operator, Activation activation) {
        BlockTriangularOperator a = blocks(operator);
        ActivationBlocks phi = ActivationBlocks.of(activation, a.rows());
        boolean any = false;
        for (int i = 0; i < a.blocks(); i++) {
            LinearOperator block = a.block(i, i);
            if (block != null) {
                if (!isPlainTriangle(block)) {
                    return false;
                }
                SparseOperator entries = Triangle.entries(block);
                // What is below 1 in FP32 is so in FP64.
                if (obstacle(entries, a.begin(i), phi, Precision.F32).isPresent()) {
                    return false;
                }
                any |= hasDiagonal(entries);
            } else if (isCut(phi, a.begin(i)) || isCut(phi, a.begin(i) + a.size(i))) {
                return false;
            }
        }
        return any;
    }

    private static BlockTriangularOperator blocks(LinearOperator a) {
        return a instanceof BlockTriangularOperator blocks
                ? blocks
                : LinearOperator.blockTriangular(new int[] {a.rows()}, new @Nullable LinearOperator[][] {{a}});
    }

    /// Whether a block has its entries stored; of a dense one, whether it is triangular, without a copy.
    private static boolean isPlainTriangle(LinearOperator block) {
        if (!(block instanceof DenseOperator(Matrix matrix))) {
            return block instanceof SparseOperator || block instanceof DiagonalOperator;
        }
        boolean below = false;
        boolean above = false;
        double[] row = new double[matrix.columns()];
        for (int i = 0; i < matrix.rows() && !(below && above); i++) {
            matrix.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                below |= j < i && row[j] != 0;
                above |= j > i && row[j] != 0;
            }
        }
        return !(below && above);
    }

    /// Whether a block of the activation has states on both sides of state `i`.
    private static boolean isCut(ActivationBlocks phi, int i) {
        return i < phi.states() && phi.begin(phi.blockOf(i)) != i;
    }

    private static boolean hasDiagonal(SparseOperator entries) {
        int[] starts = entries.rowStarts();
        int[] columns = entries.columnIndices();
        for (int i = 0; i < entries.rows(); i++) {
            for (int p = starts[i]; p < starts[i + 1]; p++) {
                if (columns[p] == i && entries.values().get(0, p) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isUpper(SparseOperator entries) {
        return first(entries, true) == null;
    }

    /// Row and column of the first entry below, or above, the diagonal that is not zero; null where there is none.
    private static int @Nullable [] first(SparseOperator entries, boolean below) {
        int[] starts = entries.rowStarts();
        int[] columns = entries.columnIndices();
        for (int i = 0; i < entries.rows(); i++) {
            for (int p = starts[i]; p < starts[i + 1]; p++) {
                boolean there = below ? columns[p] < i : columns[p] > i;
                if (there && entries.values().get(0, p) != 0) {
                    return new int[] {i, columns[p]};
                }
            }
        }
        return null;
    }

    /// What it needs that a block on the diagonal does not have.
    private static Optional<String> obstacle(
            SparseOperator entries, int begin, ActivationBlocks phi, Precision precision) {
        int[] below = first(entries, true);
        int[] above = first(entries, false);
        if (below != null && above != null) {
            return Optional.of(
                    ("a triangular A, or triangular blocks on its diagonal: entry (%d, %d) lies below the diagonal and"
                                    + " entry (%d, %d) above it")
                            .formatted(begin + below[0], begin + below[1], begin + above[0], begin + above[1]));
        }
        int[] starts = entries.rowStarts();
        int[] columns = entries.columnIndices();
        for (int i = 0; i < entries.rows(); i++) {
            int row = begin + i;
            Activation own = phi.activation(phi.blockOf(row));
            if (!own.isComponentwise()) {
                return Optional.of("an activation of single values over triangular blocks: that of row %d is %s"
                        .formatted(row, own.label()));
            }
            for (int p = starts[i]; p < starts[i + 1]; p++) {
                double value = columns[p] == i ? entries.values().get(0, p) : 0;
                if (!(precision.round(value) < 1)) {
                    return Optional.of("diagonal entries below 1, in %s: entry (%d, %d) of A is %s"
                            .formatted(precision.label(), row, row, value));
                }
                if (value != 0 && !own.isProximal()) {
                    return Optional.of(
                            "a proximal map where the diagonal is not zero: entry (%d, %d) is %s, and %s is none"
                                    .formatted(row, row, value, own.label()));
                }
            }
        }
        return Optional.empty();
    }
}
