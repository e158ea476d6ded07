package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Builds a network, layer after layer, as an implicit model.
///
///     ImplicitModel network = NetworkBuilder.input(784)
///             .dense(w0, b0, Activation.relu())
///             .residual(branch -> branch.dense(w1, b1, Activation.relu()).linear(w2, null))
///             .linear(w3, b3)
///             .build();
///
/// A layer `x_(l+1) = phi_l(W_l x_l + b_l)` is a block of the state, the last layer's first. For layers in a row
/// that is (IDL-21 (3.2))
///
///     A = | 0  W_(L-1)             |    B = |     |
///         |       0     ...        |        |     |
///         |             ...   W_1  |        |     |
///         |                    0   |        | W_0 |    C = | W_L  0  ...  0 |
///
/// as a strictly upper [block triangular operator][dev.stillpoint.operator.BlockTriangularOperator], whatever the
/// layers do: it is always well-posed, and the engine has it in one pass, which is the forward pass of the
/// network. Layers that only map linearly (skip connections, [#linear]) add no state: they go into the operators
/// of the layers that read them, as products and sums that are never multiplied out. [#model] puts an implicit
/// model in the place of a layer; its diagonal block is then solved.
///
/// A builder is modified by its methods, which return it, and is for one thread; weights are kept as they are
/// where they are immutable, else copied. Source: IDL-21 §3; IDL-19 §2.2; SG-22 §III, (5) (dense connections).
public final class NetworkBuilder {
    private final Wiring wiring;
    private Signal value;
    private @Nullable ImageShape shape;

    private NetworkBuilder(int size, @Nullable ImageShape shape) {
        wiring = new Wiring(size);
        value = wiring.input(0);
        this.shape = shape;
    }

    /// A network whose input is a vector.
    ///
    /// @throws ShapeException when the size is not positive
    public static NetworkBuilder input(int size) {
        return new NetworkBuilder(size, null);
    }

    /// A network whose input is an image, flattened as [ImageShape] says.
    public static NetworkBuilder input(ImageShape shape) {
        return new NetworkBuilder(shape.size(), shape);
    }

    /// How many values the network has so far as its output.
    public int size() {
        return value.size();
    }

    /// The shape of the output so far, or null where it is no image.
    public @Nullable ImageShape shape() {
        return shape;
    }

    /// Takes the values as an image from here on.
    ///
    /// @throws ShapeException when it has another number of values
    public NetworkBuilder image(ImageShape image) {
        if (image.size() != value.size()) {
            throw new ShapeException("an image of %s has %d values, expected %d, the size of the layer"
                    .formatted(image, image.size(), value.size()));
        }
        shape = image;
        return this;
    }

    /// The dense layer `phi(Wv + b)`.
    ///
    /// @param weights `W`, `(size of the layer, size so far)`
    /// @param bias `(1, size of the layer)`, or null for none
    /// @throws ShapeException when sizes do not fit
    /// @throws IllegalArgumentException when a value is not finite
    public NetworkBuilder dense(Matrix weights, @Nullable Matrix bias, Activation phi) {
        return layer(LinearOperator.dense(weights), bias, phi);
    }

    /// The layer `phi(Wv + b)` with any operator.
    ///
    /// @param weights `W`, `(size of the layer, size so far)`
    /// @param bias `(1, size of the layer)`, or null for none
    /// @throws ShapeException when sizes do not fit
    /// @throws IllegalArgumentException when a value of the bias is not finite
    public NetworkBuilder layer(LinearOperator weights, @Nullable Matrix bias, Activation phi) {
        return linear(weights, bias).activation(phi);
    }

    /// The affine map `Wv + b`, without a state of its own.
    ///
    /// @param weights `W`, `(new size, size so far)`
    /// @param bias `(1, new size)`, or null for none
    /// @throws ShapeException when sizes do not fit
    /// @throws IllegalArgumentException when a value of the bias is not finite
    public NetworkBuilder linear(LinearOperator weights, @Nullable Matrix bias) {
        value = Composition.affine(value, weights, bias);
        shape = null;
        return this;
    }

    /// `phi(v)`: what was mapped linearly becomes a block of the state.
    ///
    /// @throws ShapeException when the activation has other blocks
    public NetworkBuilder activation(Activation phi) {
        value = wiring.apply(phi, value);
        return this;
    }

    /// An implicit model in the place of a layer: `f(v)`.
    ///
    /// @throws ShapeException when it has another number of inputs, or no outputs
    /// @throws IllegalArgumentException when its blocks of `A` cut those of its activation
    public NetworkBuilder model(ImplicitModel model) {
        if (model.inputSize() != value.size() || model.outputSize() == 0) {
            throw new ShapeException("the model has %d inputs and %d outputs, expected %d inputs and some outputs"
                    .formatted(model.inputSize(), model.outputSize(), value.size()));
        }
        value = wiring.add(model, value);
        shape = null;
        return this;
    }

