package dev.stillpoint.solver;

/// The modified sequential averaging method, which picks one of many fixed points: the one with the least
/// regulariser `R`,
///
///     x_k = beta_k S_k(x_(k-1)) + (1 - beta_k) f(x_(k-1)),   S_k(x) = (1 - gamma lambda_k) x - gamma R'(x)
///
/// with `beta_k = eta/k^p`, `lambda_k = eta/k^c` and `gamma = 1/(2 L)`, where `L` is a Lipschitz constant of the
/// gradient `R'`; `k = 1, 2, ...` counts the sample's own iterations.
///
/// It converges to the minimiser of `R` over the fixed points of `f` when `f` is nonexpansive in the 2-norm, `R`
/// is convex with a single minimiser there, `p, c > 0`, `p + 2c < 1`, `eta <= min(sqrt(2L), L/2)` and `eta < 1`,
/// and bounded as the theorem asks. `1/(|x|^2 + eps)` is not convex, so the theorem does not cover it. The
/// distance shrinks no faster than `beta_k`, that is slowly: this is a method to choose among fixed points, not
/// to reach one.
///
/// A residual says nothing about the choice, and a start at a fixed point would end at once. So what stops it
/// should be the number of iterations: a stopping rule with a check interval as large as `maxIterations`, whose
/// tolerance then tells whether the result is a fixed point.
///
/// One iteration is one evaluation of `f`, and for `1/(|x|^2 + eps)` a norm. Source: OPT-21 §4.2, (8)-(10), Thm
/// 4, App. A and F; the schedule as corrected there.
///
/// @param regulariser `R`
/// @param eta `eta`
/// @param p exponent of `beta`
/// @param c exponent of `lambda`
public record SequentialAveraging(Regulariser regulariser, double eta, double p, double c) implements Solver {
    /// What the chosen fixed point has least of.
    public sealed interface Regulariser {
        /// `L`, a Lipschitz constant of the gradient.
        double lipschitz();

        /// The name with its parameters.
        String label();
    }

    /// `R(x) = |x|^2/2`, `R'(x) = x`: the fixed point of least norm.
    public record LeastNorm() implements Regulariser {
        @Override
        public double lipschitz() {
            return 1;
        }

        @Override
        public String label() {
            return "least-norm";
        }
    }

    /// `R(x) = 1/(|x|^2 + eps)`, `R'(x) = -2 x/(|x|^2 + eps)^2`, `L = 2/eps^2`: a fixed point of large norm.
    ///
    /// @param eps positive and finite
    public record InverseNorm(double eps) implements Regulariser {
        /// Checks the parameter.
        ///
        /// @throws IllegalArgumentException when it is not positive and finite
        public InverseNorm {
            if (!(eps > 0 && eps < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("eps is " + eps + ", expected a positive number");
            }
        }

        @Override
        public double lipschitz() {
            return 2 / (eps * eps);
        }

        @Override
        public String label() {
            return "inverse-norm:" + eps;
        }
    }

    /// Exponents with `p + 2c < 1`: `beta` falls as fast as the theorem allows, nearly.
    private static final double DEFAULT_P = 0.77;

    private static final double DEFAULT_C = 0.11;

    /// Checks the schedule.
    ///
    /// @throws IllegalArgumentException when it is outside of what the theorem asks for
    public SequentialAveraging {
        double l = regulariser.lipschitz();
        double most = Math.min(Math.sqrt(2 * l), l / 2);
        if (!(eta > 0 && eta <= most && eta < 1)) {
            throw new IllegalArgumentException("eta is " + eta + ", expected a number above 0, below 1 and at most "
                    + most + " for the regulariser " + regulariser.label());
        }
        if (!(p > 0 && c > 0 && p + 2 * c < 1)) {
            throw new IllegalArgumentException(
                    "p is " + p + " and c is " + c + ", expected numbers above 0 with p + 2c < 1");
        }
    }

    /// The schedule where none is given: the largest `eta` up to 1/2, `p = 0.77`, `c = 0.11`.
    public SequentialAveraging(Regulariser regulariser) {
        this(
                regulariser,
                Math.min(0.5, Math.min(Math.sqrt(2 * regulariser.lipschitz()), regulariser.lipschitz() / 2)),
                DEFAULT_P,
                DEFAULT_C);
    }

    /// `gamma`.
    public double gamma() {
        return 1 / (2 * regulariser.lipschitz());
    }

    /// `beta_k`, computed as `eta exp(-p log k)` with the functions of `StrictMath`, which are the same on every
    /// machine (and, other than its power, allocate nothing).
    public double beta(int k) {
        return eta * StrictMath.exp(-p * StrictMath.log(k));
    }

    /// `lambda_k`, computed likewise.
    public double lambda(int k) {
        return eta * StrictMath.exp(-c * StrictMath.log(k));
    }

    @Override
    public String name() {
        return "sequential-averaging";
    }

    @Override
    public String label() {
        return "%s(%s, eta=%s, p=%s, c=%s)".formatted(name(), regulariser.label(), eta, p, c);
    }
}
