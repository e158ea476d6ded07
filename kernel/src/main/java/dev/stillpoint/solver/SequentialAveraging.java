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

    /// Checks the schedule.
    ///
    /// @throws IllegalArgumentException when it is outside of what the theorem asks for
    public SequentialAveraging {
        AveragingSchedule.check("the regulariser " + regulariser.label(), regulariser.lipschitz(), eta, p, c);
    }

    /// The schedule where none is given: that of [AveragingSchedule].
    public SequentialAveraging(Regulariser regulariser) {
        this(regulariser, new AveragingSchedule(regulariser.lipschitz()));
    }

    private SequentialAveraging(Regulariser regulariser, AveragingSchedule schedule) {
        this(regulariser, schedule.eta(), schedule.p(), schedule.c());
    }

    /// `gamma`.
    public double gamma() {
        return 1 / (2 * regulariser.lipschitz());
    }

    /// `beta_k`, as [AveragingSchedule#beta].
    public double beta(int k) {
        return AveragingSchedule.power(eta, p, k);
    }

    /// `lambda_k`, as [AveragingSchedule#lambda].
    public double lambda(int k) {
        return AveragingSchedule.power(eta, c, k);
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
