package dev.stillpoint.internal.analysis;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The partition of a state into the blocks of its activation: block `l` is the states
/// `begin(l) ... begin(l + 1) - 1`, on which one activation acts with its Lipschitz constant `gamma(l)`. Blocks of
/// a [BlockActivation] differ in size and activation; all others are alike. Immutable. Source: IDL-21 §2.1.
public final class ActivationBlocks {
    private final int[] begins;
    private final Activation[] activations;
    private final double[] gammas;
    private final int[] blockOf;

    private ActivationBlocks(int[] begins, Activation[] activations) {
        this.begins = begins;
        this.activations = activations;
        gammas = new double[activations.length];
        blockOf = new int[begins[activations.length]];
        for (int l = 0; l < activations.length; l++) {
            boolean same = l > 0 && activations[l].equals(activations[l - 1]);
            gammas[l] = same ? gammas[l - 1] : activations[l].lipschitz().constant();
            Arrays.fill(blockOf, begins[l], begins[l + 1], l);
        }
    }

    /// The blocks of `phi` on `n` states, of which it was checked that they are whole.
    public static ActivationBlocks of(Activation phi, int n) {
        List<BlockActivation.Part> parts = phi instanceof BlockActivation(List<BlockActivation.Part> own)
                ? own
                : List.of(new BlockActivation.Part(phi, n));
        int count = 0;
        for (BlockActivation.Part part : parts) {
            count += part.size() / part.activation().blockSize();
        }
        int[] begins = new int[count + 1];
        Activation[] activations = new Activation[count];
        int l = 0;
        for (BlockActivation.Part part : parts) {
            int size = part.activation().blockSize();
            for (int k = 0; k < part.size(); k += size) {
                activations[l] = part.activation();
                begins[l + 1] = begins[l] + size;
                l++;
            }
        }
        return new ActivationBlocks(begins, activations);
    }

    /// These blocks alone, in the given order, as the partition of a state made of them.
    public ActivationBlocks select(int[] blocks) {
        int[] subBegins = new int[blocks.length + 1];
        Activation[] own = new Activation[blocks.length];
        for (int k = 0; k < blocks.length; k++) {
            own[k] = activations[blocks[k]];
            subBegins[k + 1] = subBegins[k] + size(blocks[k]);
        }
        return new ActivationBlocks(subBegins, own);
    }

    /// Number of states.
    public int states() {
        return blockOf.length;
    }

    /// Number of blocks.
    public int count() {
        return activations.length;
    }

    /// The first state of block `l`, or the number of states for `l = count()`.
    public int begin(int l) {
        return begins[l];
    }

    /// The number of states of block `l`.
    public int size(int l) {
        return begins[l + 1] - begins[l];
    }

    /// The number of states of the largest block.
    public int largest() {
        int largest = 0;
        for (int l = 0; l < activations.length; l++) {
            largest = Math.max(largest, size(l));
        }
        return largest;
    }

    /// The block of state `i`.
    public int blockOf(int i) {
        return blockOf[i];
    }

    /// The states of the given blocks.
    public int[] statesOf(int[] blocks) {
        int count = 0;
        for (int l : blocks) {
            count += size(l);
        }
        int[] states = new int[count];
        int at = 0;
        for (int l : blocks) {
            for (int i = begins[l]; i < begins[l + 1]; i++) {
                states[at++] = i;
            }
        }
        return states;
    }

    /// The activation of block `l`.
    public Activation activation(int l) {
        return activations[l];
    }

    /// The Lipschitz constant of block `l`.
    public double gamma(int l) {
        return gammas[l];
    }

    /// The largest Lipschitz constant: that of the whole map, in the 2-norm.
    public double gamma() {
        return Arrays.stream(gammas).max().orElse(1);
    }

    /// Whether every block is one state.
    public boolean isComponentwise() {
        return count() == states();
    }

    /// Whether every block is one state with the constant 1, so that `N(A, gamma) = |A|`.
    public boolean isPlain() {
        return isComponentwise() && Arrays.stream(gammas).allMatch(gamma -> gamma == 1);
    }

    /// The activation as a whole: that of every block where they are alike.
    public Activation activation() {
        Activation first = activations[0];
        if (Arrays.stream(activations).allMatch(first::equals)) {
            return first;
        }
        List<BlockActivation.Part> parts = new ArrayList<>();
        for (int l = 0; l < activations.length; l++) {
            parts.add(new BlockActivation.Part(activations[l], size(l)));
        }
        return new BlockActivation(parts);
    }
}
