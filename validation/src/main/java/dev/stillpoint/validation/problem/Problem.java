package dev.stillpoint.validation.problem;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import org.jspecify.annotations.Nullable;

/// The data of a [ProblemSpec]: `x = phi(Ax + Bu + bias)`, `y = Cx + Du`, with the inputs and the solver.
///
/// All matrices are immutable and stored in the precision of the description, so that an engine of that precision
/// and a double-precision reference solve the very same problem. A seed gives the same bits on every machine and
/// Java. With `g` the bell-shaped numbers of [SplitMix64#nextBell], row after row, each letter from a stream of
/// its own:
///
/// | letter | values | stream |
/// | --- | --- | --- |
/// | `A` | as [Kind], [Structure], [OperatorForm] say, rounded | `A`; monotone `G`, `H`; others `a`, `g`, `h` |
/// | `B` | `g/sqrt(p)` | `B` |
/// | `C` | `g/sqrt(n)` | `C` |
/// | `D` | `g/sqrt(p)` | `D` |
/// | bias | `bias * g` | `E` |
/// | inputs | `scale * g` | `U` |
///
/// `lambda` and the margin hold up to the rounding to the precision; the scaling to `lambda` bounds the eigenvalue
/// from above ([Kind.Implicit]), so that the true one is as good as never larger, and smaller by what a power
/// iteration leaves.
///
/// @param spec the description
/// @param a `A`, `(n, n)`: in FP64 where its entries are computed from rounded factors
/// @param b `B`, `(n, p)`
/// @param c `C`, `(q, n)`
/// @param d `D`, `(q, p)`
/// @param bias the bias, `(1, n)`, or null for none
/// @param inputs the inputs, `(samples, p)`
/// @param equation the equation of the state, as the kernel takes it
/// @param solver the solver, its coefficients rounded to the precision
public record Problem(
        ProblemSpec spec,
        Matrix a,
        Matrix b,
        Matrix c,
        Matrix d,
        @Nullable Matrix bias,
        Matrix inputs,
        FixedPointProblem equation,
        Solver solver) {

    /// The stopping rule.
    public StoppingRule stopping() {
        return spec.stopping();
    }

    /// The model, predictions included, as the kernel takes it.
    public ImplicitModel model() {
        return new ImplicitModel(equation, LinearOperator.dense(c), LinearOperator.dense(d));
    }

    /// The input of one sample; a new array.
    public double[] input(int sample) {
        double[] u = new double[inputs.columns()];
        inputs.getRow(sample, u, 0);
        return u;
    }

    /// Makes ready to check results of this problem; costs about `30 n^3` operations.
    public Verifier verifier() {
        return new Verifier(this);
    }
}
