package dev.stillpoint.bench.solve;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.FixedPointProblem;

/// A named problem on which solvers are compared: a batch of equations `x = phi(Ax + Bu + bias)`.
///
/// @param name what it is called, in words joined by hyphens
/// @param description what it is, in one line
/// @param equation the equation
/// @param inputs `u`, `(samples, p)`
public record SolverProblem(String name, String description, FixedPointProblem equation, Matrix inputs) {
    /// The precision of the data, and of a solve.
    public Precision precision() {
        return inputs.precision();
    }

    /// `n`.
    public int states() {
        return equation.a().rows();
    }
}
