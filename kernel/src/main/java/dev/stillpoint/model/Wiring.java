package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Models and layers that are connected: each reads a [Signal] made of inputs and of other blocks. What is added
/// last stands first in the state, so that `A` is upper block triangular, and the engine solves part after part,
/// where nothing reads what is added after it. A part that is block triangular itself is taken apart into its
/// blocks.
///
/// Sources of signals are the blocks, 0, 1, ... in the order in which they were added, and the inputs, -1, -2,
/// ...
///
/// Source: IDL-21 §2.4, Theorem 2.8.
final class Wiring {
    private final int[] inputSizes;
    private final List<Block> blocks = new ArrayList<>();

    /// `x = phi(sum_s F_s x_s + bias)`, where the sum may take in the block itself.
    private record Block(Signal argument, Activation activation) {}

    Wiring(int... inputSizes) {
        for (int size : inputSizes) {
            if (size < 1) {
                throw new ShapeException("an input has %d values, expected a positive number".formatted(size));
            }
        }
        this.inputSizes = inputSizes.clone();
    }

    /// Input `k`.
    Signal input(int k) {
        return Signal.of(-1 - k, inputSizes[k]);
    }

    /// Adds the block `phi(v)`, and returns it.
    Signal apply(Activation phi, Signal argument) {
        phi.checkSize(argument.size());
        blocks.add(new Block(argument, phi));
        return Signal.of(blocks.size() - 1, argument.size());
    }

    /// Adds the block of the pairs `(v_i, w_i)`, on which a gate acts, and returns the products.
    Signal gate(Activation outer, Signal v, Activation inner, Signal w) {
        int size = v.size();
        Signal both = Signal.concatenation(List.of(v, w));
        int[] pairs = IntStream.range(0, Math.multiplyExact(2, size))
                .map(i -> i / 2 + i % 2 * size)
                .toArray();
        int[] products = IntStream.range(0, size).map(i -> 2 * i).toArray();
        return apply(Activation.gate(outer, inner), both.times(selection(pairs, 2 * size)))
                .times(selection(products, 2 * size));
    }

    /// The operator that picks the given values of a vector.
    static SparseOperator selection(int[] chosen, int size) {
        Matrix ones = Matrix.zeros(Precision.F32, 1, chosen.length);
        for (int i = 0; i < chosen.length; i++) {
            ones.set(0, i, 1);
        }
        int[] starts = IntStream.rangeClosed(0, chosen.length).toArray();
        return new SparseOperator(chosen.length, size, starts, chosen, ones.frozen());
    }

    /// Adds the states of a model with input `u`, and returns its output.
    ///
    /// @throws IllegalArgumentException when an activation block is cut by a block of `A`
    Signal add(ImplicitModel model, Signal u) {
        int[] sizes = model.a() instanceof BlockTriangularOperator triangular
                ? triangular.sizes()
                : new int[] {model.stateSize()};
        int last = blocks.size() + sizes.length - 1;
        ActivationBlocks partition = ActivationBlocks.of(model.activation(), model.stateSize());
        int end = model.stateSize();
        LinearOperator d = model.d();
        Signal y = d == null ? Signal.zero(model.outputSize()) : u.times(d);
        for (int i = sizes.length - 1; i >= 0; i--) {
            int begin = end - sizes[i];
            LinearOperator b = OperatorSlice.of(model.b(), begin, 0, sizes[i], model.inputSize());
            Signal argument = b == null ? Signal.zero(sizes[i]) : u.times(b);
            for (int j = i; j < sizes.length; j++) {
                LinearOperator block =
                        model.a() instanceof BlockTriangularOperator triangular ? triangular.block(i, j) : model.a();
                if (block != null) {
                    argument = argument.plus(last - j, block);
                }
            }
            Matrix bias = model.bias();
            argument = argument.plus(bias == null ? null : bias.slice(0, begin, 1, sizes[i]));
            blocks.add(new Block(argument, part(partition, begin, end, i)));
            LinearOperator c = OperatorSlice.of(model.c(), 0, begin, model.outputSize(), sizes[i]);
            y = c == null ? y : y.plus(last - i, c);
            end = begin;
        }
        return y;
    }

