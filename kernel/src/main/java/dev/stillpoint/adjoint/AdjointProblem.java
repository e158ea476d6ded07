package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;

/// The adjoint equation `v = J' (A'v + C'g)` of a fixed point, without its points and gradients: `J` is the
/// Jacobian of `phi` at the point `t = Ax + Bu + bias` of a sample, `g` the gradient of a loss with respect to the
/// outputs `y = Cx + Du` of that sample.
///
/// At a kink `J` is the derivative of the side that the map's comparison takes, see
/// [dev.stillpoint.activation.Activation#derivativeTimes]. Source: IDL-21 (6.4), NTK-22 §2.1.3.
///
/// @param forward the equation of the state
/// @param c `C`, `(q, n)`
public record AdjointProblem(FixedPointProblem forward, LinearOperator c) {
    /// Checks the shapes.
    ///
    /// @throws ShapeException when `C` does not have `n` columns
    public AdjointProblem {
        if (c.columns() != forward.stateSize()) {
            throw new ShapeException("C is %d x %d, expected %d columns, the states of the problem"
                    .formatted(c.rows(), c.columns(), forward.stateSize()));
        }
    }

    /// The adjoint equation of a model.
    public static AdjointProblem of(ImplicitModel model) {
        return new AdjointProblem(model.problem(), model.c());
    }

    /// `n`, the number of state values.
    public int stateSize() {
        return forward.stateSize();
    }

    /// `q`, the number of output values.
    public int outputSize() {
        return c.rows();
    }
}
