package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.cpu.CpuPrediction;
import dev.stillpoint.io.AtomicFile;
import dev.stillpoint.matrix.Matrix;
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
/// `(samples, p)`, of states `(samples, n)`, of outputs `(samples, q)`: a sample is a row. Models are immutable
/// and may be shared by threads. Source: IDL-21 (1.1), which leaves the bias to an input that is always 1.
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

    /// Writes the model as `.safetensors`, whole or not at all. Operators are written in their dense form, so that the
    /// products of a structured one may differ by rounding once it has been read again.
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

    /// The model in its cheapest form with the same predictions: what the structure of `A` allows, taken over
    /// activation blocks.
    ///
    /// - States that no output depends on, directly or through others, are removed (IDL-21 §5.2).
    /// - A state that depends on nothing is a constant; where no output reads it, it goes into the bias of others.
    /// - `A` is put into upper block triangular form by a permutation, where it has one other than itself: a
    ///   block for each strongly connected component, small ones of one depth together. A block in which no state
    ///   depends on another is *explicit*: evaluated, not solved. A feed-forward network, written as one large
    ///   `A`, becomes a block for each layer.
    /// - `B`, `C`, `D` and the blocks of `A` become dense, sparse, diagonal, absent, or a smaller dense matrix of
    ///   the rows and columns that have entries, whichever costs least. Factors that are given stay factors,
    ///   restricted to what is left; they are never multiplied out.
    ///
    /// The rewriting is exact in real arithmetic, but for folded constants, which are computed in FP64. Results
    /// differ in rounding, since sums run in another order. The model itself is not changed; it is returned where
    /// nothing cheaper was found.
    ///
    /// Cost: linear in the stored entries, `n log n` for each row of a dense matrix. Source: IDL-21 Theorem 2.7,
    /// §5.
    public Simplification simplify() {
        return Simplifier.exact(this);
    }

    /// As [#simplify()], with entries of `A` that may be off by `tolerance`, where that makes the model cheaper
    /// still: entries of that size or less are dropped, and a block is replaced by factors of low rank. How much
    /// a state moves by that is bounded by [Simplification#errorBound()] (IDL-21 Theorem 5.1).
    ///
    /// Nothing is approximated where it saves nothing, or where `A` is not given by its entries. States that
    /// reach the output through dropped entries alone are kept, since the bound needs their values; constants are
    /// folded only where they are zero. Cost: as [#simplify()], two dense `n` by `n` matrices in FP64, and `16 n^2
    /// k` operations for rank `k`.
    ///
    /// @param tolerance the largest change of an entry of `A`, at least 0
    /// @throws IllegalArgumentException when the tolerance is negative or not finite
    /// @throws IllegalStateException when something can be approximated, but the error not bounded: the
    ///     activation is not componentwise, or `lambda_PF(gamma (|A0| + E))` is not below 1
    public Simplification simplify(double tolerance) {
        return Simplifier.within(this, tolerance);
    }

    /// Outputs `y = Cx + Du` of the states of a result, in the precision of its states.
    ///
    /// @param inputs the inputs that were solved for, `(samples, p)`
    /// @return a new matrix, `(samples, q)`; rows of samples without a state are not-a-number
    /// @throws ShapeException when shapes do not fit
    public Matrix predict(Matrix inputs, SolveResult result) {
        return predict(inputs, result.states());
    }

    /// Outputs `y = Cx + Du` of given states, in their precision, on the calling thread. Order: `Du` is one fma
    /// chain from zero in increasing index, and `Cx` continues it.
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
        CpuPrediction.predict(c, states, d, inputs, outputs);
    }
}
