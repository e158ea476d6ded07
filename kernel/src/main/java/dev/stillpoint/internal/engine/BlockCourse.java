package dev.stillpoint.internal.engine;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The course of a solve whose state matrix is block triangular: its blocks from the last to the first,
///
///     x_i = phi_i(F_ii x_i + z_i),   z_i = bias_i + sum_(j > i) F_ij x_j + B_i u.
///
/// A block without `F_ii` is had in one pass; the others are problems of their own, each with the solver. With
/// `N` of them, each stops by the absolute tolerance over `sqrt(N)`: since `r_i <= a/sqrt(N) + b |f_i|` for all
/// gives `|r| <= a + b |f|`, the whole state then meets the rule. Source: IDL-21 §2.3, SG-22 §III.
///
/// @param n size of the state
/// @param p size of the input
/// @param stages what is done, in this order
public record BlockCourse(int n, int p, List<Stage> stages) {
    /// A part of the course. Its values are taken from the row `(x_1, ..., x_L, u)` of a sample.
    public sealed interface Stage {}

    /// Blocks that are had in one pass, one after the other.
    ///
    /// @param blocks the blocks
    public record Pass(List<Explicit> blocks) implements Stage {
        /// The first value of the blocks.
        public int begin() {
            return blocks.getLast().begin();
        }

        /// Where the blocks end.
        public int end() {
            return blocks.getFirst().begin() + blocks.getFirst().size();
        }
    }

    /// A block `x_i = phi_i(z_i)`, or `x_i = phi_i(F_ii x_i + z_i)` with a triangle that is solved in the pass.
    ///
    /// @param begin its first value
    /// @param size its number of values
    /// @param input `(F_i,i+1 ... F_iL  B_i)`, which acts on the values behind it
    /// @param bias `(1, size)`, or null for none
    /// @param activation `phi_i`
    /// @param triangle `F_ii`, or null for none
    public record Explicit(
            int begin,
            int size,
            LinearOperator input,
            @Nullable Matrix bias,
            Activation activation,
            @Nullable Triangle triangle) {}

    /// A block that is solved.
    ///
    /// @param begin its first value
    /// @param size its number of values
    /// @param legs iterations, whose input are the values behind it
    public record Implicit(int begin, int size, List<Leg> legs) implements Stage {
        /// The legs are kept as they are.
        public Implicit {
            legs = List.copyOf(legs);
        }
    }

    /// The measurement of the residual of the whole state, which the stages before have found.
    ///
    /// @param recipe an iteration on the whole problem, of which one step is made from there
    public record Check(StepRecipe recipe) implements Stage {}

    /// The course of a problem whose `A` is block triangular.
    ///
    /// @throws IllegalArgumentException when an activation block is cut by a block of `A`, or the solver cannot
    ///     solve a block
    public static BlockCourse compile(FixedPointProblem problem, BlockTriangularOperator a, Solver solver) {
        List<Stage> stages = new ArrayList<>();
        List<Explicit> pass = new ArrayList<>();
        for (int i = a.blocks() - 1; i >= 0; i--) {
            int begin = a.begin(i);
            int size = a.size(i);
            LinearOperator input = input(problem, a, i);
            Matrix bias = problem.bias();
            Matrix own = bias == null ? null : bias.slice(0, begin, 1, size);
            Activation activation = part(problem.activation(), i, begin, size);
            LinearOperator diagonal = a.block(i, i);
            if (diagonal == null) {
                pass.add(new Explicit(begin, size, input, own, activation, null));
                continue;
            }
            flush(pass, stages);
            FixedPointProblem block = new FixedPointProblem(diagonal, input, own, activation);
            stages.add(new Implicit(begin, size, Leg.compile(block, solver)));
        }
        flush(pass, stages);
        return new BlockCourse(problem.stateSize(), problem.inputSize(), List.copyOf(stages));
    }

    private static void flush(List<Explicit> pass, List<Stage> stages) {
        if (!pass.isEmpty()) {
            stages.add(new Pass(List.copyOf(pass)));
            pass.clear();
        }
    }

    /// `(F_i,i+1 ... F_iL  B_i)`.
    static LinearOperator input(FixedPointProblem problem, BlockTriangularOperator a, int i) {
        int later = a.blocks() - i - 1;
        int p = problem.inputSize();
        int[] columns = new int[p > 0 ? later + 1 : later];
        @Nullable LinearOperator[] row = new @Nullable LinearOperator[columns.length];
        for (int j = 0; j < later; j++) {
            columns[j] = a.size(i + 1 + j);
            row[j] = a.block(i, i + 1 + j);
        }
        if (p > 0) {
            columns[later] = p;
            row[later] = RowSlice.of(problem.b(), a.begin(i), a.begin(i) + a.size(i));
        }
        if (columns.length == 0) {
            return LinearOperator.dense(
                    Matrix.zeros(Precision.F32, a.size(i), 0).frozen());
        }
        return LinearOperator.blocks(new int[] {a.size(i)}, columns, new @Nullable LinearOperator[][] {row});
    }

    static Activation part(Activation activation, int i, int begin, int size) {
        if (!(activation instanceof BlockActivation(var parts))) {
            check(activation, i, begin, size);
            return activation;
        }
        List<BlockActivation.Part> own = new ArrayList<>();
        int at = 0;
        for (BlockActivation.Part part : parts) {
            int from = Math.max(begin, at);
            int to = Math.min(begin + size, at + part.size());
            if (from < to) {
                check(part.activation(), i, from - at, to - from);
                own.add(new BlockActivation.Part(part.activation(), to - from));
            }
            at += part.size();
        }
        return own.size() == 1 ? own.getFirst().activation() : new BlockActivation(own);
    }

    private static void check(Activation activation, int i, int begin, int size) {
        if (begin % activation.blockSize() != 0 || size % activation.blockSize() != 0) {
            throw new IllegalArgumentException(
                    "block %d of A cuts a block of the activation %s, whose values belong together"
                            .formatted(i, activation.label()));
        }
    }

    /// The stopping rule of a block.
    public StoppingRule stopping(StoppingRule whole) {
        int implicit = (int) stages.stream().filter(Implicit.class::isInstance).count();
        double absolute = implicit > 1 ? whole.absolute() / Math.sqrt(implicit) : whole.absolute();
        return new StoppingRule(absolute, whole.relative(), whole.maxIterations(), whole.checkInterval());
    }
}