    private static Activation part(ActivationBlocks partition, int begin, int end, int i) {
        int first = partition.blockOf(begin);
        int last = partition.blockOf(end - 1);
        if (partition.begin(first) != begin || partition.begin(last + 1) != end) {
            throw new IllegalArgumentException(
                    "block %d of A cuts a block of the activation %s, whose values belong together"
                            .formatted(i, partition.activation().label()));
        }
        return partition.select(IntStream.rangeClosed(first, last).toArray()).activation();
    }

    /// The model of all blocks with the given output. A constant part of it needs a state that is always 1: it is
    /// put in front of the others, as it is where there are no blocks at all.
    ImplicitModel build(Signal output) {
        double[] offset = output.offset();
        if (offset == null && !blocks.isEmpty()) {
            return assemble(output);
        }
        Wiring extended = new Wiring(inputSizes);
        extended.blocks.addAll(blocks);
        boolean relu = !blocks.isEmpty() && blocks.stream().allMatch(block -> block.activation() instanceof Relu);
        Signal one = Signal.zero(1).plus(Matrix.ofRows(new double[] {1}));
        extended.apply(relu ? Activation.relu() : Activation.identity(), one);
        return extended.assemble(
                offset == null
                        ? output
                        : output.plus(
                                blocks.size(), LinearOperator.dense(Matrix.of(offset.clone(), offset.length, 1))));
    }

    private ImplicitModel assemble(Signal y) {
        int count = blocks.size();
        int[] sizes = new int[count];
        @Nullable LinearOperator[][] a = new @Nullable LinearOperator[count][];
        @Nullable LinearOperator[][] b = new @Nullable LinearOperator[count][];
        @Nullable LinearOperator[] c = new @Nullable LinearOperator[count];
        @Nullable LinearOperator[] d = new @Nullable LinearOperator[inputSizes.length];
        List<BlockActivation.Part> parts = new ArrayList<>();
        boolean triangular = true;
        for (int i = 0; i < count; i++) {
            Block block = blocks.get(count - 1 - i);
            Signal argument = block.argument();
            sizes[i] = argument.size();
            parts.add(new BlockActivation.Part(block.activation(), sizes[i]));
            @Nullable LinearOperator[] states = new @Nullable LinearOperator[count];
            @Nullable LinearOperator[] inputs = new @Nullable LinearOperator[inputSizes.length];
            Arrays.setAll(states, j -> argument.term(count - 1 - j));
            Arrays.setAll(inputs, k -> argument.term(-1 - k));
            a[i] = states;
            b[i] = inputs;
            triangular &= Arrays.stream(states, 0, i).allMatch(Objects::isNull);
            c[i] = y.term(count - 1 - i);
        }
        Arrays.setAll(d, k -> y.term(-1 - k));
        BlockActivation phi = new BlockActivation(parts);
        Activation activation = phi.parts().size() == 1 ? phi.parts().getFirst().activation() : phi;
        LinearOperator own = a[0][0];
        boolean whole = !triangular || (count == 1 && own != null);
        FixedPointProblem problem = new FixedPointProblem(
                whole ? grid(sizes, sizes, a) : new BlockTriangularOperator(sizes, a),
                grid(sizes, inputSizes, b),
                bias(sizes),
                activation);
        boolean direct = Arrays.stream(d).anyMatch(Objects::nonNull);
        return new ImplicitModel(
                problem,
                grid(new int[] {y.size()}, sizes, new @Nullable LinearOperator[][] {c}),
                direct ? grid(new int[] {y.size()}, inputSizes, new @Nullable LinearOperator[][] {d}) : null);
    }

    private static LinearOperator grid(int[] rowSizes, int[] columnSizes, @Nullable LinearOperator[][] blocks) {
        LinearOperator only = blocks[0][0];
        return rowSizes.length == 1 && columnSizes.length == 1 && only != null
                ? only
                : new BlockOperator(rowSizes, columnSizes, blocks);
    }

    private @Nullable Matrix bias(int[] sizes) {
        double[] bias = new double[Arrays.stream(sizes).sum()];
        boolean any = false;
        int begin = 0;
        for (Block block : blocks.reversed()) {
            double[] own = block.argument().offset();
            if (own != null) {
                System.arraycopy(own, 0, bias, begin, own.length);
                any = true;
            }
            begin += block.argument().size();
        }
        return any ? Matrix.of(bias, 1, bias.length).frozen() : null;
    }
}
