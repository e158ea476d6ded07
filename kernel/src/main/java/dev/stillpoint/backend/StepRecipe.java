package dev.stillpoint.backend;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.Solver;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// One iteration of a solver on a problem, as data:
///
///     T  = z + Op x                  z = Bu + bias, stored once a sample
///     V  = fma(c1, x, c0*T)          combine
///     P  = phi(V), or prox with step alpha
///     x+ = fma(c4, x, c3*P)          relax
///
/// together with where the true residual `|f(x) - x|`, `f(x) = phi(T)`, comes from: where `V = T` and `P = phi(V)` it
/// is `P - x`, otherwise an executor evaluates `phi(T)` at checks. An absent term is absent code (`0 * Inf` would be
/// not-a-number): see [Combination]. Coefficients are rounded to the working precision.
///
/// @param operator `Op`, `(n, n)`
/// @param input `B`, `(n, p)`
/// @param bias the bias, `(1, n)`, or null for none
/// @param activation `phi`
/// @param combine `c0`, `c1`
/// @param proxStep the step `alpha` where `P` is `prox_{alpha f}(V)`, empty where it is `phi(V)`
/// @param relax `c3`, `c4`
public record StepRecipe(
        LinearOperator operator,
        LinearOperator input,
        @Nullable Matrix bias,
        Activation activation,
        Combination combine,
        OptionalDouble proxStep,
        Combination relax) {

    /// `first * a + second * x`, computed as `fma(second, x, first * a)`; without the multiplication where `first` is
    /// 1, and without the term of `x` where `second` is 0.
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
        return switch (solver) {
            case Picard(double theta) ->
                new StepRecipe(
                        problem.a(),
                        problem.b(),
                        problem.bias(),
                        problem.activation(),
                        Combination.IDENTITY,
                        OptionalDouble.empty(),
                        new Combination(theta, 1 - theta));
            case ForwardBackward(double alpha) -> {
                if (!problem.activation().isProximal()) {
                    throw new IllegalArgumentException(
                            "forward-backward needs an activation that is a proximal map, and %s is none"
                                    .formatted(problem.activation().label()));
                }
                yield new StepRecipe(
                        problem.a(),
                        problem.b(),
                        problem.bias(),
                        problem.activation(),
                        new Combination(alpha, 1 - alpha),
                        OptionalDouble.of(alpha),
                        Combination.IDENTITY);
            }
        };
    }

    /// Whether `P` is `f(x)`, so that the residual needs no evaluation of its own.
    public boolean evaluatesMap() {
        return combine.isIdentity() && proxStep.isEmpty();
    }
}
