package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Models made of models, without a cycle: what comes out is an implicit model again.
///
/// **State.** The last model's stands first, `x = (x_m, ..., x_1)`, and `A` is an upper
/// [block triangular operator][dev.stillpoint.operator.BlockTriangularOperator], so that the engine solves part
/// after part, from `x_1` on, each to the stopping rule. A part whose `A` is block triangular itself is taken
/// apart into its blocks, in which nothing is solved where they have no diagonal block.
///
/// **Well-posedness.** A composition is well-posed if and only if every part is (IDL-21 Theorem 2.8), and
/// `lambda_PF(N(A, gamma))` is the largest of the parts': no condition on how they are connected is needed.
///
/// **Operators.** Those of the parts are kept; products such as `B_2 C_1` stay products of factors, which does
/// not round, and sums stay sums. Only constants are computed, in FP64: where an offset goes through an operator,
/// or two are added. A constant that reaches the output needs a state that is always 1, for a model has no offset
/// of its own: it is put in front, with the identity as its activation, or ReLU where all others have that. So a
/// composition predicts what its parts predict but for rounding, and for what the stopping rule leaves.
///
/// **Products.** `f(u) g(u)` is bilinear in two states, which componentwise activations cannot give, and not
/// Lipschitz. What there is is the product of bounded functions of the two, by an activation of its own: see
/// [#product].
///
/// Every model that is composed must have an input and an output. The methods allocate what they return, start no
/// threads, and modify nothing. Source: IDL-21 §2.4.
public final class Composition {
    private Composition() {}

    /// One model after the other: `y(u) = f_m( ... f_2(f_1(u)))`. With two,
    ///
    ///     A = | A_2  B_2 C_1 |    B = | B_2 D_1 |    C = | C_2  D_2 C_1 |    D = D_2 D_1
    ///         |  0     A_1   |        |   B_1   |
    ///
    /// @param models `f_1 ... f_m`, each with as many inputs as the one before has outputs
    /// @throws IllegalArgumentException when there is none, or one has blocks of `A` that cut those of its
    ///     activation
    /// @throws ShapeException when sizes do not fit
    public static ImplicitModel cascade(ImplicitModel... models) {
        check(models);
        Wiring wiring = new Wiring(models[0].inputSize());
        Signal signal = wiring.input(0);
        for (int k = 0; k < models.length; k++) {
            if (models[k].inputSize() != signal.size()) {
                throw new ShapeException("model %d has %d inputs, expected %d, the outputs of model %d"
                        .formatted(k + 1, models[k].inputSize(), signal.size(), k));
            }
            signal = wiring.add(models[k], signal);
        }
        return wiring.build(signal);
    }

    /// The sum of models of one input: `y(u) = f_1(u) + ... + f_m(u)`.
    ///
    /// @throws IllegalArgumentException when there is none, or one has blocks of `A` that cut those of its
    ///     activation
    /// @throws ShapeException when sizes do not fit
    public static ImplicitModel sum(ImplicitModel... models) {
        double[] ones = new double[models.length];
        Arrays.fill(ones, 1);
        return sum(ones, models);
    }

    /// The weighted sum of models of one input: `y(u) = w_1 f_1(u) + ... + w_m f_m(u)`.
    ///
    /// @param weights a finite number for each model
    /// @throws IllegalArgumentException when there is no model, a weight is not finite, or a model has blocks of
    ///     `A` that cut those of its activation
    /// @throws ShapeException when sizes or numbers do not fit
    public static ImplicitModel sum(double[] weights, ImplicitModel... models) {
        check(models);
        if (weights.length != models.length) {
            throw new ShapeException(
                    "%d weights of %d models, expected one for each".formatted(weights.length, models.length));
        }
        Wiring wiring = new Wiring(models[0].inputSize());
        return wiring.build(total(outputs(wiring, models, true), weights));
    }

    /// The sum of models that have an input each: `y(u_1, ..., u_m) = f_1(u_1) + ... + f_m(u_m)`.
    ///
    /// @throws IllegalArgumentException when there is none, or one has blocks of `A` that cut those of its
    ///     activation
    /// @throws ShapeException when the numbers of outputs differ
    public static ImplicitModel sumOfSeparate(ImplicitModel... models) {
        check(models);
        double[] ones = new double[models.length];
        Arrays.fill(ones, 1);
        Wiring wiring = new Wiring(inputs(models));
        return wiring.build(total(outputs(wiring, models, false), ones));
    }

    /// The outputs of models of one input, one after the other: `y(u) = (f_1(u), ..., f_m(u))`.
    ///
    /// @throws IllegalArgumentException when there is none, or one has blocks of `A` that cut those of its
    ///     activation
    /// @throws ShapeException when the numbers of inputs differ
    public static ImplicitModel concatenation(ImplicitModel... models) {
        check(models);
        Wiring wiring = new Wiring(models[0].inputSize());
        return wiring.build(Signal.concatenation(outputs(wiring, models, true)));
    }

    /// Models that have nothing in common: `y(u_1, ..., u_m) = (f_1(u_1), ..., f_m(u_m))`. `A`, `B`, `C` and `D`
    /// are block diagonal.
    ///
    /// @throws IllegalArgumentException when there is none, or one has blocks of `A` that cut those of its
    ///     activation
    public static ImplicitModel sideBySide(ImplicitModel... models) {
        check(models);
        Wiring wiring = new Wiring(inputs(models));
        return wiring.build(Signal.concatenation(outputs(wiring, models, false)));
    }

