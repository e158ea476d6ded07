package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Tanh;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which activation blocks a prediction needs.
///
/// A block that no state with a column in `C` depends on, directly or through others, is dead. Of the others, one
/// whose rows of `A` and `B` have no entry, but for entries of `A` in columns of blocks of this kind, is a
/// constant, `phi(bias + A c)` with the constants `c` of those. Where `C` has no column for it either, it is
/// folded: what it adds to other states goes into their bias. Source: IDL-21 §5.2, for single states without a
/// bias.
final class Influence {
    private final ActivationBlocks blocks;
    private final boolean[] alive;
    private final boolean[] folded;
    private final double[] constant;
    private final double[] bias;
    private boolean biasChanged;

    private Influence(ActivationBlocks blocks, boolean[] alive, @Nullable Matrix bias) {
        this.blocks = blocks;
        this.alive = alive;
        folded = new boolean[blocks.count()];
        int n = blocks.begin(blocks.count());
        constant = new double[n];
        this.bias = new double[n];
        if (bias != null) {
            bias.getRow(0, this.bias, 0);
        }
    }

    /// The analysis of a model.
    ///
    /// @param exactly whether to fold only constants that are zero without any rounding
    static Influence of(ActivationBlocks blocks, Form a, Form b, Form c, @Nullable Matrix bias, boolean exactly) {
        Pattern graph = a.pattern().over(blocks);
        boolean[] seen = overBlocks(c.pattern().usedColumns(), blocks);
        Influence influence = new Influence(blocks, reached(graph, seen), bias);
        influence.fold(graph, a, overBlocks(b.pattern().usedRows(), blocks), seen, exactly);
        return influence;
    }

    private static boolean[] overBlocks(boolean[] states, ActivationBlocks blocks) {
        boolean[] any = new boolean[blocks.count()];
        for (int k = 0; k < any.length; k++) {
            for (int i = blocks.begin(k); i < blocks.begin(k + 1); i++) {
                any[k] |= states[i];
            }
        }
        return any;
    }

    private static boolean[] reached(Pattern graph, boolean[] from) {
        boolean[] reached = from.clone();
        ArrayDeque<Integer> open = new ArrayDeque<>();
        IntStream.range(0, from.length).filter(k -> from[k]).forEach(open::add);
        while (!open.isEmpty()) {
            int k = open.remove();
            for (int p = graph.start()[k]; p < graph.start()[k + 1]; p++) {
                int l = graph.column()[p];
                if (!reached[l]) {
                    reached[l] = true;
                    open.add(l);
                }
            }
        }
        return reached;
    }

    /// Wave after wave: constants that depend on constants follow those.
    private void fold(Pattern graph, Form a, boolean[] driven, boolean[] seen, boolean exactly) {
        boolean more = true;
        while (more) {
            double[] before = a.times(constant);
            more = false;
            boolean[] wave = new boolean[folded.length];
            for (int k = 0; k < folded.length; k++) {
                if (alive[k] && !folded[k] && !driven[k] && !seen[k] && dependsOnConstants(graph, k)) {
                    wave[k] = settle(k, before, exactly);
                    more |= wave[k];
                }
            }
            for (int k = 0; k < folded.length; k++) {
                folded[k] |= wave[k];
            }
        }
        double[] shift = a.times(constant);
        if (!IntStream.range(0, bias.length).allMatch(i -> Double.isFinite(bias[i] + shift[i]))) {
            Arrays.fill(folded, false);
            return;
        }
        for (int i = 0; i < bias.length; i++) {
            if (shift[i] != 0) {
                biasChanged |= alive[blocks.blockOf(i)] && !folded[blocks.blockOf(i)];
                bias[i] += shift[i];
            }
        }
    }

    private boolean dependsOnConstants(Pattern graph, int k) {
        for (int p = graph.start()[k]; p < graph.start()[k + 1]; p++) {
            if (!folded[graph.column()[p]]) {
                return false;
            }
        }
        return true;
    }

    /// Sets the constants of a block, where they are of use.
    private boolean settle(int k, double[] before, boolean exactly) {
        double[] v = new double[blocks.size(k)];
        for (int i = 0; i < v.length; i++) {
            v[i] = bias[blocks.begin(k) + i] + before[blocks.begin(k) + i];
        }
        if (exactly && !isZero(blocks.activation(k), v)) {
            return false;
        }
        double[] value = blocks.activation(k).value(v);
        if (!Arrays.stream(value).allMatch(Double::isFinite)) {
            return false;
        }
        System.arraycopy(value, 0, constant, blocks.begin(k), value.length);
        return true;
    }

    /// Whether `phi(v)` is zero in real arithmetic; softmax and the sigmoid only come near.
    private static boolean isZero(Activation phi, double[] v) {
        return switch (phi) {
            case Relu _ -> Arrays.stream(v).allMatch(value -> value <= 0);
            case LeakyRelu _, Tanh _, Identity _ -> Arrays.stream(v).allMatch(value -> value == 0);
            default -> false;
        };
    }

    /// The blocks that stay, increasing.
    int[] kept() {
        return IntStream.range(0, alive.length)
                .filter(k -> alive[k] && !folded[k])
                .toArray();
    }

    /// The states of dead blocks.
    int deadStates() {
        return count(k -> !alive[k]);
    }

    /// The states of folded blocks.
    int foldedStates() {
        return count(k -> folded[k]);
    }

    private int count(IntPredicate which) {
        return IntStream.range(0, alive.length).filter(which).map(blocks::size).sum();
    }

    /// The bias of the given states: as it was stored where nothing was folded into it, else in FP64; null for
    /// none.
    @Nullable
    Matrix biasOf(int[] states, @Nullable Matrix stored) {
        if (stored == null && !biasChanged) {
            return null;
        }
        Precision precision = biasChanged || stored == null ? Precision.F64 : stored.precision();
        Matrix selected = Matrix.zeros(precision, 1, states.length);
        for (int i = 0; i < states.length; i++) {
            selected.set(0, i, bias[states[i]]);
        }
        return selected.frozen();
    }
}
