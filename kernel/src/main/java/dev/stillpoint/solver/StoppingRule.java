package dev.stillpoint.solver;

/// When a sample is done: `residual <= absolute + relative * |f(x)|_2`, or after `maxIterations`.
///
/// The residual is `|f(x) - x|_2` of the very `x` that is returned. Residual and norm are computed, and compared, in
/// the working precision; the tolerances are rounded to it first. The test is made at the iterations `c, 2c, 3c, ...`
/// of each sample, `c = checkInterval`, and at `maxIterations`. A tolerance of zero asks for an exact fixed point of
/// the floating-point map, which need not exist.
///
/// @param absolute absolute tolerance, finite, at least 0
/// @param relative tolerance relative to `|f(x)|_2`, finite, at least 0
/// @param maxIterations evaluations of `f` a sample may take, at least 1
/// @param checkInterval iterations from one test to the next, at least 1
public record StoppingRule(double absolute, double relative, int maxIterations, int checkInterval) {
    /// The limit on iterations where none is given.
    public static final int DEFAULT_MAX_ITERATIONS = 1000;

    /// Checks the parameters.
    ///
    /// @throws IllegalArgumentException when one is out of range
    public StoppingRule {
        checkTolerance("absolute tolerance", absolute);
        checkTolerance("relative tolerance", relative);
        if (maxIterations < 1) {
            throw new IllegalArgumentException("max iterations is " + maxIterations + ", expected at least 1");
        }
        if (checkInterval < 1) {
            throw new IllegalArgumentException("check interval is " + checkInterval + ", expected at least 1");
        }
    }

    /// `residual <= tolerance`.
    public static StoppingRule absolute(double tolerance) {
        return new StoppingRule(tolerance, 0, DEFAULT_MAX_ITERATIONS, 1);
    }

    /// `residual <= tolerance * |f(x)|_2`.
    public static StoppingRule relative(double tolerance) {
        return new StoppingRule(0, tolerance, DEFAULT_MAX_ITERATIONS, 1);
    }

    /// `residual <= tolerance * (1 + |f(x)|_2)`.
    public static StoppingRule mixed(double tolerance) {
        return new StoppingRule(tolerance, tolerance, DEFAULT_MAX_ITERATIONS, 1);
    }

    /// This rule with another limit on iterations.
    public StoppingRule withMaxIterations(int iterations) {
        return new StoppingRule(absolute, relative, iterations, checkInterval);
    }

    /// This rule, tested every `iterations` iterations.
    public StoppingRule withCheckInterval(int iterations) {
        return new StoppingRule(absolute, relative, maxIterations, iterations);
    }

    private static void checkTolerance(String name, double tolerance) {
        if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + tolerance + ", expected a number of at least 0");
        }
    }
}