    /// The product of bounded functions of the outputs of models of one input, component by component:
    /// `y(u) = outer(f(u)) inner(g(u))`.
    ///
    /// The pairs `(f_i, g_i)` are blocks of the state, in front of those of `g` and `f`, on which
    /// [Gate][dev.stillpoint.activation.Gate] acts. A product without the functions would not be Lipschitz, and
    /// no activation computes it; close to 0, tanh changes its argument by a third of its cube.
    ///
    /// @param outer tanh or sigmoid
    /// @param inner tanh or sigmoid
    /// @throws IllegalArgumentException when an activation is neither tanh nor sigmoid, or a model has blocks of
    ///     `A` that cut those of its activation
    /// @throws ShapeException when the numbers of inputs or outputs differ
    public static ImplicitModel product(Activation outer, ImplicitModel f, Activation inner, ImplicitModel g) {
        ImplicitModel[] models = {f, g};
        check(models);
        Wiring wiring = new Wiring(f.inputSize());
        List<Signal> outputs = outputs(wiring, models, true);
        if (f.outputSize() != g.outputSize()) {
            throw new ShapeException(
                    "model 2 has %d outputs, expected %d as model 1".formatted(g.outputSize(), f.outputSize()));
        }
        return wiring.build(wiring.gate(outer, outputs.getFirst(), inner, outputs.getLast()));
    }

    /// The model `y = Su + t`, whose one state is always 1.
    ///
    /// @param s `S`, `(q, p)`
    /// @param t `(1, q)`, or null for none
    /// @throws IllegalArgumentException when a value of `t` is not finite
    /// @throws ShapeException when sizes do not fit
    public static ImplicitModel affine(LinearOperator s, @Nullable Matrix t) {
        Wiring wiring = new Wiring(s.columns());
        return wiring.build(affine(wiring.input(0), s, t));
    }

    /// A model after an affine map: `y = f(Su + t)`. `BS` takes the place of `B`, `DS` that of `D`, and `Bt` is
    /// added to the bias; `Dt` needs a state.
    ///
    /// @param s `S`, `(inputs of the model, p)`
    /// @param t `(1, inputs of the model)`, or null for none
    /// @throws IllegalArgumentException when a value of `t` is not finite
    /// @throws ShapeException when sizes do not fit
    public static ImplicitModel affineInput(ImplicitModel model, LinearOperator s, @Nullable Matrix t) {
        check(model);
        Wiring wiring = new Wiring(s.columns());
        if (s.rows() != model.inputSize()) {
            throw new ShapeException("S is %d x %d, expected %d rows, the inputs of the model"
                    .formatted(s.rows(), s.columns(), model.inputSize()));
        }
        return wiring.build(wiring.add(model, affine(wiring.input(0), s, t)));
    }

    /// A model before an affine map: `y = S f(u) + t`. `SC` takes the place of `C` and `SD` that of `D`; `t`
    /// needs a state.
    ///
    /// @param s `S`, `(q, outputs of the model)`
    /// @param t `(1, q)`, or null for none
    /// @throws IllegalArgumentException when a value of `t` is not finite
    /// @throws ShapeException when sizes do not fit
    public static ImplicitModel affineOutput(ImplicitModel model, LinearOperator s, @Nullable Matrix t) {
        check(model);
        Wiring wiring = new Wiring(model.inputSize());
        return wiring.build(affine(wiring.add(model, wiring.input(0)), s, t));
    }

    /// `Sv + t`, checked.
    static Signal affine(Signal v, LinearOperator s, @Nullable Matrix t) {
        if (s.columns() != v.size() || s.rows() < 1) {
            throw new ShapeException("S is %d x %d, expected at least one row and %d columns"
                    .formatted(s.rows(), s.columns(), v.size()));
        }
        if (t != null) {
            ShapeException.check("t", t, 1, s.rows());
            if (!t.isFinite()) {
                throw new IllegalArgumentException("t holds a value that is not finite");
            }
        }
        return v.times(s).plus(t);
    }

    private static int[] inputs(ImplicitModel[] models) {
        return Arrays.stream(models).mapToInt(ImplicitModel::inputSize).toArray();
    }

    private static List<Signal> outputs(Wiring wiring, ImplicitModel[] models, boolean shared) {
        List<Signal> outputs = new ArrayList<>();
        for (int k = 0; k < models.length; k++) {
            if (shared && models[k].inputSize() != models[0].inputSize()) {
                throw new ShapeException("model %d has %d inputs, expected %d as model 1"
                        .formatted(k + 1, models[k].inputSize(), models[0].inputSize()));
            }
            outputs.add(wiring.add(models[k], wiring.input(shared ? 0 : k)));
        }
        return outputs;
    }

    private static Signal total(List<Signal> outputs, double[] weights) {
        int size = outputs.getFirst().size();
        Signal total = Signal.zero(size);
        for (int k = 0; k < weights.length; k++) {
            Signal output = outputs.get(k);
            if (output.size() != size) {
                throw new ShapeException(
                        "model %d has %d outputs, expected %d as model 1".formatted(k + 1, output.size(), size));
            }
            double[] scale = new double[size];
            Arrays.fill(scale, weights[k]);
            total = total.plus(output.times(new DiagonalOperator(Matrix.of(scale, 1, size))));
        }
        return total;
    }

    private static void check(ImplicitModel... models) {
        if (models.length == 0) {
            throw new IllegalArgumentException("a composition needs at least one model");
        }
        for (int k = 0; k < models.length; k++) {
            if (models[k].inputSize() == 0 || models[k].outputSize() == 0) {
                throw new ShapeException("model %d has %d inputs and %d outputs, expected at least one of each"
                        .formatted(k + 1, models[k].inputSize(), models[k].outputSize()));
            }
        }
    }
}