    /// A convolutional layer of an image: `phi(w * v + b)`, `b` the same in all places of a channel. The result
    /// is an image.
    ///
    /// @param weights the kernel, a row for each output channel, as [ConvolutionOperator] says
    /// @param kernel rows and columns of the kernel
    /// @param bias `(1, output channels)`, or null for none
    /// @param phi a componentwise activation, or one whose blocks fit the flattened image
    /// @throws ShapeException when sizes do not fit
    /// @throws IllegalArgumentException when a number is out of range, or a value not finite
    /// @throws IllegalStateException when the layer before is no image
    public NetworkBuilder convolution(
            Matrix weights, int kernel, int stride, int padding, @Nullable Matrix bias, Activation phi) {
        ConvolutionOperator operator =
                new ConvolutionOperator(checkedShape("a convolution"), weights, kernel, kernel, stride, padding, 1);
        ImageShape output = operator.output();
        Matrix offset = null;
        if (bias != null) {
            ShapeException.check("bias of the channels", bias, 1, output.channels());
            offset = Matrix.zeros(bias.precision(), 1, output.size());
            for (int i = 0; i < output.size(); i++) {
                offset.set(0, i, bias.get(0, i / (output.height() * output.width())));
            }
        }
        layer(operator, offset, phi);
        shape = output;
        return this;
    }

