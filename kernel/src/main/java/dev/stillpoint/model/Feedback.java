package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;

/// Models whose output comes back to their input.
///
/// **Not well-posed by construction.** The parts being well-posed says nothing about the connection:
/// `x = relu(v)`, `y = x` with `v = u + 2y` has no state at all where `u > 0`. Look at the result with
/// [WellPosedness][dev.stillpoint.wellposed.WellPosedness]. Its whole state is one equation, which the engine
/// iterates as a whole.
///
/// **Algebraic loops.** Where an output depends on itself without a state in between, because both directions
/// have a `D`, it becomes a part of the state, with the identity as its activation, which is no change in the
/// equations.
///
/// The operators of the parts are kept; products of them stay products of factors. Allocates what is returned,
/// starts no threads, modifies nothing. Source: IDL-21 §2.4.
public final class Feedback {
    private Feedback() {}

    /// Two models in a loop, of which the first is seen from outside: `y = f_1(u_1)` with `u_1 = u + f_2(y)`.
    /// Where neither has a `D`, on the state `(x_1, x_2)`,
    ///
    ///     A = |   A_1    B_1 C_2 |    B = | B_1 |    C = | C_1  0 |
    ///         | B_2 C_1    A_2   |        |  0  |
    ///
    /// With `D_1` alone `A_2 + B_2 D_1 C_2` takes the place of `A_2`, `B_2 D_1` that of the zero of `B`, and `D_1
    /// C_2` that of the zero of `C`; with `D_2` alone `A_1 + B_1 D_2 C_1` that of `A_1`. With both, the state is
    /// `(x_1, x_2, y)`.
    ///
    /// @param forward `f_1`, of `p` inputs and `q` outputs
    /// @param backward `f_2`, of `q` inputs and `p` outputs
    /// @return a model of `p` inputs and `q` outputs
    /// @throws ShapeException when sizes do not fit
    public static ImplicitModel between(ImplicitModel forward, ImplicitModel backward) {
        int q = forward.outputSize();
        if (backward.inputSize() != q || backward.outputSize() != forward.inputSize()) {
            throw new ShapeException("the backward model has %d inputs and %d outputs, expected %d and %d"
                    .formatted(backward.inputSize(), backward.outputSize(), q, forward.inputSize()));
        }
        checkOutputs(q);
        Wiring wiring = new Wiring(forward.inputSize());
        LinearOperator d1 = forward.d();
        LinearOperator d2 = backward.d();
        int first = d1 != null && d2 != null ? 1 : 0;
        Signal x2 = Signal.of(first, backward.stateSize());
        Signal x1 = Signal.of(first + 1, forward.stateSize());
        Signal through = x1.times(forward.c());
        Signal returned = wiring.input(0).plus(x2.times(backward.c()));
        Signal y;
        Signal u1;
        if (d1 != null && d2 != null) {
            y = Signal.of(0, q);
            u1 = returned.plus(y.times(d2));
            wiring.apply(Activation.identity(), through.plus(u1.times(d1)));
        } else if (d1 != null) {
            u1 = returned;
            y = through.plus(u1.times(d1));
        } else {
            y = through;
            u1 = d2 == null ? returned : returned.plus(y.times(d2));
        }
        wiring.apply(backward.activation(), argument(backward, x2, y));
        wiring.apply(forward.activation(), argument(forward, x1, u1));
        return wiring.build(y);
    }

    /// A model that reads its own output through a matrix: `y = f(u + Fy)`. Without `D`, `A + BFC` takes the
    /// place of `A`; with it, the state is `(x, y)`:
    ///
    ///     x = phi(Ax + BFy + Bu + bias),   y = Cx + DFy + Du
    ///
    /// @param model `f`, of `p` inputs and `q` outputs
    /// @param f `F`, `(p, q)`
    /// @return a model of `p` inputs and `q` outputs
    /// @throws ShapeException when sizes do not fit
    public static ImplicitModel linear(ImplicitModel model, LinearOperator f) {
        int q = model.outputSize();
        if (f.rows() != model.inputSize() || f.columns() != q) {
            throw new ShapeException("F is %d x %d, expected %d x %d, the inputs by the outputs of the model"
                    .formatted(f.rows(), f.columns(), model.inputSize(), q));
        }
        checkOutputs(q);
        Wiring wiring = new Wiring(model.inputSize());
        LinearOperator d = model.d();
        Signal x = Signal.of(d == null ? 0 : 1, model.stateSize());
        Signal y = d == null ? x.times(model.c()) : Signal.of(0, q);
        Signal v = wiring.input(0).plus(y.times(f));
        if (d != null) {
            wiring.apply(Activation.identity(), x.times(model.c()).plus(v.times(d)));
        }
        wiring.apply(model.activation(), argument(model, x, v));
        return wiring.build(y);
    }

    private static void checkOutputs(int q) {
        if (q < 1) {
            throw new ShapeException("the model has no outputs: feedback needs at least one");
        }
    }

    private static Signal argument(ImplicitModel model, Signal x, Signal u) {
        return x.times(model.a()).plus(u.times(model.b())).plus(model.bias());
    }
}
