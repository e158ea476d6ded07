package dev.stillpoint.solver;

/// The schedule of the sequential averaging method: `beta_k = eta/k^p`, `lambda_k = eta/k^c`, `gamma = 1/(2 L)`
/// for the iterations `k = 1, 2, ...`, where `L` is a Lipschitz constant of the regulariser's gradient.
///
/// Source: OPT-21 Thm 4 and App. F, as corrected: `p, c > 0`, `p + 2c < 1`, `eta <= min(sqrt(2L), L/2)` and
/// `eta < 1`.
///
/// @param lipschitz `L`
/// @param eta `eta`
/// @param p exponent of `beta`
/// @param c exponent of `lambda`
public record AveragingSchedule(double lipschitz, double eta, double p, double c) {
    /// Exponents with `p + 2c < 1`: `beta` falls as fast as the theorem allows, nearly.
    private static final double DEFAULT_P = 0.77;

    private static final double DEFAULT_C = 0.11;

    /// Checks the parameters.
    ///
    /// @throws IllegalArgumentException when one is outside of what the theorem asks for
    public AveragingSchedule {
        if (!(lipschitz > 0 && lipschitz < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("L is " + lipschitz + ", expected a positive number");
        }
        check("the Lipschitz constant " + lipschitz, lipschitz, eta, p, c);
    }

    /// Checks the parameters for a regulariser that is called `what`.
    static void check(String what, double lipschitz, double eta, double p, double c) {
        double most = most(lipschitz);
        if (!(eta > 0 && eta <= most && eta < 1)) {
            throw new IllegalArgumentException(
                    "eta is " + eta + ", expected a number above 0, below 1 and at most " + most + " for " + what);
        }
        if (!(p > 0 && c > 0 && p + 2 * c < 1)) {
            throw new IllegalArgumentException(
                    "p is " + p + " and c is " + c + ", expected numbers above 0 with p + 2c < 1");
        }
    }

    /// The schedule where none is given: the largest `eta` up to 1/2, `p = 0.77`, `c = 0.11`.
    public AveragingSchedule(double lipschitz) {
        this(lipschitz, Math.min(0.5, most(lipschitz)), DEFAULT_P, DEFAULT_C);
    }

    private static double most(double lipschitz) {
        return Math.min(Math.sqrt(2 * lipschitz), lipschitz / 2);
    }

    /// `gamma`.
    public double gamma() {
        return 1 / (2 * lipschitz);
    }

    /// `beta_k`, computed as `eta exp(-p log k)` with the functions of `StrictMath`, which are the same on every
    /// machine (and, other than its power, allocate nothing).
    public double beta(int k) {
        return power(eta, p, k);
    }

    /// `lambda_k`, computed likewise.
    public double lambda(int k) {
        return power(eta, c, k);
    }

    /// `eta/k^exponent`.
    static double power(double eta, double exponent, int k) {
        return eta * StrictMath.exp(-exponent * StrictMath.log(k));
    }
}