    /// Max-pooling of an image: the largest value of each window of `window` by `window` values in a channel,
    /// `stride` apart, without padding.
    ///
    /// The windows' values are gathered to blocks of the state, `window^2` for each value of the result, on which
    /// [MaxPool][dev.stillpoint.activation.MaxPool] acts; what follows reads the first component of each block.
    ///
    /// @throws ShapeException when a window does not fit into the image
    /// @throws IllegalArgumentException when a number is not positive
    /// @throws IllegalStateException when the layer before is no image
    public NetworkBuilder maxPool(int window, int stride) {
        ImageShape input = checkedShape("max-pooling");
        if (window < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "window is %d and stride %d, expected positive numbers".formatted(window, stride));
        }
        if (window > input.height() || window > input.width()) {
            throw new ShapeException(
                    "a window of %d x %d is larger than the image of %s".formatted(window, window, input));
        }
        ImageShape output = new ImageShape(
                input.channels(), (input.height() - window) / stride + 1, (input.width() - window) / stride + 1);
        int block = window * window;
        int[] gathered = new int[new ImageShape(output.size(), window, window).size()];
        int[] first = new int[output.size()];
        int p = 0;
        for (int o = 0; o < first.length; o++) {
            int x = o % output.width() * stride;
            int y = o / output.width() % output.height() * stride;
            int channel = o / (output.width() * output.height());
            first[o] = p;
            for (int k = 0; k < block; k++) {
                gathered[p++] = (channel * input.height() + y + k / window) * input.width() + x + k % window;
            }
        }
        layer(Wiring.selection(gathered, input.size()), null, Activation.maxPool(block));
        value = value.times(Wiring.selection(first, gathered.length));
        shape = output;
        return this;
    }

    private ImageShape checkedShape(String what) {
        ImageShape known = shape;
        if (known == null) {
            throw new IllegalStateException(
                    "%s needs an image, and the %d values before it are none".formatted(what, value.size()));
        }
        return known;
    }

    /// A residual block: `v + g(v)`.
    ///
    /// @param branch adds the layers of `g`
    /// @throws ShapeException when `g` changes the size
    public NetworkBuilder residual(Consumer<NetworkBuilder> branch) {
        return residual(Signal.identity(value.size()), branch);
    }

    /// A residual block with a shortcut: `Pv + g(v)`.
    ///
    /// @param shortcut `P`, `(size of g, size so far)`
    /// @param branch adds the layers of `g`
    /// @throws ShapeException when sizes do not fit
    public NetworkBuilder residual(LinearOperator shortcut, Consumer<NetworkBuilder> branch) {
        Signal direct = Composition.affine(value, shortcut, null);
        branch.accept(this);
        if (value.size() != direct.size()) {
            throw new ShapeException("the branch has %d values and the shortcut %d, expected the same number"
                    .formatted(value.size(), direct.size()));
        }
        value = direct.plus(value);
        return this;
    }

    /// Branches that begin at the same values, their results one after the other. A branch that adds nothing
    /// hands the values on, as DenseNets do.
    ///
    /// @param branches each adds the layers of one branch
    /// @throws IllegalArgumentException when there is none
    public NetworkBuilder branches(List<Consumer<NetworkBuilder>> branches) {
        if (branches.isEmpty()) {
            throw new IllegalArgumentException("a network with branches needs at least one");
        }
        Signal start = value;
        ImageShape startShape = shape;
        List<Signal> results = new ArrayList<>();
        for (Consumer<NetworkBuilder> branch : branches) {
            value = start;
            shape = startShape;
            branch.accept(this);
            results.add(value);
        }
        value = Signal.concatenation(results);
        shape = null;
        return this;
    }

    /// A recurrent layer over a sequence `v = (v_1, ..., v_T)` of fixed length, unrolled:
    ///
    ///     h_t = phi(W h_(t-1) + U v_t + b),   h_0 = 0
    ///
    /// The result is `(h_1, ..., h_T)`, a block of the state each; [#values] picks the last. The steps share
    /// their weights as objects, but a plan packs them for each.
    ///
    /// @param steps `T`, which divides the size so far
    /// @param recurrent `W`, `(n, n)`
    /// @param input `U`, `(n, size so far / T)`
    /// @param bias `(1, n)`, or null for none
    /// @throws ShapeException when sizes do not fit
    /// @throws IllegalArgumentException when a value of the bias is not finite
    public NetworkBuilder recurrent(
            int steps, LinearOperator recurrent, LinearOperator input, @Nullable Matrix bias, Activation phi) {
        if (steps < 1 || value.size() % steps != 0) {
            throw new ShapeException(
                    "%d steps of a sequence of %d values: expected a divisor".formatted(steps, value.size()));
        }
        if (recurrent.rows() != recurrent.columns() || recurrent.rows() != input.rows()) {
            throw new ShapeException("W is %d x %d and U is %d x %d, expected a square W with the rows of U"
                    .formatted(recurrent.rows(), recurrent.columns(), input.rows(), input.columns()));
        }
        int size = value.size() / steps;
        List<Signal> states = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            Signal argument = Composition.affine(value.slice(t * size, (t + 1) * size), input, bias);
            argument = t == 0 ? argument : argument.plus(states.getLast().times(recurrent));
            states.add(wiring.apply(phi, argument));
        }
        value = Signal.concatenation(states);
        shape = null;
        return this;
    }

    /// Attention of one query `v` to a memory of `m` fixed keys and values: `V softmax(K v)`. The scores are a
    /// block of the state. A scale of the scores, as `1/sqrt(d)`, belongs to the keys; several heads are
    /// [#branches].
    ///
    /// Keys and values that depend on the input, as those of tokens that attend to each other, are not of this
    /// form: they multiply two parts of the state, which [#product] does, for bounded factors.
    ///
    /// @param keys `K`, `(m, size so far)`
    /// @param values `V`, `(new size, m)`
    /// @throws ShapeException when sizes do not fit
    /// @throws IllegalArgumentException when a value is not finite
    public NetworkBuilder attention(Matrix keys, Matrix values) {
        return dense(keys, null, Activation.softmax(Math.max(1, keys.rows())))
                .linear(LinearOperator.dense(values), null);
    }

    /// The multiplicative unit of gates and attention: `outer(f(v)) inner(g(v))`, component by component.
    ///
    /// The pairs of arguments are blocks of the state, on which [Gate][dev.stillpoint.activation.Gate] acts. Both
    /// functions are bounded, since a product is Lipschitz only where its factors are (IDL-21 §2.4): sigmoid
    /// scores of keys and tanh of values, say, whose products [#linear] then adds up. Weights by softmax cannot
    /// be multiplied: they would have to pass through tanh or sigmoid once more.
    ///
    /// @param outer tanh or sigmoid
    /// @param f adds the layers of `f`
    /// @param inner tanh or sigmoid
    /// @param g adds the layers of `g`
    /// @throws ShapeException when the two branches have different numbers of values
    /// @throws IllegalArgumentException when an activation is neither tanh nor sigmoid
    public NetworkBuilder product(
            Activation outer, Consumer<NetworkBuilder> f, Activation inner, Consumer<NetworkBuilder> g) {
        Signal start = value;
        ImageShape startShape = shape;
        f.accept(this);
        Signal first = value;
        value = start;
        shape = startShape;
        g.accept(this);
        if (first.size() != value.size()) {
            throw new ShapeException("the factors have %d and %d values, expected the same number"
                    .formatted(first.size(), value.size()));
        }
        value = wiring.gate(outer, first, inner, value);
        return this;
    }

    /// Keeps the values `from` (inclusive) to `to` (exclusive) alone.
    ///
    /// @throws ShapeException when there are no such values
    public NetworkBuilder values(int from, int to) {
        if (from < 0 || from >= to || to > value.size()) {
            throw new ShapeException("values %d to %d of %d: expected some of them".formatted(from, to, value.size()));
        }
        value = value.slice(from, to);
        shape = null;
        return this;
    }

    /// The network as an implicit model. The builder may be gone on with.
    public ImplicitModel build() {
        return wiring.build(value);
    }
}
