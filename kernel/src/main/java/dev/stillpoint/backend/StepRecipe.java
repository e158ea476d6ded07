package dev.stillpoint.backend;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.Inverse;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.BackwardSubstitution;
import dev.stillpoint.solver.Broyden;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.DouglasRachford;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.PeacemanRachford;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.SemismoothNewton;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.Solver;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// One iteration of a solver on a problem, as data. Without a [Resolvent],
///
///     T  = z + Op x                  z = Bu + bias, stored once a sample
///     V  = fma(c1, x, c0*T)          combine
///     P  = phi(V), or prox with step alpha
///     x+ = fma(c4, x, c3*P)          relax
///
/// together with where the true residual `|f(x) - x|`, `f(x) = phi(T)`, comes from: where `V = T` and `P =
/// phi(V)` it is `P - x`, otherwise an executor evaluates `phi(T)` at checks. With a resolvent the state is not
/// the iterate,
///
///     P  = prox(x) with step alpha   the iterate
///     V  = fma(-2, P, x)
///     Q  = fma(alpha, z, -V)
///     T  = V + R Q
///     x+ = fma(c4, x, c3*T)          relax
///
/// which starts from `x = fma(1 - alpha, x_0, alpha*T_0)`, `T_0 = z + Op x_0` (`T_0 = z` without a start), and at
/// checks an executor evaluates `f(P) = phi(z + Op P)`. An absent term is absent code (`0 * Inf` would be
/// not-a-number): see [Combination]. Coefficients are rounded to the working precision.
///
/// A *linearised* recipe has the linear map `w -> J' w` in the place of `phi`, with the Jacobian `J` of `phi` at
/// a point that belongs to the sample. The input row of such a sample holds `u` and, behind it, the `n` values of
/// its point. For a componentwise `phi`, whose `J` is the diagonal matrix of its slopes `d`, the map is `d_i w_i`
/// and its proximal map with step alpha `(d_i/fma(alpha, 1 - d_i, d_i)) w_i`, or that with `d_i` itself where
/// alpha is 1.
///
/// @param operator `Op`, `(n, n)`
/// @param input `B`, `(n, p)`
/// @param bias the bias, `(1, n)`, or null for none
/// @param activation `phi`
/// @param combine `c0`, `c1`
/// @param proxStep the step `alpha` where `P` is `prox_{alpha f}(V)`, empty where it is `phi(V)`
/// @param resolvent `R` and `alpha`, or null for none
/// @param relax `c3`, `c4`
/// @param acceleration what makes the next state of `P` and the states before, or null for `P` itself
/// @param averaging the method whose coefficients `c3 = 1 - beta_k` and `c4 = beta_k (1 - gamma lambda_k - gamma
///     q)` stand for those of `relax` in the sample's `k`-th iteration, with `R'(x) = q x`, or null
/// @param linearised whether `w -> J' w` stands in the place of `phi`
public record StepRecipe(
        LinearOperator operator,
        LinearOperator input,
        @Nullable Matrix bias,
        Activation activation,
        Combination combine,
        OptionalDouble proxStep,
        @Nullable Resolvent resolvent,
        Combination relax,
        @Nullable Acceleration acceleration,
        @Nullable SequentialAveraging averaging,
        boolean linearised) {

    /// What makes the next state of the values of `f` seen so far.
    public sealed interface Acceleration {
        /// See [Anderson].
        ///
        /// @param history columns at most
        record Mixing(int history) implements Acceleration {}

        /// See [Broyden].
        ///
        /// @param history steps at most
        record Secant(int history) implements Acceleration {}

        /// See [SemismoothNewton].
        ///
        /// @param columns the most of a Krylov space, or 0 for elimination on the active set
        record Newton(int columns) implements Acceleration {}
    }

    /// The resolvent of a splitting.
    ///
    /// @param operator `R = 2 ((1 + alpha) I - alpha A)^-1`, `(n, n)`
    /// @param alpha the step
    public record Resolvent(LinearOperator operator, double alpha) {}

    /// `first * a + second * x`, computed as `fma(second, x, first * a)`; without the multiplication where
    /// `first` is 1, and without the term of `x` where `second` is 0.
    ///
    /// @param first coefficient of the new quantity
    /// @param second coefficient of the state
    public record Combination(double first, double second) {
        /// The new quantity as it is.
        public static final Combination IDENTITY = new Combination(1, 0);

        /// Whether the new quantity is multiplied.
        public boolean isScaled() {
            return first != 1;
        }

        /// Whether a multiple of the state is added.
        public boolean addsState() {
            return second != 0;
        }

        /// Whether this changes nothing.
        public boolean isIdentity() {
            return !isScaled() && !addsState();
        }
    }

    /// The iteration of `solver` on `problem`.
    ///
    /// @throws IllegalArgumentException when the solver cannot solve this problem
    public static StepRecipe compile(FixedPointProblem problem, Solver solver) {
        OptionalDouble none = OptionalDouble.empty();
        Combination same = Combination.IDENTITY;
        return switch (solver) {
            case Picard(double theta) -> of(problem, same, none, null, new Combination(theta, 1 - theta), null, null);
            case SequentialAveraging averaging -> of(problem, same, none, null, same, null, averaging);
            case Anderson(int history) -> of(problem, same, none, null, same, new Acceleration.Mixing(history), null);
            case Broyden(int history) -> of(problem, same, none, null, same, new Acceleration.Secant(history), null);
            case SemismoothNewton newton -> {
                int columns = newton.columns(problem);
                yield of(problem, same, none, null, same, new Acceleration.Newton(columns), null);
            }
            case BackwardSubstitution _, Course _ ->
                throw new IllegalArgumentException(solver.name() + " is no iteration, and has no recipe of a step");
            case ForwardBackward(double alpha) -> {
                checkProximal(problem, solver);
                Combination forward = new Combination(alpha, 1 - alpha);
                yield of(problem, forward, OptionalDouble.of(alpha), null, same, null, null);
            }
            case PeacemanRachford(double alpha) -> splitting(problem, solver, alpha, same);
            case DouglasRachford(double alpha) -> splitting(problem, solver, alpha, new Combination(0.5, 0.5));
        };
    }

    /// The iteration of `solver` on the equation `v = J' (Op v + B u)` of a point, with the `Op`, `B` and `phi` of
    /// `problem`.
    ///
    /// @throws IllegalArgumentException when the solver cannot solve this equation
    public static StepRecipe compileAdjoint(FixedPointProblem problem, Solver solver) {
        boolean splits = solver instanceof ForwardBackward
                || solver instanceof PeacemanRachford
                || solver instanceof DouglasRachford;
        if (solver instanceof SequentialAveraging || solver instanceof BackwardSubstitution) {
            throw new IllegalArgumentException(solver.name() + " does not solve adjoint equations: use another solver");
        }
        if (splits && !problem.activation().isComponentwise()) {
            throw new IllegalArgumentException(
                    "%s solves adjoint equations of componentwise activations alone, and %s is none"
                            .formatted(solver.name(), problem.activation().label()));
        }
        StepRecipe recipe = compile(problem, solver);
        return new StepRecipe(
                recipe.operator,
                recipe.input,
                recipe.bias,
                recipe.activation,
                recipe.combine,
                recipe.proxStep,
                recipe.resolvent,
                recipe.relax,
                recipe.acceleration,
                recipe.averaging,
                true);
    }

    private static StepRecipe splitting(FixedPointProblem problem, Solver solver, double alpha, Combination relax) {
        checkProximal(problem, solver);
        Resolvent resolvent = new Resolvent(resolvent(problem.a(), solver, alpha), alpha);
        return of(problem, Combination.IDENTITY, OptionalDouble.of(alpha), resolvent, relax, null, null);
    }

    private static StepRecipe of(
            FixedPointProblem problem,
            Combination combine,
            OptionalDouble proxStep,
            @Nullable Resolvent resolvent,
            Combination relax,
            @Nullable Acceleration acceleration,
            @Nullable SequentialAveraging averaging) {
        return new StepRecipe(
                problem.a(),
                problem.b(),
                problem.bias(),
                problem.activation(),
                combine,
                proxStep,
                resolvent,
                relax,
                acceleration,
                averaging,
                false);
    }

    private static void checkProximal(FixedPointProblem problem, Solver solver) {
        if (!problem.activation().isProximal()) {
            throw new IllegalArgumentException("%s needs an activation that is a proximal map, and %s is none"
                    .formatted(solver.name(), problem.activation().label()));
        }
    }

    /// `2 ((1 + alpha) I - alpha A)^-1`, in double precision: dense, or diagonal where `A` is.
    private static LinearOperator resolvent(LinearOperator a, Solver solver, double alpha) {
        int n = a.rows();
        if (a instanceof DiagonalOperator diagonal) {
            Matrix entries = Matrix.zeros(Precision.F64, 1, n);
            for (int i = 0; i < n; i++) {
                entries.set(0, i, 2 / (1 + alpha - alpha * diagonal.diagonal().get(0, i)));
            }
            return LinearOperator.diagonal(entries.frozen());
        }
        double[][] inverse = new double[n][n];
        Matrix dense = a.toMatrix();
        for (int i = 0; i < n; i++) {
            dense.getRow(i, inverse[i], 0);
            for (int j = 0; j < n; j++) {
                inverse[i][j] = (i == j ? 1 + alpha : 0) - alpha * inverse[i][j];
            }
        }
        try {
            Inverse.invert(inverse);
        } catch (ArithmeticException singular) {
            throw new IllegalArgumentException(
                    "%s cannot use the step %s: (1 + alpha) I - alpha A has no inverse".formatted(solver.name(), alpha),
                    singular);
        }
        for (double[] row : inverse) {
            for (int j = 0; j < n; j++) {
                row[j] *= 2;
            }
        }
        return LinearOperator.dense(Matrix.ofRows(inverse));
    }

    /// Whether `P` is `f(x)`, so that the residual needs no evaluation of its own.
    public boolean evaluatesMap() {
        return combine.isIdentity() && proxStep.isEmpty() && resolvent == null;
    }

    /// Values of a sample's input row: those of `u`, and of the point where the recipe is linearised.
    public int inputValues() {
        return linearised ? Math.addExact(input.columns(), operator.rows()) : input.columns();
    }

    /// Whether the acceleration asks for `T` beside `f(x)`.
    public boolean keepsArgument() {
        return acceleration instanceof Acceleration.Newton;
    }
}
