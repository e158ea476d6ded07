package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.reference.PredictionF32;
import dev.stillpoint.internal.reference.PredictionF64;
import dev.stillpoint.io.AtomicFile;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An implicit model: `y = Cx + Du`, where the state solves `x = phi(Ax + Bu + bias)`.
///
/// Shapes: `A (n, n)`, `B (n, p)`, `C (q, n)`, `D (q, p)` or absent, `bias (n)` or absent. A batch of inputs is
/// `(samples, p)`, of states `(samples, n)`, of outputs `(samples, q)`: a sample is a row. Models are immutable and may
/// be shared by threads. Source: IDL-21 (1.1), which leaves the bias to an input that is always 1.
public final class ImplicitModel {
    private final FixedPointProblem problem;
    private final LinearOperator c;
    private final @Nullable LinearOperator d;

    /// A model of operators.
    ///
    /// @param problem the equation of the state
    /// @param c `C`, `(q, n)`
    /// @param d `D`, `(q, p)`, or null for none
    /// @throws ShapeException when the shapes do not fit
    public ImplicitModel(FixedPointProblem problem, LinearOperator c, @Nullable LinearOperator d) {
        if (c.columns() != problem.stateSize()) {
            throw new ShapeException(
                    "C is %d x %d, expected %d columns as A has".formatted(c.rows(), c.columns(), problem.stateSize()));
        }
        if (d != null && (d.rows() != c.rows() || d.columns() != problem.inputSize())) {
            throw new ShapeException("D is %d x %d, expected %d x %d, the rows of C by the columns of B"
                    .formatted(d.rows(), d.columns(), c.rows(), problem.inputSize()));
        }
        this.problem = problem;
        this.c = c;
        this.d = d;
    }

    /// A model of dense matrices without `D` and bias.
    ///
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a value is not finite
    public static ImplicitModel of(Matrix a, Matrix b, Matrix c, Activation activation) {
        return of(a, b, c, null, null, activation);
    }

    /// A model of dense matrices.
    ///
    /// @param a `A`, `(n, n)`
    /// @param b `B`, `(n, p)`
    /// @param c `C`, `(q, n)`
    /// @param d `D`, `(q, p)`, or null for none
    /// @param bias `(1, n)`, or null for none
    /// @param activation `phi`
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when a value is not finite; the message names the array
    public static ImplicitModel of(
            Matrix a, Matrix b, Matrix c, @Nullable Matrix d, @Nullable Matrix bias, Activation activation) {
        return new ImplicitModel(
                new FixedPointProblem(dense("A", a), dense("B", b), bias, activation),
                dense("C", c),
                d == null ? null : dense("D", d));
    }

    /// Reads a `.safetensors` model, which says its activation.
    ///
    /// @throws dev.stillpoint.io.FormatException when the file is malformed, does not hold a model, or does not say
    ///     its activation; the message names the file, the array and what was expected
    /// @throws IOException when it cannot be read
    public static ImplicitModel read(Path file) throws IOException {
        return ModelFile.read(file, null);
    }

    /// Reads a `.npz` model, or a `.safetensors` one whose activation is the one given.
    ///
    /// @throws dev.stillpoint.io.FormatException when the file is malformed, does not hold a model, or says another
    ///     activation; the message names the file, the array and what was expected
    /// @throws IOException when it cannot be read
    public static ImplicitModel read(Path file, Activation activation) throws IOException {
        return ModelFile.read(file, activation);
    }

    /// Writes the model as `.safetensors`, whole or not at all.
    ///
    /// @throws IOException when it cannot be written
    public void write(Path file) throws IOException {
        try (AtomicFile output = AtomicFile.create(file)) {
            ModelFile.write(this, output);
            output.commit();
        }
    }

    private static LinearOperator dense(String name, Matrix matrix) {
        try {
            return LinearOperator.dense(matrix);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(name + ": " + refused.getMessage(), refused);
        }
    }

    /// The equation of the state, for a backend to prepare.
    public FixedPointProblem problem() {
        return problem;
    }

    /// `A`, `(n, n)`.
    public LinearOperator a() {
        return problem.a();
    }

    /// `B`, `(n, p)`.
    public LinearOperator b() {
        return problem.b();
    }

    /// `C`, `(q, n)`.
    public LinearOperator c() {
        return c;
    }

    /// `D`, `(q, p)`, or null where the model has none.
    public @Nullable LinearOperator d() {
        return d;
    }

    /// The bias, `(1, n)`, or null where the model has none.
    public @Nullable Matrix bias() {
        return problem.bias();
    }

    /// `phi`.
    public Activation activation() {
        return problem.activation();
    }

    /// `n`, the number of state values.
    public int stateSize() {
        return problem.stateSize();
    }

    /// `p`, the number of input values.
    public int inputSize() {
        return problem.inputSize();
    }

    /// `q`, the number of output values.
    public int outputSize() {
        return c.rows();
    }

    /// Outputs `y = Cx + Du` of the states of a result, in the precision of its states.
    ///
    /// @param inputs the inputs that were solved for, `(samples, p)`
    /// @return a new matrix, `(samples, q)`; rows of samples without a state are not-a-number
    /// @throws ShapeException when shapes do not fit
    public Matrix predict(Matrix inputs, SolveResult result) {
        return predict(inputs, result.states());
    }

    /// Outputs `y = Cx + Du` of given states, in their precision, on the calling thread. Order: `Du` is one fma chain
    /// from zero in increasing index, and `Cx` continues it.
    ///
    /// @param inputs `(samples, p)`
    /// @param states `(samples, n)`
    /// @return a new matrix, `(samples, q)`
    /// @throws ShapeException when shapes do not fit
    public Matrix predict(Matrix inputs, Matrix states) {
        Matrix outputs = Matrix.zeros(states.precision(), states.rows(), outputSize());
        predict(inputs, states, outputs);
        return outputs;
    }

    /// Outputs `y = Cx + Du` as [#predict(Matrix, Matrix)], written to a given matrix.
    ///
    /// @param outputs `(samples, q)`, overwritten; may not overlap the inputs or the states
    /// @throws ShapeException when shapes do not fit
    public void predict(Matrix inputs, Matrix states, Matrix outputs) {
        ShapeException.checkColumns("inputs", inputs, inputSize());
        ShapeException.check("states", states, inputs.rows(), stateSize());
        ShapeException.check("outputs", outputs, inputs.rows(), outputSize());
        if (states.precision() == Precision.F32) {
            PredictionF32.predict(c, states, d, inputs, outputs);
        } else {
            PredictionF64.predict(c, states, d, inputs, outputs);
        }
    }
}
