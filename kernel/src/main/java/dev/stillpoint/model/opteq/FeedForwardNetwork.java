package dev.stillpoint.model.opteq;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.wellposed.SpectralNorm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A feed-forward network and its rewriting as a deep optimization-induced equilibrium model with the same
/// output:
///
///     v_1 = sigma_1(U_1 x + b_1),   v_l = sigma_l(A_l v_(l-1) + U_l x + b_l),   y = H v_L.
///
/// **Rewriting.** The units `f_l(z) = (1/mu_l) W_l' sigma_l(W_l z + U_l x + b_l)` with `alpha = 1` give the
/// network when `W_l (1/mu_(l-1)) W_(l-1)' = A_l` for `l >= 2` and `W_1 W_L' = 0`. To that end `z` has slots, one
/// for each layer and some shared by layers far from each other, and
///
///     W_l = g_l (I in the slot of l) + h_l (A_l in the slot of l - 1),   h_l = mu_(l-1)/g_(l-1).
///
/// Units next to each other have a slot in common where the one has `I` and the other `A_l`, and the first has
/// none in common with the last. `mu_l` is a power of 4, at least `mu_(l-1)` and `(16/3) mu_(l-1) |A_l|_2^2`, and
/// `g_l = sqrt(mu_l)/2`, so that `mu_l >= |W_l|_2^2`: every unit is a proximal map. All factors being powers of
/// two, the rewriting rounds nothing, and computes what the network computes, with zeros added. A network of
/// fewer than three layers gets units with `sigma` the identity that pass its last layer on: two units cannot
/// have `W_2 W_1' = A_2` and `W_1 W_2' = 0`.
///
/// The state matrix of [DeepOptEqModel#model] is then strictly block triangular, and Picard iteration exact after
/// as many steps as there are units.
///
/// Immutable. Source: OPT-21 Lemmas 1, 2 and 4. The factors `W = A B'` that Lemma 4 takes from a singular value
/// decomposition have full rank only where `W` has, or with at least `m + n - rank W` columns; these here exist
/// for every network. As printed, the proof of Lemma 2 has a first weight of zero, which makes the first unit
/// zero, too.
///
/// @param layers the hidden layers, at least one
/// @param head `H`, `(q, size of the last layer)`
public record FeedForwardNetwork(List<Layer> layers, Matrix head) {
    private static final int LEAST_UNITS = 3;

    /// A layer `sigma(A v + Ux + b)`.
    ///
    /// @param weights `A`, `(size, size of the layer before)`; null in the first layer, and only there
    /// @param input `U`, `(size, p)`, or null for none; not null in the first layer
    /// @param bias `b`, `(1, size)`, or null for none
    /// @param activation `sigma`, a proximal map
    public record Layer(
            @Nullable Matrix weights,
            @Nullable Matrix input,
            @Nullable Matrix bias,
            Activation activation) {
        /// Checks what is there.
        ///
        /// @throws ShapeException when it has neither weights nor input, or their rows differ
        /// @throws IllegalArgumentException when a value is not finite
        public Layer {
            weights = weights == null ? null : Products.finite("weights", weights);
            input = input == null ? null : Products.finite("input", input);
            bias = bias == null ? null : Products.finite("bias", bias);
            int size = rows(weights, input);
            if (input != null) {
                ShapeException.check("input", input, size, input.columns());
            }
            if (bias != null) {
                ShapeException.check("bias", bias, 1, size);
            }
        }

        private static int rows(@Nullable Matrix weights, @Nullable Matrix input) {
            if (weights != null) {
                return weights.rows();
            }
            if (input != null) {
                return input.rows();
            }
            throw new ShapeException("a layer has neither weights nor input: expected at least one");
        }

        /// The number of its values.
        public int size() {
            return rows(weights, input);
        }
    }

