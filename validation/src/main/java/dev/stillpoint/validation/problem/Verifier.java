package dev.stillpoint.validation.problem;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import dev.stillpoint.validation.reference.ErrorBounds;
import dev.stillpoint.validation.reference.IterationBound;
import dev.stillpoint.validation.reference.ReferenceEquation;
import dev.stillpoint.validation.reference.ReferencePrediction;
import dev.stillpoint.validation.reference.ReferenceSolution;
import dev.stillpoint.validation.reference.ReferenceSolver;
import dev.stillpoint.validation.reference.Thresholds;
import java.util.ArrayList;
import java.util.List;

/// Holds an engine's results of one problem against the references.
///
///     Problem problem = ProblemSpec.parse(line).generate();
///     Verifier verifier = problem.verifier();
///     try (SolvePlan plan = backend.prepare(problem.equation(), problem.solver(), problem.stopping(), options)) {
///         for (Check check : verifier.check(plan.solve(problem.inputs()))) {
///             assertTrue(check.passes(), check.toString());
///         }
///     }
///
/// What is compared, and why the thresholds are what they are: [Thresholds], [IterationBound]. Immutable; every
/// check solves for its sample anew.
public final class Verifier {
    private final Problem problem;
    private final ReferenceEquation equation;
    private final ErrorBounds bounds;
    private final ReferenceSolver solver;
    private final Thresholds thresholds;

    Verifier(Problem problem) {
        this.problem = problem;
        equation = ReferenceEquation.of(problem.equation());
        bounds = ErrorBounds.of(equation);
        solver = ReferenceSolver.of(equation, bounds);
        thresholds = Thresholds.of(equation, bounds, problem.spec().precision());
    }

    /// The equation as the references see it.
    public ReferenceEquation equation() {
        return equation;
    }

    /// The error bounds that can be proved for the problem.
    public ErrorBounds bounds() {
        return bounds;
    }

    /// The fixed point of one sample.
    public ReferenceSolution reference(int sample) {
        return solver.solve(problem.input(sample));
    }

    /// Checks every sample of a result.
    ///
    /// @throws IllegalStateException when the reference could not solve a sample
    public List<Check> check(SolveResult result) {
        List<Check> checks = new ArrayList<>();
        for (int sample = 0; sample < result.samples(); sample++) {
            checks.add(check(sample, result));
        }
        return checks;
    }

    /// Checks one sample of a result, whatever its status; one that claims to have converged must have.
    ///
    /// @throws IllegalStateException when the reference could not solve the sample
    public Check check(int sample, SolveResult result) {
        double[] state = row(result.states(), sample);
        return check(sample, state, result.residual(sample), result.status(sample) == Status.CONVERGED);
    }

    /// Checks a state and its reported residual.
    ///
    /// @param converged whether the state is claimed to meet the stopping rule
    /// @throws IllegalStateException when the reference could not solve the sample
    public Check check(int sample, double[] state, double reported, boolean converged) {
        double[] u = problem.input(sample);
        ReferenceSolution reference = solver.solve(u);
        if (!reference.isSolved()) {
            throw new IllegalStateException("%s: sample %d: no reference solution, the residual stays at %s"
                    .formatted(problem.spec(), sample, reference.residual()));
        }
        double[] errors = reference.distances(state);
        double[] limits = thresholds.stateBounds(state, u, reported);
        double[] own = reference.errorBounds();
        for (int l = 0; l < limits.length; l++) {
            limits[l] += own[l];
        }
        int worst = worst(errors, limits);
        double residual = equation.residualNorm(state, u);
        return new Check(
                problem.spec(),
                sample,
                worst,
                errors[worst],
                limits[worst],
                reported,
                residual,
                thresholds.residualSlack(state, u, residual),
                converged ? thresholds.residualLimit(state, u, problem.stopping()) : Double.POSITIVE_INFINITY);
    }

    /// Checks the states after exactly `steps` steps of the problem's solver from zero, whatever their status. The
    /// residuals of the checks are 0.
    ///
    /// A plan that evaluates `f` at most `k` times, and checks only then, returns the state after `k - 1` steps.
    /// Costs about `10 n^3` operations.
    ///
    /// @param states the states, `(samples, n)`
    public List<Check> checkIterates(int steps, Matrix states) {
        IterationBound bound =
                IterationBound.of(equation, problem.solver(), problem.spec().precision());
        List<Check> checks = new ArrayList<>();
        for (int sample = 0; sample < states.rows(); sample++) {
            double[] state = row(states, sample);
            IterationBound.Iterate iterate = bound.follow(new double[state.length], problem.input(sample), steps);
            double[] difference = iterate.state();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= state[i];
            }
            checks.add(compare(sample, equation.activation().blockNorms(difference), iterate.bounds()));
        }
        return checks;
    }

    /// Checks predictions from computed states against `Cx + Du` of those same states. The block of a check is the
    /// output's index; its residuals are 0.
    ///
    /// @param states the states, `(samples, n)`
    /// @param outputs the predictions, `(samples, q)`
    public List<Check> checkPredictions(Matrix states, Matrix outputs) {
        ReferencePrediction prediction = ReferencePrediction.of(problem.c(), problem.d());
        List<Check> checks = new ArrayList<>();
        for (int sample = 0; sample < outputs.rows() && outputs.columns() > 0; sample++) {
            double[] u = problem.input(sample);
            double[] state = row(states, sample);
            double[] errors = prediction.outputs(state, u);
            double[] computed = row(outputs, sample);
            for (int i = 0; i < errors.length; i++) {
                errors[i] = Math.abs(computed[i] - errors[i]);
            }
            double[] magnitude = prediction.magnitude(state, u);
            checks.add(compare(sample, errors, thresholds.predictionBounds(magnitude, state.length + u.length)));
        }
        return checks;
    }

    private Check compare(int sample, double[] errors, double[] limits) {
        int worst = worst(errors, limits);
        return new Check(problem.spec(), sample, worst, errors[worst], limits[worst], 0, 0, 0, 0);
    }

    private static double[] row(Matrix matrix, int sample) {
        double[] row = new double[matrix.columns()];
        matrix.getRow(sample, row, 0);
        return row;
    }

    /// Where the error is the largest part of its limit; an error that is not a number is worse than any.
    private static int worst(double[] errors, double[] limits) {
        int worst = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int l = 0; l < errors.length; l++) {
            double ratio = errors[l] == 0 ? 0 : errors[l] / limits[l];
            if (Double.isNaN(ratio)) {
                return l;
            }
            if (ratio > largest) {
                largest = ratio;
                worst = l;
            }
        }
        return worst;
    }
}