    /// Checks shapes.
    ///
    /// @throws ShapeException when the shapes do not fit, or weights are missing after the first layer
    /// @throws IllegalArgumentException when there is no layer, or a value is not finite
    public FeedForwardNetwork {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a network needs at least one layer");
        }
        Matrix first = layers.getFirst().input();
        if (first == null || layers.getFirst().weights() != null) {
            throw new ShapeException("layer 1 must have an input and no weights");
        }
        for (int l = 1; l < layers.size(); l++) {
            Matrix weights = layers.get(l).weights();
            Matrix input = layers.get(l).input();
            if (weights == null) {
                throw new ShapeException("layer %d has no weights".formatted(l + 1));
            }
            ShapeException.checkColumns(
                    "the weights of layer " + (l + 1),
                    weights,
                    layers.get(l - 1).size());
            if (input != null) {
                ShapeException.checkColumns("the input of layer " + (l + 1), input, first.columns());
            }
        }
        ShapeException.checkColumns("head", head, layers.getLast().size());
        head = Products.finite("head", head);
    }

    /// `p`, the number of input values.
    public int inputSize() {
        return inputOf(layers.getFirst()).columns();
    }

    private static Matrix inputOf(Layer layer) {
        Matrix input = layer.input();
        if (input == null) {
            throw new IllegalStateException("a first layer without an input");
        }
        return input;
    }

    /// The output, in double precision: a pre-activation is one fma chain that begins with `b` and goes through
    /// `Ux` and `A v` in increasing index.
    ///
    /// @param x the input, `p` values, not modified
    /// @return a new array
    /// @throws ShapeException when it has another size
    public double[] value(double[] x) {
        Products.checkSize("x", x, inputSize());
        double[] v = new double[0];
        for (Layer layer : layers) {
            double[] t = Products.row(layer.bias(), layer.size());
            t = layer.input() == null ? t : Products.add(t, layer.input(), x);
            t = layer.weights() == null ? t : Products.add(t, layer.weights(), v);
            v = layer.activation().value(t);
        }
        return Products.of(head, v);
    }

    /// The deep model with the same output, which is [#deepHead] times its fixed point.
    ///
    /// @throws IllegalArgumentException when an activation is no proximal map, or the products of the norms of
    ///     the weights exceed the range of doubles
    public DeepOptEqModel deep() {
        return rewrite().deep();
    }

    /// What takes the fixed point of [#deep] to the output, `(q, n)`.
    ///
    /// @throws IllegalArgumentException as [#deep]
    public Matrix deepHead() {
        return rewrite().head();
    }

    /// The deep model with its head, as an implicit model with the outputs of the network.
    ///
    /// @throws IllegalArgumentException as [#deep]
    public ImplicitModel model() {
        Rewriting rewriting = rewrite();
        return rewriting.deep().model(LinearOperator.dense(rewriting.head()));
    }

    private record Rewriting(DeepOptEqModel deep, Matrix head) {}

    private Rewriting rewrite() {
        List<Layer> all = new ArrayList<>(layers);
        int last = layers.getLast().size();
        while (all.size() < LEAST_UNITS) {
            all.add(new Layer(identity(last), null, null, Activation.identity()));
        }
        int[] begins = begins(all);
        int width = begins[all.size()];
        List<OptEqModel> units = new ArrayList<>();
        int exponent = 0;
        for (int l = 0; l < all.size(); l++) {
            Layer layer = all.get(l);
            Matrix w = Matrix.zeros(Precision.F64, layer.size(), width);
            Matrix weights = layer.weights();
            if (weights != null) {
                // mu_(l-1) = 4^e and g_(l-1) = 2^(e-1), so that h_l = 2^(e+1).
                place(weights, Math.scalb(1.0, exponent + 1), w, begins[l - 1]);
                exponent = exponent(weights, exponent);
            }
            for (int i = 0; i < layer.size(); i++) {
                w.set(i, begins[l] + i, Math.scalb(1.0, exponent - 1));
            }
            Matrix input =
                    layer.input() == null ? Matrix.zeros(Precision.F64, layer.size(), inputSize()) : layer.input();
            units.add(
                    OptEqModel.of(w.frozen(), input, layer.bias(), Math.scalb(1.0, 2 * exponent), layer.activation()));
        }
        Matrix wide = Matrix.zeros(Precision.F64, head.rows(), width);
        place(head, Math.scalb(1.0, exponent + 1), wide, begins[all.size() - 1]);
        return new Rewriting(DeepOptEqModel.of(units, 1), wide.frozen());
    }

    /// The smallest `e >= before` with `4^e >= (16/3) 4^before |A|_2^2`; 2.3095 exceeds the root of 16/3.
    private static int exponent(Matrix weights, int before) {
        double norm = SpectralNorm.of(weights).upper();
        int e = before;
        while (Math.scalb(1.0, e - before) < 2.3095 * norm) {
            e++;
        }
        return e;
    }

    /// The first value of the slot of each layer, then the size of all slots. Layers whose numbers differ by a
    /// multiple of 3 share a slot; the last two have another one in the place of that of layer 1.
    private static int[] begins(List<Layer> all) {
        int count = all.size();
        int[] slots = new int[count];
        int[] sizes = new int[LEAST_UNITS + 1];
        for (int l = 0; l < count; l++) {
            boolean apart = l > 0 && l >= count - 2 && l % LEAST_UNITS == 0;
            slots[l] = apart ? LEAST_UNITS : l % LEAST_UNITS;
            sizes[slots[l]] = Math.max(sizes[slots[l]], all.get(l).size());
        }
        int[] begins = new int[count + 1];
        for (int l = 0; l <= count; l++) {
            int slot = l == count ? sizes.length : slots[l];
            for (int s = 0; s < slot; s++) {
                begins[l] += sizes[s];
            }
        }
        return begins;
    }

    private static void place(Matrix from, double factor, Matrix to, int column) {
        for (int i = 0; i < from.rows(); i++) {
            for (int j = 0; j < from.columns(); j++) {
                to.set(i, column + j, factor * from.get(i, j));
            }
        }
    }

    private static Matrix identity(int n) {
        Matrix identity = Matrix.zeros(Precision.F64, n, n);
        for (int i = 0; i < n; i++) {
            identity.set(i, i, 1);
        }
        return identity.frozen();
    }
}
